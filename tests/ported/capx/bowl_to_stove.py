# profile: capx
# task: libero_goal/1
# kinds: 4, 5, 7
# outcome: passes
import numpy as np

HOVER = 0.16


def xy(a, b, z):
    return np.array([a[0] + b[0], a[1] + b[1], z])


stove_pos, stove_quat = get_object_pose("stove_burner")
if stove_pos is None:
    stove_pos, stove_quat = get_object_pose("stove")
bowl_pos, _ = get_object_pose("bowl")
grasp_pos, grasp_quat = sample_grasp_pose("bowl")
rel = grasp_pos - bowl_pos

open_gripper()
goto_pose(grasp_pos, grasp_quat, z_approach=0.1)
close_gripper()
top = max(grasp_pos[2], stove_pos[2]) + HOVER
goto_pose(np.array([grasp_pos[0], grasp_pos[1], top]), grasp_quat)
goto_pose(xy(stove_pos, rel, top), grasp_quat)
goto_pose(xy(stove_pos, rel, stove_pos[2] + 0.06), grasp_quat)
open_gripper()
goto_pose(xy(stove_pos, rel, top), grasp_quat)
