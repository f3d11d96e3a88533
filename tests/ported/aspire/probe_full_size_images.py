# profile: aspire
# camera: 800x512
# task: libero_object/0
# kinds: 2, 5
# outcome: prints
# > (512, 800, 3) (512, 800)
# > True True
# > True
# > True
# Images of upstream's size: thresholds in pixels, density in 5 mm and the camera matrix mean what they mean there.
import numpy as np

cam = get_observation()["agentview"]
rgb, depth, K = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"]
print(rgb.shape, depth.shape)
print(abs(K[0, 0] - 256 / np.tan(np.pi / 8)) < 1.0, abs(K[0, 2] - 400) <= 0.5 and abs(K[1, 2] - 256) <= 0.5)
mask = segment_sam3_text_prompt(rgb, "alphabet soup")[0]["mask"]
print(bool(800 < mask.sum() < 12000))
points = mask_to_world_points(mask, depth, K, cam["pose_mat"])
dense, _ = filter_noise(points)
print(bool(len(dense) > 0.7 * len(points)))
