# profile: aspire
# task: libero_object/6
# kinds: 6
# outcome: refused cv2
# The import alone is no matter; its use is.
import cv2
import numpy as np

rgb = get_observation()["agentview"]["images"]["rgb"]
mask = segment_sam3_text_prompt(rgb, "butter")[0]["mask"].astype(np.uint8)
count, labels, stats, centroids = cv2.connectedComponentsWithStats(mask)
print(count)
