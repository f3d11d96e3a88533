# profile: capx
# task: libero_90/28
# kinds: 4
# outcome: passes

# Close the top drawer of the white cabinet by pushing its face with closed fingers.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
pts = get_object_3d_points_and_masks_from_language("white cabinet", use_multiview=False)["points_3d"]
z_top = np.percentile(pts[:, 2], 98)
upper = pts[(pts[:, 2] > z_top - 0.09)]
y_front = np.percentile(upper[:, 1], 2)
x_c = np.median(upper[:, 0])
print("cabinet top", round(float(z_top), 3), "drawer face y", round(float(y_front), 3), "x", round(float(x_c), 3))

close_gripper()
z = z_top - 0.05
goto_pose(np.array([x_c, y_front - 0.08, z_top + 0.15]), DOWN)
goto_pose(np.array([x_c, y_front - 0.08, z]), DOWN)
for i in range(1, 8):
    goto_pose(np.array([x_c, y_front - 0.08 + 0.045 * i, z]), DOWN)
reached = get_observation()["robot_cartesian_pos"][1]
print("pushed to y", round(float(reached), 3))
goto_pose(np.array([x_c, y_front - 0.05, z]), DOWN)
goto_pose(np.array([x_c, y_front - 0.05, z_top + 0.2]), DOWN)
