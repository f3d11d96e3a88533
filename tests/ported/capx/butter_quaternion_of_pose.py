# profile: capx
# task: libero_object/6
# kinds: 2, 5
# outcome: passes
# get_object_pose turns its box so that z points down: usable as a hand orientation over a flat packet.
import numpy as np
from scipy.spatial.transform import Rotation

position, quaternion = get_object_pose("butter")
w, x, y, z = quaternion
m = Rotation.from_quat([x, y, z, w]).as_matrix()
print("approach", np.round(m[:, 2]))
assert m[2, 2] < 0.0

# Keep its yaw only, and close across the narrow side: y of the hand along the box's shorter axis.
pts = get_object_3d_points_and_masks_from_language("butter", use_multiview=False)["points_3d"]
axes = m[:, :2]
spans = [np.ptp(np.quantile(pts @ axes[:, i], [0.05, 0.95])) for i in range(2)]
closing = axes[:, int(np.argmin(spans))]
yaw = np.arctan2(closing[1], closing[0]) - np.pi / 2
q = (Rotation.from_euler("z", yaw) * Rotation.from_euler("x", np.pi)).as_quat()
hand = np.array([q[3], q[0], q[1], q[2]])
grip = np.array([position[0], position[1], max(np.quantile(pts[:, 2], 0.9) - 0.01, 0.008)])

open_gripper()
goto_pose(grip, hand, z_approach=0.1)
close_gripper()
basket, _ = get_object_pose("basket")
goto_pose(grip + np.array([0, 0, 0.26]), hand)
goto_pose(np.array([basket[0], basket[1], 0.27]), hand)
goto_pose(np.array([basket[0], basket[1], 0.18]), hand)
open_gripper()
