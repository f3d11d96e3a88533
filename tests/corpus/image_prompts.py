"""Look with both cameras, ask for things by words and by pixel, and read distances under the masks."""

import numpy as np

seen = get_observation()
view = seen["agentview"]["images"]
print(view["rgb"].shape, view["depth"].shape, len(seen["robot_joint_pos"]))
best = 0.0
for words in ["milk", "black bowl"]:
    found = segment_text_prompt(view["rgb"], words)
    print(words, len(found), [round(one["score"], 2) for one in found])
    for one in found:
        best = max(best, one["score"])
under = segment_point_prompt(view["rgb"], (4, 3))
if len(under) > 0:
    depth = view["depth"][under[0]["mask"]]
    print("pixels", len(depth), "best so far", round(best, 2))
    if len(depth) > 0 and float(np.max(depth)) > 0.5:
        goto_home_joint_position()
else:
    print("nothing there")
steps_left()
