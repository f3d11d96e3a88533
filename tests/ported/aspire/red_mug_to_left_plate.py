# profile: aspire
# task: libero_90/65
# kinds: 1, 2, 7
# outcome: passes
import numpy as np

view = get_observation()["agentview"]
rgb = view["images"]["rgb"]
depth = view["images"]["depth"]
K = view["intrinsics"]
E = view["pose_mat"]

mugs = segment_sam3_text_prompt(rgb, "red mug")
plates = segment_sam3_text_prompt(rgb, "white plate")
if not mugs or len(plates) < 2:
    raise RuntimeError(f"{len(mugs)} mugs, {len(plates)} plates")

# Plates are flat; the left one has the smallest column in the image.
flat = []
for p in plates:
    pts = mask_to_world_points(p["mask"], depth, K, E)
    if len(pts) > 10 and np.percentile(pts[:, 2], 95) - np.percentile(pts[:, 2], 5) < 0.035:
        flat.append((p["box"][0], get_oriented_bounding_box_from_3d_points(pts)["center"]))
left = min(flat, key=lambda f: f[0])[1]

mask = mugs[0]["mask"].astype(np.uint8)


def mug_axis(cloud):
    """Body without handle: the middle of the rim, from the highest points."""
    rim = cloud[cloud[:, 2] > np.percentile(cloud[:, 2], 75)]
    return 0.5 * (np.percentile(rim[:, :2], 5, axis=0) + np.percentile(rim[:, :2], 95, axis=0))


poses, scores = plan_grasp(depth, K, mask)
grasp, _ = select_top_down_grasp(poses, scores, E)
if grasp is None:
    raise RuntimeError("mug cannot be grasped from above")
pos, quat = decompose_transform(grasp)
open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
up = pos + np.array([0, 0, 0.12])
goto_pose(up, quat)

# Closing has moved it between the fingers: look where it hangs now.
shift = pos[:2] - mug_axis(mask_to_world_points(mask, depth, K, E))
for _ in range(3):
    now = get_observation()["agentview"]
    again = segment_sam3_text_prompt(now["images"]["rgb"], "red mug")
    if again:
        hanging = mask_to_world_points(again[0]["mask"], now["images"]["depth"], now["intrinsics"], now["pose_mat"])
        shift = up[:2] - mug_axis(hanging)
        break
goal = left[:2] + shift
for h in (0.12, 0.012):
    goto_pose(np.array([goal[0], goal[1], pos[2] + h]), quat)
open_gripper()
goto_pose(np.array([goal[0], goal[1], pos[2] + 0.15]), quat)
