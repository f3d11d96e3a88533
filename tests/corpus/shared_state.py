"""Aliasing on purpose: shared lists and arrays, default arguments, copies, views and slices that write through."""
import numpy as np

template = {"pose": np.zeros(3), "tags": [], "count": 0}
objects = {}
for name in ("milk", "butter", "ketchup"):
    entry = dict(template)
    if name != "butter":
        entry["tags"] = list(template["tags"])
        entry["pose"] = template["pose"].copy()
    objects[name] = entry

for name, entry in objects.items():
    result = get_object_pose(name)
    entry["count"] += 1
    entry["tags"].append(str(result.status))
    if result:
        entry["pose"][:] = result.position

print(template["tags"], [len(e["tags"]) for e in objects.values()], template["count"])
print(np.round(template["pose"], 3), template["pose"] is objects["butter"]["pose"])

path = np.zeros((4, 3))
row = path[1]
column = path[:, 2]
corner = path[2:, :2]
row[0] = get_gripper_width()
column += 0.1
corner[...] = [[1.0, 2.0], [3.0, 4.0]]
path[0] = row
row *= 2.0
print(np.round(path, 3).tolist())
flat = path.reshape(-1)
flat[0] = -1.0
copy = path[path[:, 0] > 0]
copy[:] = 0.0
print(path[0, 0], path.sum().round(3), copy.shape)

queue = [[1, 2], [3]]
alias, shallow, deep = queue, queue[:], [list(q) for q in queue]
queue[0].append(99 if objects["milk"]["tags"][0] == "OK" else -99)
queue.append([4])
print(len(alias), len(shallow), shallow[0], deep[0], alias is queue, shallow[1] is queue[1])


def remember(value, memory=[]):
    memory.append(value)
    return memory


first = remember(1)
second = remember(round(float(path[1, 0]), 3))
print(first is second, len(remember(0, [])), first)
swap = {"a": 1, "b": 2}
swap["a"], swap["b"] = swap["b"], swap["a"]
i, queue[0][0], queue[-1] = 1, queue[1], queue[0]
print(swap, queue[0][0], queue[-1] is queue[0], i)
goto_pose(path[1] + [0.4, 0.0, 0.1], [0.0, 1.0, 0.0, 0.0])
