# profile: capx
# api: capx
# task: libero_90/9
# kinds: 4
# outcome: prints
# > True
# > True
# > moved on
# Servoing into the table stops there, and the next motion leaves it again.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
close_gripper()
goto_pose(np.array([0.40, -0.25, 0.10]), DOWN)
goto_pose(np.array([0.40, -0.25, -0.04]), DOWN)
hand = get_observation()["robot_cartesian_pos"]
print(bool(hand[2] > 0.06))
goto_pose(np.array([0.40, -0.25, 0.20]), DOWN)
hand = get_observation()["robot_cartesian_pos"]
print(bool(abs(hand[2] - 0.30) < 0.03))
print("moved on")
