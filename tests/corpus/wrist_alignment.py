"""Align the wrist with the long side of a box: quaternion algebra written out by hand, checked against scipy."""
import math

import numpy as np
from scipy.spatial.transform import Rotation as R


def quat_multiply(a, b):
    """Hamilton product of two wxyz quaternions."""
    aw, ax, ay, az = a
    bw, bx, by, bz = b
    return np.array(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ]
    )


def quat_conjugate(q):
    return q * np.array([1.0, -1.0, -1.0, -1.0])


def yaw_of(q):
    w, x, y, z = q
    return math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))


def about_z(angle):
    return np.array([math.cos(angle / 2), 0.0, 0.0, math.sin(angle / 2)])


def wrap(angle):
    """Into (-pi/2, pi/2]: the gripper is symmetric."""
    while angle > math.pi / 2:
        angle -= math.pi
    while angle <= -math.pi / 2:
        angle += math.pi
    return angle


DOWN = np.array([0.0, 1.0, 0.0, 0.0])
result = get_object_pose("butter", return_bbox_extent=True)
if result:
    position, quat, extent = result
    yaw = wrap(yaw_of(quat))
    if extent[1] > extent[0]:
        yaw = wrap(yaw + math.pi / 2)
    hand = quat_multiply(about_z(yaw), DOWN)
    check = (R.from_euler("z", yaw) * R.from_quat([1.0, 0.0, 0.0, 0.0])).as_quat()
    same = min(np.linalg.norm(hand[[1, 2, 3, 0]] - check), np.linalg.norm(hand[[1, 2, 3, 0]] + check))
    print(f"yaw {math.degrees(yaw):.1f} deg, difference {same:.6f}")
    unit = quat_multiply(hand, quat_conjugate(hand))
    print(np.allclose(unit, [1.0, 0.0, 0.0, 0.0]), np.round(np.abs(unit[1:]).max(), 6))
    options = [hand, quat_multiply(about_z(math.pi), hand)]
    options.sort(key=lambda q: abs(yaw_of(q)))
    for number, option in enumerate(options):
        moved = goto_pose(position, option, z_approach=0.1)
        print(number, moved.status)
        if moved:
            break
        if moved.status == "IK_INFEASIBLE" and number == 0:
            print("turning the hand by half a turn")
else:
    print("no butter:", result.status, result.message == "")
