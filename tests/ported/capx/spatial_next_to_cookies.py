# profile: capx
# task: libero_spatial/6
# kinds: 2, 5, 6
# outcome: passes
import numpy as np

obs = get_observation()
rgb = obs["agentview"]["images"]["rgb"]
depth = obs["agentview"]["images"]["depth"]
K, E = obs["agentview"]["intrinsics"], obs["agentview"]["pose_mat"]


def to_world(mask):
    ys, xs = np.nonzero(mask)
    z = depth[ys, xs]
    good = z > 0
    ys, xs, z = ys[good], xs[good], z[good].astype(np.float64)
    cam = np.stack([(xs - K[0, 2]) * z / K[0, 0], (ys - K[1, 2]) * z / K[1, 1], z, np.ones_like(z)])
    return (E @ cam)[:3].T


cookies, _ = get_object_pose("cookies_box", use_multiview=False)
plate, _ = get_object_pose("plate", use_multiview=False)
best, best_distance = None, np.inf
for hit in segment_sam3_text_prompt(rgb, "black bowl"):
    pts = to_world(hit["mask"])
    centre = get_oriented_bounding_box_from_3d_points(pts)["center"]
    d = np.linalg.norm(centre[:2] - cookies[:2])
    if d < best_distance:
        best, best_distance = (hit["mask"], pts, centre), d
mask, pts, centre = best
print("distance to the cookies:", round(float(best_distance), 2))

# Pinch the wall that is nearest to the robot, fingers along x: the far one is out of reach.
rim = np.quantile(pts[:, 2], 0.95)
reach = 0.0535 - 0.006
quat = np.array([0.0, np.sqrt(0.5), np.sqrt(0.5), 0.0])
pinch = np.array([centre[0] - reach, centre[1], rim - 0.014])
open_gripper()
goto_pose(pinch, quat, z_approach=0.1)
close_gripper()
goto_pose(pinch + np.array([0, 0, 0.15]), quat)
end = np.array([plate[0] - reach, plate[1], pinch[2]])
goto_pose(end + np.array([0, 0, 0.15]), quat)
goto_pose(end + np.array([0, 0, 0.025]), quat)
open_gripper()
goto_pose(end + np.array([0, 0, 0.15]), quat)
