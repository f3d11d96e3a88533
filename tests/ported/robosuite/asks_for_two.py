# profile: capx_robosuite
# task: libero_object/7
# kinds: 5
# outcome: raises ValueError: too many values to unpack (expected 2)
# Takes the pose for a pair; it has three parts here.
position, quaternion = get_object_pose("milk", return_bbox_extent=True)
goto_pose(position, quaternion, z_approach=0.1)
