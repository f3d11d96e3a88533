# profile: capx
# task: libero_spatial/9
# kinds: 4, 7
# outcome: passes

# The bowl is on the wooden cabinet: approach from high above, never sweep sideways.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
plate, _ = get_object_pose("plate")

names = ["black bowl on the wooden cabinet", "bowl on top of the cabinet", "black bowl on the cabinet"]
res = None
for n in names:
    try:
        res = get_object_3d_points_and_masks_from_language(n, use_multiview=False)
        if len(res["points_3d"]) > 20:
            print("found with:", n)
            break
    except ValueError as e:
        print(e)
if res is None:
    raise RuntimeError("bowl not found")

pts = res["points_3d"]
hi, lo = np.percentile(pts, 97, axis=0), np.percentile(pts, 3, axis=0)
c = (hi + lo) / 2
print("bowl centre", np.round(c, 3), "top", round(float(hi[2]), 3))
rim = np.array([c[0], c[1] + 0.048, hi[2] - 0.015])

open_gripper()
goto_pose(rim + np.array([0, 0, 0.15]), DOWN)
goto_pose(rim, DOWN)
close_gripper()
goto_pose(rim + np.array([0, 0, 0.1]), DOWN)
carry = rim[2] + 0.1
goto_pose(np.array([plate[0], plate[1] + 0.048, carry]), DOWN)
# the rim of the bowl is 5 cm above its foot
goto_pose(np.array([plate[0], plate[1] + 0.048, plate[2] + 0.055]), DOWN)
open_gripper()
goto_pose(np.array([plate[0], plate[1] + 0.048, carry]), DOWN)
