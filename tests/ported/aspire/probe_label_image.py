# profile: aspire
# task: libero_object/0
# kinds: 1, 3
# outcome: prints
# > int32 3 [0 1 2]
# > (120,) uint8 [ 0 25]
# > True True
# Integer label images made of masks, as for planners that want instance numbers.
import numpy as np

rgb = get_observation()["agentview"]["images"]["rgb"]
labels = np.zeros(rgb.shape[:2], dtype=np.int32)
for number, prompt in enumerate(["basket", "milk carton"], start=1):
    labels[segment_sam3_text_prompt(rgb, prompt)[0]["mask"]] = number
values, sizes = np.unique(labels, return_counts=True)
print(labels.dtype, len(values), values)
column = np.full((120,), 25, dtype=np.uint8)
column[60:] = 0
print(column.shape, column.dtype, np.unique(column))
print(int(sizes.sum()) == labels.size, (labels == 1).sum() > (labels == 2).sum())
