# profile: capx_robosuite
# task: libero_90/9
# kinds: 6
# outcome: refused solve_ik_arm0
# Written for two arms.
import numpy as np

obs = get_observation()
left = np.array([0.5, 0.1, 0.2])
joints = solve_ik_arm0(left, np.array([0.0, 1.0, 0.0, 0.0]))
move_to_joints_arm0(joints)
close_gripper_arm0()
open_gripper_arm1()
