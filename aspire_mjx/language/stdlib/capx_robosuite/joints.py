"""Joint angles in CaP-X's robosuite API: its solver keeps to the target and always has an answer."""


def solve_ik(position, quaternion_wxyz):
    """Joint angles (7,) for the fingertip point at a pose; out of reach the closest ones."""
    position, quaternion = _pose_of(position, quaternion_wxyz)
    return native.solve_ik(position, quaternion).closest
