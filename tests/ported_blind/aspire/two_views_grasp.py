# profile: aspire
# task: libero_90/9
# kinds: 2, 3, 6
# outcome: passes
import numpy as np

def view(name):
    cam = get_observation()[name]
    return cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]

def scene_cloud(name):
    _, depth, K, E = view(name)
    return transform_points(depth_to_point_cloud(depth, K), E).reshape(-1, 3)

def object_cloud(name, prompt):
    rgb, depth, K, E = view(name)
    found = segment_sam3_text_prompt(rgb, prompt)
    if not found:
        return np.empty((0, 3))
    best = max(found, key=lambda d: d["score"])
    return mask_to_world_points(best["mask"].astype(np.uint8), depth, K, E)

front, wrist = object_cloud("agentview", "black bowl"), object_cloud("robot0_eye_in_hand", "black bowl")
both = front
if len(wrist) and np.linalg.norm(np.median(wrist, axis=0) - np.median(front, axis=0)) < 0.05:
    both = np.concatenate([front, wrist])
print("views merged:", len(both) >= len(front))
everything = np.concatenate([scene_cloud("agentview"), scene_cloud("robot0_eye_in_hand")])
everything = subsample_point_cloud(everything, max_points=20000)
grasps, scores = plan_grasp_from_point_clouds(everything.astype(np.float32), both.astype(np.float32))
ups = -grasps[:, 2, 2]
good = np.where(ups > 0.85)[0]
pick = good[np.argmax(scores[good])] if len(good) else int(np.argmax(scores))
pos, quat = decompose_transform(grasps[pick])
lo, hi = np.percentile(both, [4, 96], axis=0)
bowl = (lo + hi) / 2
p = object_cloud("agentview", "plate")
plate = (np.percentile(p, 4, axis=0) + np.percentile(p, 96, axis=0)) / 2

open_gripper()
goto_pose(pos, quat, z_approach=0.12)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.2]), quat)
place = np.array([plate[0] + pos[0] - bowl[0], plate[1] + pos[1] - bowl[1], pos[2] + 0.02])
goto_pose(place + np.array([0, 0, 0.15]), quat)
goto_pose(place, quat)
open_gripper()
goto_pose(place + np.array([0, 0, 0.15]), quat)
