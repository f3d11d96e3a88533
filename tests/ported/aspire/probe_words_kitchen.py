# profile: aspire
# task: libero_goal/0
# kinds: 7
# outcome: prints
# > silver bowl: True
# > round ceramic plate: True
# > tall bottle: True
# > stove control knob: True
# > tall green glass wine bottle: True
# > closed wooden cabinet: True
import numpy as np

rgb = get_observation()["agentview"]["images"]["rgb"]


def pixel(prompt):
    found = segment_sam3_text_prompt(rgb, prompt)
    if len(found) == 0:
        return None
    x1, y1, x2, y2 = found[0]["box"]
    return np.array([(x1 + x2) / 2, (y1 + y2) / 2])


for prompt, plain in [
    ("silver bowl", "bowl"),
    ("round ceramic plate", "plate"),
    ("tall bottle", "wine bottle"),
    ("stove control knob", "stove knob"),
    ("tall green glass wine bottle", "wine bottle"),
    ("closed wooden cabinet", "cabinet"),
]:
    a, b = pixel(prompt), pixel(plain)
    print(f"{prompt}: {a is not None and b is not None and bool(np.abs(a - b).max() < 0.03 * rgb.shape[1])}")
