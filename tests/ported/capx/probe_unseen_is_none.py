# profile: capx
# task: libero_object/4
# kinds: 5
# outcome: prints
# > None None
# > skipped
# > True True
import numpy as np

position, quaternion = get_object_pose("violet_spaceship", use_multiview=False)
print(position, quaternion)
if position is None:
    print("skipped")
else:
    goto_pose(position, quaternion)
position, quaternion = get_object_pose("ketchup", use_multiview=False)
print(position is not None and position.shape == (3,), abs(np.linalg.norm(quaternion) - 1.0) < 1e-6)
