# Pick a black bowl by its rim and put it on the plate: a bowl is wider than the open hand.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])  # hand z down; the fingers close along y


def rim_of(position, extent, side):
    """Where the wall on one side is, a little below its upper edge."""
    top = position[2] + 0.5 * extent[2]
    return np.array([position[0], position[1] + side * (0.5 * extent[1] - 0.006), top - 0.012])


def pick(name):
    for side in [1.0, -1.0]:
        position, quaternion, extent = get_object_pose(name, return_bbox_extent=True)
        edge = rim_of(position, extent, side)
        reached = goto_pose(edge, DOWN, z_approach=0.12)
        closed = close_gripper()
        lifted = goto_pose(edge + np.array([0.0, 0.0, 0.15]), DOWN)
        print(side, reached.status, closed.status, lifted.status, get_gripper_width())
        if is_holding():
            return edge - position
        open_gripper()
    return None


plate, _, _ = get_object_pose("plate", return_bbox_extent=True)
offset = pick("black bowl")
if offset is not None:
    above = plate + offset
    goto_pose(np.array([above[0], above[1], plate[2] + 0.16]), DOWN)
    goto_pose(np.array([above[0], above[1], plate[2] + offset[2] + 0.035]), DOWN)
    open_gripper()
    goto_home_joint_position()
