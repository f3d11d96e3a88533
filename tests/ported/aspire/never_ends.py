# profile: aspire
# task: libero_object/3
# kinds: 3, 6
# outcome: fails
# Waits for a hand-over that nobody makes.
import time

import numpy as np

open_gripper()
while True:
    hand = get_observation()["robot_cartesian_pos"]
    if hand[-1] < 0.5:
        break
    time.sleep(2.0)
print("something is in the hand", np.round(hand, 2))
