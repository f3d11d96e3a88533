# Nested loops with every kind of exit: break, continue, else, return in loops and in try/finally.
import numpy as np


def first_reachable(names, heights):
    """The first (name, height) that the arm reaches; looks at every name at most twice."""
    looks = {}
    for name in names:
        while looks.get(name, 0) < 2:
            looks[name] = looks.get(name, 0) + 1
            try:
                position, _ = get_object_pose(name)
            except PerceptionError:
                if name == "basket":
                    break
                continue
            finally:
                looks["all"] = looks.get("all", 0) + 1
            for height in heights:
                if height + position[2] > 0.45:
                    print("too high", height)
                    continue
                result = goto_pose([position[0], position[1], position[2] + height], [0.0, 1.0, 0.0, 0.0])
                if result.status == "IK_INFEASIBLE":
                    break
                if result:
                    return name, height, looks
            else:
                print("no height works for", name)
                break
        else:
            print("looked twice for", name)
    return None, 0.0, looks


def cleanup(flag):
    for i in range(3):
        try:
            if i == flag:
                break
            if i > flag:
                return f"returned {i}"
        finally:
            if open_gripper():
                continue
            print("still closed", i)
    else:
        return "exhausted"
    return "broken"


name, height, looks = first_reachable(("milk", "basket", "butter"), [0.05, 0.15, 0.25])
print(name, f"{height:.2f}", looks)
count = 0
for i in range(4):
    for j in range(4):
        if (i + j) % 3 == 0:
            continue
        if i * j > 4:
            break
        count += i * j
    else:
        count += 100
        continue
    break
print(count, i, j)
flag = 1 if name else 5
print(cleanup(flag), cleanup(-1 if get_gripper_width() > 0.15 else 0))
