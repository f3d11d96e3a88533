# profile: native
# task: libero_object/3
# kinds: 4, 5
# outcome: prints
# > OK True
# > OK True
# > NOT_FOUND False
# > PerceptionError
import numpy as np

grasp = sample_grasp_pose("bbq sauce")
first = goto_pose(grasp.position, grasp.quaternion_wxyz, z_approach=0.15)
second = goto_pose(grasp.position, grasp.quaternion_wxyz)
print(first.status, bool(first))
print(second.status, bool(second))
missing = get_object_pose("green teapot lid")
print(missing.status, bool(missing))
try:
    position, quaternion = missing
except PerceptionError:
    print("PerceptionError")
