# profile: aspire
# task: libero_object/5
# kinds: 5
# outcome: prints
# > True
# > True
# > True
import numpy as np

open_gripper()
wide = get_observation()["robot_cartesian_pos"][-1]
print(0.9 < wide <= 1.01)
close_gripper()
shut = get_observation()
print(shut["robot_cartesian_pos"][-1] < 0.1)
print(abs(shut["robot_cartesian_pos"][-1] - shut["robot_joint_pos"][-1]) < 1e-6)
