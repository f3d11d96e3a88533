# profile: capx
# task: libero_object/0
# kinds: 6
# outcome: refused approach_height
# Python raises a TypeError at the call; here it is found before anything moves.
pos, quat = sample_grasp_pose("alphabet_soup")
goto_pose(pos, quat, approach_height=0.1)
close_gripper()
