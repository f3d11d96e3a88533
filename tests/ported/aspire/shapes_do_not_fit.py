# profile: aspire
# task: libero_object/8
# kinds: 5
# outcome: raises ValueError: operands could not be broadcast together with shapes (8,) (3,)
# Adds a step to the whole hand pose instead of to its place.
import numpy as np

hand = get_observation()["robot_cartesian_pos"]
goal = hand + np.array([0.0, 0.0, 0.1])
goto_pose(goal[:3], hand[3:7])
