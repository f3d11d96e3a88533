# profile: capx
# task: libero_goal/6
# kinds: 5, 7
# outcome: raises ValueError: no teapot on this table
pose, _ = get_object_pose("teapot", use_multiview=False)
if pose is None:
    raise ValueError("no teapot on this table")
open_gripper()
