# profile: aspire
# task: libero_object/6
# kinds: 1, 2, 3
# outcome: passes
# The detector's mask may have specks: keep its largest connected piece only.
import cv2  # would have done it
import numpy as np


def largest_component(mask):
    """Flood fill with a stack, four neighbours."""
    labels = np.zeros(mask.shape, dtype=np.int32)
    rows, cols = mask.shape
    sizes = {}
    current = 0
    for r, c in zip(*np.where(mask)):
        if labels[r, c] != 0:
            continue
        current += 1
        stack, size = [(int(r), int(c))], 0
        labels[r, c] = current
        while stack:
            y, x = stack.pop()
            size += 1
            for dy, dx in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                ny, nx = y + dy, x + dx
                if 0 <= ny < rows and 0 <= nx < cols and mask[ny, nx] and labels[ny, nx] == 0:
                    labels[ny, nx] = current
                    stack.append((ny, nx))
        sizes[current] = size
    if not sizes:
        return mask
    keep = max(sizes, key=sizes.get)
    print(f"{len(sizes)} pieces, the largest has {sizes[keep]} of {int(mask.sum())} pixels")
    return labels == keep


cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]


def cloud_of(prompt):
    found = segment_sam3_text_prompt(rgb, prompt)
    if not found:
        raise RuntimeError(f"{prompt} not found")
    clean = largest_component(max(found, key=lambda m: m["score"])["mask"].astype(bool))
    return mask_to_world_points(clean.astype(np.uint8), depth, K, E), clean


butter, butter_mask = cloud_of("butter")
basket, _ = cloud_of("basket")
poses, scores = plan_grasp(depth, K, butter_mask.astype(np.int32))
grasp, score = select_top_down_grasp(poses, scores, E)
if grasp is None:
    raise RuntimeError("no grasp from above")
pos, quat = decompose_transform(grasp)
open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
goto_pose(pos + np.array([0.0, 0.0, 0.25]), quat)
over = get_oriented_bounding_box_from_3d_points(basket)["center"]
goto_pose(np.array([over[0], over[1], 0.27]), quat)
goto_pose(np.array([over[0], over[1], 0.17]), quat)
open_gripper()
