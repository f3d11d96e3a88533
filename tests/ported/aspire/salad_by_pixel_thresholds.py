# profile: aspire
# camera: 800x512
# task: libero_object/2
# kinds: 1, 2, 7
# outcome: passes
# Written with the sizes of masks in images of 800 by 512 pixels in mind.
import numpy as np

SMALLEST, LARGEST = 300, 15000


def clouds(camera, prompt):
    """Clouds of the masks of a plausible size, the best first, without stray points."""
    out = []
    for det in segment_sam3_text_prompt(camera["images"]["rgb"], prompt):
        pixels = int(det["mask"].astype(np.uint8).sum())
        x1, y1, x2, y2 = det["box"]
        if not SMALLEST < pixels < LARGEST or (x2 - x1) < 10 or (y2 - y1) < 10:
            print(f"{prompt}: {pixels} pixels, skipped")
            continue
        pts = mask_to_world_points(det["mask"], camera["images"]["depth"], camera["intrinsics"], camera["pose_mat"])
        pts, _ = filter_noise(pts)
        if len(pts) > 200:
            out.append((det["mask"], pts))
    return out


cam = get_observation()["agentview"]
bottles = clouds(cam, "green salad dressing bottle")
LARGEST = 60000
baskets = clouds(cam, "basket")
if not bottles or not baskets:
    raise RuntimeError(f"{len(bottles)} bottles, {len(baskets)} baskets")
mask, pts = bottles[0]
goal = get_oriented_bounding_box_from_3d_points(subsample_point_cloud(baskets[0][1], max_points=4000))["center"]
poses, scores = plan_grasp(cam["images"]["depth"], cam["intrinsics"], mask)
grasp, _ = select_top_down_grasp(poses, scores, cam["pose_mat"])
if grasp is None:
    raise RuntimeError("no grasp from above")
pos, quat = decompose_transform(grasp)
open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.22]), quat)
goto_pose(np.array([goal[0], goal[1], pos[2] + 0.22]), quat)
goto_pose(np.array([goal[0], goal[1], pos[2] + 0.12]), quat)
open_gripper()
