# profile: aspire
# task: libero_goal/8
# kinds: 5
# outcome: prints
# > shape (7,) same joints True
# > x below 0.77 True x above 0.72 True
# > z at the floor True x 0.5
# > turned 1.6

# How far does the arm go?  solve_ik clips its target to x <= 0.75, |y| <= 0.5, z >= 0.005.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
ask = np.array([0.95, 0.0, 0.25])
j_far = solve_ik(ask, DOWN)
j_edge = solve_ik(np.array([0.75, 0.0, 0.25]), DOWN)
print("shape", np.asarray(j_far).shape, "same joints", bool(np.allclose(j_far, j_edge, atol=0.05)))
move_to_joints(j_far)
p = get_observation()["robot_cartesian_pos"][:3]
print("x below 0.77", bool(p[0] < 0.77), "x above 0.72", bool(p[0] > 0.72))
j = solve_ik(np.array([0.5, 0.0, -0.3]), DOWN)
move_to_joints(j)
p = get_observation()["robot_cartesian_pos"][:3]
print("z at the floor", bool(p[2] > 0.0), "x", round(float(p[0]), 1))
k = j.copy()
k[6] += np.pi / 2
move_to_joints(k)
now = get_observation()["robot_joint_pos"]
print("turned", round(float(now[6] - j[6]), 1))
