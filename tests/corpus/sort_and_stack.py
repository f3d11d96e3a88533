"""Order objects by size and height, compute stacking heights with a running sum, and place them in turn."""
import numpy as np

names = ["butter", "cream cheese", "chocolate pudding"]
items = []
for name in names:
    result = get_object_pose(name, return_bbox_extent=True)
    if not result:
        print("skip", name)
        continue
    position, quat, extent = result
    items.append({"name": name, "pos": position, "size": extent, "area": float(extent[0] * extent[1])})

items.sort(key=lambda item: (-round(item["area"], 2), item["name"]))
print([item["name"] for item in items])
heights = [float(item["size"][2]) for item in items]
bases = np.concatenate([[0.0], np.cumsum(heights)]) if items else np.array([])
print([f"{b:.3f}" for b in bases.tolist()])
stacked = []
for item, base in zip(items, bases):
    top = base + item["size"][2] / 2
    open_gripper()
    if not goto_pose(item["pos"], [0.0, 1.0, 0.0, 0.0], z_approach=0.1):
        print("cannot reach", item["name"])
        continue
    if not close_gripper():
        continue
    drop = goto_pose(np.array([0.5, 0.2, 0.02 + top]), [0.0, 1.0, 0.0, 0.0])
    open_gripper()
    if drop:
        stacked.append((item["name"], round(float(top), 3)))
        if len(stacked) == 2:
            break
print(len(stacked), stacked)
tallest, *others = sorted(items, key=lambda item: item["size"].max(), reverse=True) or [None]
print(tallest["name"] if tallest else None, len(others))
volume = sum(np.prod(item["size"]) for item in items)
print(f"{volume * 1e6:.0f} cm3")
