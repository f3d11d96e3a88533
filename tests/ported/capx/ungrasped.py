# profile: capx
# task: libero_goal/8
# kinds: 4
# outcome: fails
# Closes the fingers a hand's breadth above the bowl and carries nothing.
import numpy as np

bowl, _ = get_object_pose("bowl")
plate, _ = get_object_pose("plate")
quat = np.array([0.0, 1.0, 0.0, 0.0])
open_gripper()
goto_pose(bowl + np.array([0, 0, 0.12]), quat)
close_gripper()
goto_pose(plate + np.array([0, 0, 0.15]), quat)
open_gripper()
