# profile: capx
# task: libero_object/7
# kinds: 5, 6, 7
# outcome: passes
import numpy as np


def find_pose(names, attempts=3):
    """The first name that the detector knows."""
    for attempt in range(attempts):
        for name in names:
            position, quaternion = get_object_pose(name)
            if position is not None:
                return position, quaternion
            print(f"could not find {name} (attempt {attempt + 1})")
    return None, None


basket, _ = find_pose(["woven_basket", "basket"])
milk, _ = find_pose(["purple_dragon", "milk_carton", "milk"])
if basket is None or milk is None:
    raise RuntimeError("objects not found")

for attempt in range(3):
    try:
        pos, quat = sample_grasp_pose("milk_carton")
    except ValueError as e:
        print("grasp sampling failed:", e)
        goto_home_joint_position()
        continue
    open_gripper()
    goto_pose(pos, quat, z_approach=0.1)
    close_gripper()
    goto_pose(pos + np.array([0, 0, 0.2]), quat)
    if get_observation()["robot_cartesian_pos"][-1] > 0.1:
        break
    print("nothing in the hand, trying again")

drop = basket.copy()
drop[2] = pos[2] + 0.2
goto_pose(drop, quat)
drop[2] = pos[2] + 0.12
goto_pose(drop, quat)
open_gripper()
