# profile: capx
# task: libero_90/7
# kinds: 4, 7
# outcome: passes

# open the top drawer of the wooden cabinet: hook the bar from above with one finger behind it and pull (+y)
import numpy as np

SIDE = np.array([0.7071, 0.7071, 0.0, 0.0])
res = None
for name in ("handle of the top drawer", "top drawer handle", "drawer handle"):
    try:
        res = get_object_3d_points_and_masks_from_language(name, use_multiview=False)
    except ValueError as e:
        print(e)
        continue
    if len(res["points_3d"]) >= 5:
        print("handle by", name, len(res["points_3d"]))
        break
if res is None or len(res["points_3d"]) < 5:
    raise RuntimeError("handle not found")
h = np.median(res["points_3d"], axis=0)
print("handle", np.round(h, 3))

open_gripper()
goto_pose(h, SIDE, z_approach=0.1)
close_gripper()
print("opening", round(float(get_observation()["robot_joint_pos"][-1]), 2))
for step in range(1, 6):
    goto_pose(h + np.array([0.0, 0.04 * step, 0.0]), SIDE)
open_gripper()
goto_pose(h + np.array([0.0, 0.30, 0.0]), SIDE)
goto_home_joint_position()
