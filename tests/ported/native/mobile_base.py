# profile: native
# task: libero_90/9
# kinds: 6
# outcome: refused navigate_to_pose
# Written for a robot with a mobile base.
radio = get_object_pose("radio")
navigate_to_pose([0.7, 0.0, 3.14])
