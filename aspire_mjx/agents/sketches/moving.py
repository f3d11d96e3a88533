"""Other ways to a pose."""


def after_home(carry, *arguments):
    """The home position is high and leaves the view free."""
    goto_home_joint_position()
    return carry(*arguments)


def come_from_above(position, quaternion_wxyz, z_approach=0.0, **options):
    """Reach the point above the target first."""
    clearance = tunable("clearance", 0.15, low=0.05, high=0.30)
    return goto_pose(position, quaternion_wxyz, z_approach=max(z_approach, clearance), **options)


def goto_or_from_above(position, quaternion_wxyz, z_approach=0.0, **options):
    """Go; if that failed, go again from above."""
    moved = goto_pose(position, quaternion_wxyz, z_approach=z_approach, **options)
    if not moved:
        moved = goto_pose(position, quaternion_wxyz, z_approach=0.2, **options)
    return moved


def reach_some_way(position, quaternion_wxyz, z_approach=0.0, **options):
    """The same grasp in another of its forms."""
    import numpy as np

    moved = goto_pose(position, quaternion_wxyz, z_approach=z_approach, **options)
    if moved.status == "IK_INFEASIBLE" and z_approach > 0.0:
        moved = goto_pose(position, quaternion_wxyz, z_approach=z_approach / 2.0, **options)
    if moved.status == "IK_INFEASIBLE":
        w, x, y, z = quaternion_wxyz
        moved = goto_pose(position, np.array([-z, y, -x, w]), z_approach=0.0, **options)
    return moved
