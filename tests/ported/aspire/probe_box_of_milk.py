# profile: aspire
# task: libero_object_swap/7
# kinds: 2
# outcome: prints
# > True True
# > True True
# Statistics under the default mask: the box's middle, the mean and the median agree; no side is a metre long.
import numpy as np

cam = get_observation()["agentview"]
mask = segment_sam3_text_prompt(cam["images"]["rgb"], "milk")[0]["mask"]
pts = mask_to_world_points(mask.astype(np.uint8), cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
box = get_oriented_bounding_box_from_3d_points(pts)
print(sorted(box)[:3] == ["R", "center", "extent"], bool(0.10 < max(box["extent"]) < 0.17))
mean, median = pts.mean(axis=0), np.median(pts, axis=0)
print(
    bool(np.linalg.norm(mean[:2] - box["center"][:2]) < 0.04),
    bool(np.linalg.norm(median[:2] - box["center"][:2]) < 0.04),
)
