# profile: capx
# task: libero_object/4
# kinds: 5
# outcome: raises TypeError: 'NoneType' object is not subscriptable
# Does not ask whether anything was found.
position, quaternion = get_object_pose("giant_pumpkin", use_multiview=False)
above = [position[0], position[1], position[2] + 0.2]
goto_pose(above, quaternion)
