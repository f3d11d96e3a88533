# profile: aspire
# task: libero_90/20
# kinds: 7
# outcome: raises IndexError: list index out of range
rgb = get_observation()["agentview"]["images"]["rgb"]
mask = segment_sam3_text_prompt(rgb, "violet spaceship")[0]["mask"]
