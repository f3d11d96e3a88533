# Which calls happen at all: and/or, any/all, chained comparisons and conditional expressions stop early in some lanes.
calls = []


def probe(name):
    """Look for an object, count the look, tell whether it was there."""
    calls.append(name)
    return bool(get_object_pose(name))


def ready():
    return open_gripper() and goto_home_joint_position()


print(probe("milk") and probe("butter"))
print(probe("milk") or probe("ketchup"))
print(any(probe(n) for n in ("a", "b", "c")), all([probe(n) for n in ("d", "e")]))
print(all(probe(n) for n in ("f", "g")), len(calls))
result = ready()
print("ready" if result else f"not ready: {result.status}")
width = 0.1 < get_gripper_width() < get_gripper_width() < 0.29
print(width, calls.count("milk"), calls[-1])
value = get_object_pose("milk") or get_object_pose("milk carton") or None
print("nothing" if value is None else value.status, value is not None and value.score > 0.1)
default = (value and value.position[2]) or 0.2
print(f"{default:.2f}", not value or "seen")
step = "grip" if probe("x") else "look" if probe("y") else "stop"
match step:
    case "grip" if close_gripper():
        print("holding")
    case "grip" | "look":
        print("again", step)
    case _:
        print("stopping after", len(calls))
goto_pose([0.4, 0.0, default if default < 0.25 else wait(0.1).width], [0, 1, 0, 0]) if step != "stop" else None
assert step == "stop" or len(calls) >= 8, calls
print(len(calls), [n for n in calls if calls.count(n) == 1][-2:])
