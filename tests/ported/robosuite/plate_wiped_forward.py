# profile: capx_robosuite
# task: libero_goal/5
# kinds: 4, 5
# outcome: passes
# As wiping: closed fingers in the plate, just above its bottom, small strokes; the rim comes along.
import numpy as np

down_quat = np.array([0.0, 1.0, 0.0, 0.0])
stove, _, stove_extent = get_object_pose("stove", return_bbox_extent=True)
goal = np.array([stove[0] + max(stove_extent) / 2 + 0.11, stove[1]])


def sweep(start, end, z, step=0.05):
    goto_pose(np.array([start[0], start[1], z]), down_quat, z_approach=0.12)
    count = max(int(np.ceil(np.linalg.norm(end - start) / step)), 1)
    for i in range(1, count + 1):
        p = start + (end - start) * i / count
        goto_pose(np.array([p[0], p[1], z]), down_quat)
    back = end - 0.015 * (end - start) / np.linalg.norm(end - start)
    goto_pose(np.array([back[0], back[1], z]), down_quat)
    goto_pose(np.array([back[0], back[1], z + 0.15]), down_quat)
    home_pose()


close_gripper()
passes = 0
while passes < 14:
    passes += 1
    try:
        plate, _, extent = get_object_pose("plate", return_bbox_extent=True)
    except ValueError:
        continue
    off = goal - plate[:2]
    if np.linalg.norm(off) < 0.02:
        break
    axis = 1 if abs(off[1]) > 0.02 else 0
    error = off[axis]
    way = np.zeros(2)
    way[axis] = np.sign(error)
    z_wipe = plate[2] + 0.002
    sweep(plate[:2], plate[:2] + way * (abs(error) + 0.045), z_wipe)
