# profile: aspire
# task: libero_spatial/0
# kinds: 2, 6, 7
# outcome: passes
# Two black bowls: the one between the plate and the ramekin is meant.
import numpy as np

obs = get_observation()
cam = obs["agentview"]
image, depth, K, T = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]


def all_of(prompt, least_score=0.3):
    out = []
    for m in segment_sam3_text_prompt(image, prompt):
        if m["score"] < least_score:
            continue
        pts = mask_to_world_points(m["mask"], depth, K, T)
        if len(pts) < 8:
            continue
        out.append({"mask": m["mask"], "centre": get_oriented_bounding_box_from_3d_points(pts)["center"]})
    return out


bowls = all_of("black bowl")
plate = all_of("white plate")[0]["centre"]
ramekin = all_of("ramekin")[0]["centre"]
between = 0.5 * (plate + ramekin)
bowls.sort(key=lambda b: np.linalg.norm(b["centre"][:2] - between[:2]))
target = bowls[0]
print(f"{len(bowls)} bowls; the chosen one is {np.linalg.norm(target['centre'][:2] - between[:2]) * 100:.0f} cm off the middle")

poses, scores = plan_grasp(depth, K, target["mask"])
# A bowl is held by its wall: hands near its middle would push it away.
outside = np.array([np.linalg.norm((T @ p)[:2, 3] - target["centre"][:2]) > 0.035 for p in poses])
poses, scores = poses[outside], scores[outside]
T_grasp, _ = select_top_down_grasp(poses, scores, T)
if T_grasp is None:
    T_grasp = T @ poses[np.argmax(scores)]
pos, quat = decompose_transform(T_grasp)
hand_from_bowl = pos - target["centre"]

open_gripper()
goto_pose(pos, quat, z_approach=0.12)
close_gripper()
goto_pose(pos + [0, 0, 0.18], quat)
release = plate + hand_from_bowl
goto_pose([release[0], release[1], pos[2] + 0.18], quat)
goto_pose([release[0], release[1], pos[2] + 0.02], quat)
open_gripper()
