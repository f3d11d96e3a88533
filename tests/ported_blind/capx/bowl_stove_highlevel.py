# profile: capx
# task: libero_goal/1
# kinds: 6, 7
# outcome: passes
import numpy as np

bowl, bowl_quat = get_object_pose(object_name="akita_black_bowl", use_multiview=False)
stove, stove_quat = get_object_pose(object_name="stove_burner", use_multiview=False)
if bowl is None or stove is None:
    print("could not see bowl or stove")
else:
    gpos, gquat = sample_grasp_pose(object_name="akita_black_bowl", use_multiview=False)
    open_gripper()
    goto_pose(position=gpos, quaternion_wxyz=gquat, z_approach=0.1)
    close_gripper()
    goto_pose(gpos + np.array([0, 0, 0.2]), gquat)
    delta = gpos - bowl
    over = np.array([stove[0] + delta[0], stove[1] + delta[1], gpos[2] + 0.2])
    goto_pose(over, gquat)
    over[2] = gpos[2] + 0.055
    goto_pose(over, gquat)
    open_gripper()
    goto_pose(over + np.array([0, 0, 0.15]), gquat)
    goto_home_joint_position()
