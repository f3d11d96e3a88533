# profile: capx_robosuite
# task: libero_90/16
# kinds: 1, 5
# outcome: prints
# > uint8 float32 True
# > (3, 3) (4, 4)
# > 3 True
import numpy as np

view = get_observation()["robot0_robotview"]
rgb, depth = view["images"]["rgb"], view["images"]["depth"]
print(rgb.dtype, depth.dtype, rgb.shape[:2] == depth.shape)
print(view["intrinsics"].shape, view["pose_mat"].shape)
bowls = [r for r in segment_sam3_text_prompt(rgb, "black bowl") if 10 < r["mask"].astype(np.uint16).sum() < 60000]
print(min(len(bowls), 3), bool(np.uint8(bowls[0]["mask"]).max() == 1))
