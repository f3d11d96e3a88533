# profile: aspire
# task: libero_goal/4
# kinds: 4, 5
# outcome: prints
# > True
# > True
# > True
# The pose asked for is that of the fingertips; the pose observed is that of the hand, a tenth of a metre behind.
import numpy as np

target, quat = np.array([0.45, 0.05, 0.25]), np.array([0.0, 1.0, 0.0, 0.0])
goto_pose(target, quat)
hand = get_observation()["robot_cartesian_pos"]
print(np.abs(hand[:2] - target[:2]).max() < 0.02)
print(0.085 < hand[2] - target[2] < 0.12)
print(abs(float(np.dot(hand[3:7], quat))) > 0.99)
