import numpy as np
from scipy.spatial.transform import Rotation as R

pose = sample_grasp_pose("butter")
if pose:
    pos, quat = pose
    w, x, y, z = quat
    rot = R.from_quat([x, y, z, w])
    yaw = rot.as_euler("zyx")[0]
    print(round(float(yaw), 3))
    turned = rot * R.from_euler("z", 90, degrees=True)
    q = turned.as_quat()
    wxyz = np.array([q[3], q[0], q[1], q[2]])
    if yaw > 0:
        wxyz = -wxyz
    goto_pose(pos, wxyz)
    print(np.round(rot.inv().apply([0, 0, 1]), 3), np.round(rot.as_matrix()[0], 3), round(turned.magnitude(), 3))
down = R.from_euler("xyz", [np.pi, 0, 0])
print(np.round(down.apply(np.array([0, 0, 0.1])), 3))
