import math


def check_width(minimum):
    width = get_gripper_width()
    if width < 0.08:
        raise RuntimeError(f"width {width:.3f} below {minimum}")
    if width < 0.14:
        return math.sqrt(0.1 - width)
    if width < 0.18:
        assert width > 0.16, "too narrow"
    if width < 0.22:
        return [1, 2, 3][int(width * 50)]
    return 1 / (width > 0.26)


print("before")
value = check_width(0.08)
print("after", value)
pos, quat = get_object_pose("milk")
joints = solve_ik(pos, quat)
print(round(float(joints[3]), 3))
move_to_joints(joints)
goto_pose(pos[:2], quat)
