# profile: capx_robosuite
# task: libero_object/0
# kinds: 5
# outcome: prints
# > 3 None
# > 3 (3,) True
# > ValueError
import numpy as np

result = get_object_pose("basket")
print(len(result), result[2])
position, quaternion, extent = get_object_pose("basket", return_bbox_extent=True)
print(len(position), extent.shape, bool(0.1 < max(extent) < 0.3))
try:
    get_object_pose("violet spaceship")
except ValueError:
    print("ValueError")
