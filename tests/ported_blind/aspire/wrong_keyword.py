# profile: aspire
# task: libero_object/4
# kinds: 6
# outcome: refused approach_height
import numpy as np

open_gripper()
print("before")
goto_pose(np.array([0.5, 0.0, 0.3]), np.array([0.0, 1.0, 0.0, 0.0]), approach_height=0.1)
print("after")
