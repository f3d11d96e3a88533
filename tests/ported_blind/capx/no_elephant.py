# profile: capx
# task: libero_object/8
# kinds: 7
# outcome: raises ValueError: Could not segment object 'purple elephant statue'
import numpy as np

# nothing of this name is in the scene: sample_grasp_pose raises ValueError, and the program does not catch it
pos, quat = sample_grasp_pose("purple elephant statue")
open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
