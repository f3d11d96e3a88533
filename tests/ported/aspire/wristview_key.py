# profile: aspire
# task: libero_object/0
# kinds: 5
# outcome: raises KeyError: 'wristview'
# No camera has this name.
obs = get_observation()
rgb = obs["wristview"]["images"]["rgb"]
