# profile: native
# task: libero_goal/5
# kinds: 4
# outcome: passes
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])


def pushed(start, way, distance):
    """Closed fingers into the plate, then along; its rim comes with them."""
    goto_pose(start + [0.0, 0.0, 0.002], DOWN, z_approach=0.1)
    moved = push(way, distance)
    push(-way, 0.015)
    push(np.array([0.0, 0.0, 1.0]), 0.15)
    goto_home_joint_position()
    return moved.status


stove = get_object_pose("stove", return_bbox_extent=True)
goal = np.array([stove.position[0] + 0.5 * max(stove.extent) + 0.11, stove.position[1]])
close_gripper()
for stroke in range(14):
    plate = get_object_pose("plate")
    if not plate:
        goto_home_joint_position()
        continue
    error = goal - plate.position[:2]
    if np.abs(error).max() < 0.015:
        break
    axis = 1 if abs(error[1]) > 0.015 else 0
    way = np.zeros(3)
    way[axis] = np.sign(error[axis])
    print(stroke, pushed(plate.position, way, abs(error[axis]) + 0.045))
