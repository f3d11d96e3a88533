# profile: aspire
# task: libero_object_task/0
# kinds: 2, 6
# outcome: passes
# The suite's file names lie; the sentence says what is to be carried.
import numpy as np

words = [w for w in env.handle.task_language.lower().replace(".", "").split() if w not in ("the", "up")]
name = " ".join(words[words.index("pick") + 1 : words.index("and")])
for look in range(4):
    cam = get_observation()["agentview"]
    rgb, depth, K, T = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
    hits = {n: segment_sam3_text_prompt(rgb, n) for n in (name, "basket")}
    if all(hits.values()):
        break
masks = {n: max(found, key=lambda m: m["score"])["mask"] for n, found in hits.items()}
poses, scores = plan_grasp(depth, K, masks[name])
grasp, _ = select_top_down_grasp(poses, scores, T)
if grasp is None:
    grasp = T @ poses[scores.argmax()]
p, q = decompose_transform(grasp)
basket = get_oriented_bounding_box_from_3d_points(mask_to_world_points(masks["basket"], depth, K, T))["center"]
open_gripper()
goto_pose(p, q, z_approach=0.12)
goto_pose(p, q)
close_gripper()
goto_pose(p + np.array([0, 0, 0.24]), q)
goto_pose(np.array([basket[0], basket[1], p[2] + 0.24]), q)
goto_pose(np.array([basket[0], basket[1], p[2] + 0.13]), q)
open_gripper()
for _ in range(3):
    get_observation()
