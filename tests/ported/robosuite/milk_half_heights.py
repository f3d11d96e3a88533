# profile: capx_robosuite
# task: libero_object/7
# kinds: 2, 4, 5
# outcome: passes
import numpy as np


def describe(name):
    position, quaternion, extent = get_object_pose(name, return_bbox_extent=True)
    print(f"{name}: {np.round(position, 2)} size {np.round(np.sort(extent), 2)}")
    return position, extent


milk, milk_size = describe("milk carton")
basket, basket_size = describe("basket")
position, quaternion, nothing = get_object_pose("milk carton")
assert nothing is None

home_pose()
open_gripper()
grasp, quat = sample_grasp_pose("milk carton")
goto_pose(grasp, quat, z_approach=0.1)
close_gripper()
goto_pose(grasp + np.array([0.0, 0.0, 0.22]), quat)
z = basket[2] + max(basket_size) / 2 + 0.08
goto_pose(np.array([basket[0], basket[1], max(z, grasp[2] + 0.12)]), quat, z_approach=0.05)
open_gripper()
home_pose()
