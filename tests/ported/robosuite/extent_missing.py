# profile: capx_robosuite
# task: libero_object/7
# kinds: 5
# outcome: raises TypeError: 'NoneType' object is not subscriptable
# Forgets to ask for the extent.
position, quaternion, extent = get_object_pose("milk")
half = extent[2] / 2
goto_pose(position, quaternion, z_approach=half)
