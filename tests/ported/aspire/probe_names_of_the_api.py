# profile: aspire
# task: libero_object/2
# kinds: 6
# outcome: prints
# > Pick the salad dressing and place it in the basket
# > True True
# > [] (None, None)
# > (0, 3) 1 True
import json
import time

import cv2
import numpy as np
import open3d as o3d
import viser
from PIL import Image

language = env.handle.task_language
print(language)
obs = get_observation()
rgb = obs["agentview"]["images"]["rgb"]
print(hasattr(rgb, "shape"), type(language) == str)
nothing = segment_sam3_text_prompt(rgb, "violet spaceship")
print(nothing, point_prompt_molmo(rgb, "violet spaceship")["violet spaceship"])
empty = mask_to_world_points(
    np.zeros(rgb.shape[:2], dtype=bool), obs["agentview"]["images"]["depth"], np.eye(3), np.eye(4)
)
way = interpolate_segment(np.zeros(3), np.zeros(3))
time.sleep(0.1)
print(empty.shape, len(way), np.array_equal(normalize_vector(np.zeros(3)), np.zeros(3)))
