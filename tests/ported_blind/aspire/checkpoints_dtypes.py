# profile: aspire
# task: libero_90/47
# kinds: 1, 6
# outcome: passes
import time
import json
import numpy as np

def stage(name, **info):
    print(name, json.dumps(info))
    breakpoint_code_block()

t0 = time.time()
cam = get_observation()["agentview"]
rgb = np.asarray(cam["images"]["rgb"])
depth = np.asarray(cam["images"]["depth"], dtype=np.float64)
masks = segment_sam3_text_prompt(rgb, "cream cheese box")
mask = max(masks, key=lambda d: d["score"])["mask"]
variants = [mask.astype(t) for t in (np.uint8, np.int16, np.int32, np.float16, np.float32, bool)]
counts = {str(v.dtype): int(np.count_nonzero(v)) for v in variants}
stage("dtypes", same=len(set(counts.values())) == 1, names=sorted(counts))

mean_rgb = rgb[mask.astype(bool)].mean(axis=0)
stage("colour", channels=len(mean_rgb), overflow=int(np.uint8(250) + np.uint8(10)) == 4)
pts = mask_to_world_points(variants[1], depth, cam["intrinsics"], cam["pose_mat"])
half = pts.astype(np.float16).astype(np.float64)
stage("half", close=bool(np.abs(half - pts).max() < 2e-3), kind=str((pts.astype(np.float32) * 2).dtype))

center = get_oriented_bounding_box_from_3d_points(pts)["center"]
quat = np.array([0, 1, 0, 0], dtype=np.int8)
goal = mask_to_world_points(max(segment_sam3_text_prompt(rgb, "basket"), key=lambda d: d["score"])["mask"], depth,
                            cam["intrinsics"], cam["pose_mat"])
b = get_oriented_bounding_box_from_3d_points(goal)["center"]
open_gripper()
goto_pose(center - np.array([0, 0, 0.004]), quat, z_approach=0.1)
close_gripper()
stage("grasp", held=bool(get_observation()["robot_joint_pos"][-1] > 0.05))
goto_pose(center + np.array([0, 0, 0.25]), quat)
goto_pose(np.array([b[0], b[1], b[2] + 0.17]), quat)
open_gripper()
stage("done", took=bool(time.time() - t0 >= 0))
