# profile: capx
# task: libero_object/2
# kinds: 2, 5, 6
# outcome: prints
# > ['agentview_mask', 'agentview_points_3d', 'agentview_score', 'points_3d', 'wrist_mask', 'wrist_points_3d', 'wrist_score']
# > None None True
# > True True
# > ['R', 'center', 'extent', 'quaternion_wxyz'] (4,)
import numpy as np

seen = get_object_3d_points_and_masks_from_language("salad dressing", use_multiview=False)
print(sorted(seen.keys()))
print(seen["wrist_mask"], seen["wrist_score"], 0.0 < seen["agentview_score"] <= 1.0)
print(seen["agentview_mask"].dtype == bool, seen["points_3d"].ndim == 2 and seen["points_3d"].shape[1] == 3)
box = get_oriented_bounding_box_from_3d_points(seen["points_3d"])
print(sorted(box), box["quaternion_wxyz"].shape)
