# profile: capx_robosuite
# task: libero_object/6
# kinds: 5, 7
# outcome: passes
# Unknown objects raise here: the names are tried one after the other.
import numpy as np


def pose_of(*names):
    last = None
    for name in names:
        try:
            position, _, extent = get_object_pose(name, return_bbox_extent=True)
            return name, position, extent
        except ValueError as error:
            last = error
            print(f"{name}: not detected")
    raise last


name, butter, size = pose_of("pink unicorn", "yellow butter packet", "butter")
_, basket, basket_size = pose_of("picnic hamper", "basket")
pos, quat = sample_grasp_pose(name)
open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.26]), quat)
goto_pose(np.array([basket[0], basket[1], 0.18]), quat, z_approach=0.08)
open_gripper()
