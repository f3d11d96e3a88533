# profile: capx
# task: libero_object/4
# kinds: 5, 6
# outcome: passes
import numpy as np

# Whatever the API does for a thing that is not there (raise, or None), go on without it.
def locate(name):
    try:
        result = get_object_pose(name, use_multiview=False)
    except Exception as e:
        print(f"{name}: {type(e).__name__}")
        return None
    pos = result[0]
    if pos is None:
        print(f"{name}: None")
        return None
    print(f"{name}: found")
    return np.asarray(pos, dtype=float)

wanted = ["ketchup bottle", "basket"]
where = {n: locate(n) for n in wanted}
missing = [n for n, p in where.items() if p is None]
if missing:
    raise SystemExit("missing: " + ", ".join(missing))
gap = np.linalg.norm(where["ketchup bottle"][:2] - where["basket"][:2])
print("apart by more than 10 cm:", bool(gap > 0.1))

pos, quat = sample_grasp_pose("ketchup bottle", use_multiview=False)
open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.25]), quat)
b = where["basket"]
goto_pose(np.array([b[0], b[1], b[2] + 0.2]), quat)
open_gripper()
