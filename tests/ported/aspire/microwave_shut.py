# profile: aspire
# task: libero_90/33
# kinds: 2, 4, 7
# outcome: passes
# Swing the open door shut: closed fingers against its outer side, small steps around the hinge.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
cam = get_observation()["agentview"]
rgb, depth, K, T = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]


def points(prompt):
    hits = segment_sam3_text_prompt(rgb, prompt)
    if not hits:
        raise RuntimeError(f"no {prompt}")
    return mask_to_world_points(max(hits, key=lambda h: h["score"])["mask"], depth, K, T)


door = points("microwave door")
body = get_oriented_bounding_box_from_3d_points(points("microwave"))["center"]
# The free end of the open door is the one farther from the body.
flat = door[:, :2] - door[:, :2].mean(axis=0)
along = np.linalg.svd(flat, full_matrices=False)[2][0]
reach = flat @ along
ends = [np.median(door[reach <= np.quantile(reach, 0.1)], axis=0), np.median(door[reach >= np.quantile(reach, 0.9)], axis=0)]
ends.sort(key=lambda e: np.linalg.norm(e[:2] - body[:2]))
hinge, free = ends[0][:2], ends[1][:2]
radius = np.linalg.norm(free - hinge) * 0.85
start = np.arctan2(free[1] - hinge[1], free[0] - hinge[0])
closed = np.arctan2(0.0, np.sign(body[0] - hinge[0]))
sweep = (closed - start + np.pi) % (2 * np.pi) - np.pi
z = float(np.quantile(door[:, 2], 0.9)) - 0.03
side = -np.sign(sweep)
print("hinge", hinge.round(2), "sweep", round(float(np.degrees(sweep))), "deg")


def at(angle, off):
    tangent = np.array([-np.sin(angle), np.cos(angle)])
    p = hinge + radius * np.array([np.cos(angle), np.sin(angle)]) + off * side * tangent
    return np.array([p[0], p[1], z])


close_gripper()
first = at(start, 0.06)
goto_pose(first + np.array([0.0, 0.0, 0.15]), DOWN)
goto_pose(first, DOWN)
for t in np.linspace(0.0, 1.0, 10):
    goto_pose(at(start + t * sweep, 0.045 - 0.05 * t), DOWN)
goto_pose(at(start + sweep, 0.06), DOWN)
