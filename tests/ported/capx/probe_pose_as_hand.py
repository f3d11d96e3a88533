# profile: capx
# task: libero_object/9
# kinds: 5
# outcome: prints
# > True
# > True
# The orientation of a pose can be handed on to the arm: its z points down.
import numpy as np
from scipy.spatial.transform import Rotation

position, quaternion = get_object_pose("orange_juice", use_multiview=False)
w, x, y, z = quaternion
print(bool(Rotation.from_quat([x, y, z, w]).as_matrix()[2, 2] < -0.5))
goto_pose(position + np.array([0.0, 0.0, 0.15]), quaternion)
hand = get_observation()["robot_cartesian_pos"]
print(bool(np.linalg.norm(hand[:2] - position[:2]) < 0.08))
