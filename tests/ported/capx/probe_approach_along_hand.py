# profile: capx
# api: capx
# task: libero_goal/0
# kinds: 4, 5
# outcome: prints
# > True
# > True
# A horizontal hand approaches along itself: the cabinet's side is not swept from above.
import numpy as np

side = np.array([np.sqrt(0.5), np.sqrt(0.5), 0.0, 0.0])
goal = np.array([0.55, 0.10, 0.20])
goto_pose(goal, side, z_approach=0.1)
hand = get_observation()["robot_cartesian_pos"]
print(bool(abs(hand[1] - goal[1] - 0.1) < 0.03))
print(bool(abs(hand[2] - goal[2]) < 0.03))
