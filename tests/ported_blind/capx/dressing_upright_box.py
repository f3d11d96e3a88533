# profile: capx
# task: libero_object/2
# kinds: 2, 5
# outcome: passes
import numpy as np

# salad dressing bottle: regular shape, so a top-down grasp from the oriented box
result = get_object_3d_points_and_masks_from_language("salad dressing bottle", use_multiview=True)
print(sorted(result.keys()))
pts = result["points_3d"]
print("points", pts.shape, "agentview", result["agentview_mask"].sum(), "score", round(float(result["agentview_score"]), 2))

obb = get_oriented_bounding_box_from_3d_points(pts)
center, extent = obb["center"], obb["extent"]
print("centre", center, "extent", extent)

z_top = np.percentile(pts[:, 2], 98)
grasp_pos = np.array([center[0], center[1], z_top - 0.04])
grasp_quat = np.array([0.0, 1.0, 0.0, 0.0])

basket = get_object_3d_points_and_masks_from_language("basket", use_multiview=False)
bobb = get_oriented_bounding_box_from_3d_points(basket["points_3d"])
place_pos = np.array(bobb["center"]).copy()
place_pos[2] = np.percentile(basket["points_3d"][:, 2], 98) + 0.14

open_gripper()
goto_pose(grasp_pos, grasp_quat, z_approach=0.12)
close_gripper()

ee = get_observation()["robot_cartesian_pos"]
up = ee[:3].copy()
up[2] += 0.2 - 0.1      # hand frame to fingertip: goto_pose takes the tip
goto_pose(up, grasp_quat)
goto_pose(place_pos, grasp_quat)
open_gripper()
