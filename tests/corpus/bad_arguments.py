def tell(action, *args, **kw):
    try:
        result = action(*args, **kw)
        print("fine", bool(result))
    except (TypeError, ValueError) as e:
        print("refused:", e)


w = get_gripper_width()
tell(goto_pose, [w, 0.1], [0, 1, 0, 0])
tell(goto_pose, [w, 0.1, 0.2])
tell(goto_pose, [w, 0.1, float("nan")], [0, 1, 0, 0])
tell(goto_pose, [w, 0.1, 0.2], [0, w, 0, 0.99])
tell(get_object_pose, 3)
tell(get_object_pose, "milk", colour="red")
tell(wait, "long")
tell(wait, seconds=w)
tell(move_to_joints, [w] * 7)
tell(move_to_joints, None)
try:
    x = close_gripper()
    a, b = x
except TypeError as e:
    print(e)
try:
    print(x.extent)
except AttributeError as e:
    print(e)
