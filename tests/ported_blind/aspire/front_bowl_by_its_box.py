# profile: aspire
# task: libero_90/13
# kinds: 5, 7
# outcome: passes

# Three bowls; "the black bowl at the front" is the one nearest the camera = lowest in the image.
import numpy as np

DOWN = np.array([0, 1.0, 0, 0])
cam = get_observation()["agentview"]
depth = cam["images"]["depth"]
depth = depth[:, :, 0] if len(depth.shape) == 3 else depth
dets = segment_sam3_text_prompt(cam["images"]["rgb"], "black bowl")
print("bowls:", len(dets), [np.round(d["box"], 1).tolist() for d in dets[:5]])
dets = [d for d in dets if d["score"] > 0.25]
if not dets:
    raise RuntimeError("no bowl")
front = max(dets, key=lambda d: (d["box"][1] + d["box"][3]) / 2)
pts = mask_to_world_points(front["mask"].astype(np.uint8), depth, cam["intrinsics"], cam["pose_mat"])
bowl = get_oriented_bounding_box_from_3d_points(pts)["center"]
rim_z = float(np.percentile(pts[:, 2], 95))

plates = segment_sam3_text_prompt(cam["images"]["rgb"], "plate")
if not plates:
    raise RuntimeError("no plate")
pp = mask_to_world_points(plates[0]["mask"].astype(np.uint8), depth, cam["intrinsics"], cam["pose_mat"])
plate = get_oriented_bounding_box_from_3d_points(pp)["center"]

side = np.array([0.0, 0.05, 0.0])
g = np.array([bowl[0], bowl[1], rim_z - 0.02]) + side
open_gripper()
goto_pose(g, DOWN, z_approach=0.12)
close_gripper()
goto_pose(g + np.array([0, 0, 0.16]), DOWN)
goto_pose(np.array([plate[0], plate[1], g[2] + 0.16]) + side, DOWN)
goto_pose(np.array([plate[0], plate[1], g[2] + 0.025]) + side, DOWN)
open_gripper()
goto_pose(np.array([plate[0], plate[1], g[2] + 0.16]) + side, DOWN)
