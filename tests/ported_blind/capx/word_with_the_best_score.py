# profile: capx
# task: libero_90/46
# kinds: 7
# outcome: passes

# Which word finds the soup?  Try names from specific to general, keep the one with the best score.
import numpy as np

candidates = [
    "blue can with letters",
    "small blue metal can",
    "alphabet soup can",
    "alphabet soup",
    "can of soup",
]
best_name, best_score, best_pts = None, -1.0, None
for name in candidates:
    try:
        r = get_object_3d_points_and_masks_from_language(name, use_multiview=False)
    except ValueError:
        print("no masks:", name)
        continue
    n = len(r["points_3d"])
    print(f"{name:24s} score {r['agentview_score']:.2f}  points {n}")
    if n > 30 and r["agentview_score"] > best_score:
        best_name, best_score, best_pts = name, r["agentview_score"], r["points_3d"]
if best_name is None:
    raise RuntimeError("soup not found under any name")
print("using", best_name)

pos, quat = sample_grasp_pose(best_name)
open_gripper()
goto_pose(pos, quat, z_approach=0.12)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.22]), quat)

b, _ = get_object_pose("basket", use_multiview=False)
while b is None:
    b, _ = get_object_pose("woven basket", use_multiview=False)
goto_pose(np.array([b[0], b[1], b[2] + 0.25]), quat)
goto_pose(np.array([b[0], b[1], b[2] + 0.17]), quat)
open_gripper()
