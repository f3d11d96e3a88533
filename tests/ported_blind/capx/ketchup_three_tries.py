# profile: capx
# task: libero_object/4
# kinds: 6
# outcome: passes

# Ketchup bottle into the basket, with a check of the gripper and up to three tries.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
LIFT = np.array([0.0, 0.0, 0.25])


def holding():
    return get_observation()["robot_joint_pos"][-1] > 0.05


basket_pos, basket_quat = get_object_pose("basket")
print("basket", basket_pos)

success = False
for attempt in range(3):
    open_gripper()
    goto_home_joint_position()
    try:
        if attempt < 2:
            pos, quat = sample_grasp_pose(object_name="ketchup_bottle")
        else:
            pos, _ = get_object_pose(object_name="ketchup_bottle", use_multiview=False)
            quat = DOWN
    except ValueError as err:
        print("perception failed:", err)
        continue
    goto_pose(position=pos, quaternion_wxyz=quat, z_approach=0.1)
    close_gripper()
    goto_pose(position=pos + LIFT, quaternion_wxyz=quat)
    if holding():
        success = True
        print("holding after attempt", attempt + 1)
        break
    print("empty after attempt", attempt + 1)

if not success:
    raise RuntimeError("could not grasp the ketchup")

drop = np.array([basket_pos[0], basket_pos[1], basket_pos[2] + 0.25])
goto_pose(drop, DOWN)
goto_pose(drop - np.array([0, 0, 0.08]), DOWN)
open_gripper()
goto_home_joint_position()
