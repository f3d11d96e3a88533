# profile: capx
# task: libero_goal/4
# kinds: 2, 4
# outcome: passes

# Put the bowl on top of the cabinet ("On the top of the drawer").
import numpy as np

names = {"pick": "black bowl", "place": "wooden cabinet"}
q = np.array([0.0, 1.0, 0.0, 0.0])

pc = get_object_3d_points_and_masks_from_language(names["pick"])["points_3d"]
bowl = np.array([np.median(pc[:, 0]), np.median(pc[:, 1]), np.percentile(pc[:, 2], 95)])
lo, hi = np.percentile(pc[:, :2], [4, 96], axis=0)
bowl[:2] = (lo + hi) / 2

cab = get_object_3d_points_and_masks_from_language(names["place"], use_multiview=False)["points_3d"]
roof = np.percentile(cab[:, 2], 96)
flat = cab[np.abs(cab[:, 2] - roof) < 0.012]
cab_xy = np.median(flat[:, :2], axis=0)
print("bowl", np.round(bowl, 3), "roof", round(float(roof), 3), "at", np.round(cab_xy, 3))

rim = bowl + np.array([0.0, 0.048, -0.016])
open_gripper()
goto_pose(rim, q, z_approach=0.12)
close_gripper()

high = roof + 0.20
goto_pose(np.array([rim[0], rim[1], high]), q)
goto_pose(np.array([cab_xy[0], cab_xy[1] + 0.048, high]), q)
goto_pose(np.array([cab_xy[0], cab_xy[1] + 0.048, roof + 0.045]), q)
open_gripper()
goto_pose(np.array([cab_xy[0], cab_xy[1] + 0.048, high]), q)
