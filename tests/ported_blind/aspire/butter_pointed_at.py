# profile: aspire
# task: libero_90/56
# kinds: 6, 7
# outcome: passes
import numpy as np

# Pick up the butter and put it in the tray (living room)
DOWN = [0.0, 1.0, 0.0, 0.0]
obs = get_observation()
agent = obs["agentview"]
rgb = agent["images"]["rgb"]
depth = agent["images"]["depth"]
K = agent["intrinsics"]
cam_to_world = agent["pose_mat"]

# SAM3 point prompt from a Molmo point; text prompt as a fallback
def segment(what):
    pt = point_prompt_molmo(rgb, what).get(what, (None, None))
    res = []
    if pt[0] is not None:
        res = segment_sam3_point_prompt(rgb, (float(pt[0]), float(pt[1])))
    if not res:
        res = segment_sam3_text_prompt(rgb, what)
    if not res:
        raise RuntimeError("cannot segment " + what)
    return max(res, key=lambda x: x["score"])["mask"]

butter = segment("butter")
tray = segment("wooden tray")

poses, scores = plan_grasp(depth=depth, intrinsics=K, segmentation=butter.astype(np.int32))
order = np.argsort(-scores)
chosen = None
for i in order[:20]:
    Tw = cam_to_world @ poses[i]
    if -Tw[2, 2] > 0.85:
        chosen = Tw
        break
if chosen is None:
    chosen, _ = select_top_down_grasp(poses, scores, cam_to_world, vertical_threshold=0.5)
if chosen is None:
    chosen = cam_to_world @ poses[order[0]]
pos, quat = decompose_transform(chosen)
print("grasp", np.round(pos, 3), np.round(quat, 3), "of", len(scores))

tray_pts = mask_to_world_points(tray.astype(np.uint8), depth, K, cam_to_world)
tc = (np.percentile(tray_pts, 3, axis=0) + np.percentile(tray_pts, 97, axis=0)) / 2

open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.2]), quat)
goto_pose(np.array([tc[0], tc[1], pos[2] + 0.2]), np.array(DOWN))
goto_pose(np.array([tc[0], tc[1], tray_pts[:, 2].max() + 0.03]), np.array(DOWN))
open_gripper()
goto_pose(np.array([tc[0], tc[1], pos[2] + 0.25]), np.array(DOWN))
