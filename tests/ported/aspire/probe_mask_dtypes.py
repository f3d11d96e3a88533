# profile: aspire
# task: libero_object/3
# kinds: 1
# outcome: prints
# > uint8 bool uint8 (3,)
# > uint8 255 0
# > int64 True
# > float32 True
# > int16 True
import numpy as np

rgb = get_observation()["agentview"]["images"]["rgb"]
mask = segment_sam3_text_prompt(rgb, "basket")[0]["mask"]
print(mask.astype(np.uint8).dtype, mask.dtype, rgb.dtype, rgb[0, 0].shape)
picture = mask.astype(np.uint8) * 255
print(picture.dtype, picture.max(), picture.min())
count = mask.astype(np.int64).sum()
print(count.dtype, count == np.count_nonzero(mask))
share = rgb.astype(np.float32) / 255.0
print(share.dtype, 0.0 <= share.min() <= share.max() <= 1.0)
redness = rgb[..., 0].astype(np.int16) - rgb[..., 2].astype(np.int16)
print(redness.dtype, redness[mask].mean() > 0)
