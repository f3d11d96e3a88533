# profile: aspire
# task: libero_object_task/4
# kinds: 6
# outcome: passes
import re
import numpy as np

lang = env.handle.task_language
m = re.search(r"pick (?:up )?the (.+?) and (?:place|put) it in the (.+)", lang.lower())
if not m:
    raise ValueError(f"cannot parse {lang!r}")
thing, container = m.group(1).strip(), m.group(2).strip().rstrip(".")
print(f"move {thing!r} into {container!r}")

SHAPES = {"milk": "milk carton", "ketchup": "ketchup bottle", "butter": "butter box"}
queries = [SHAPES.get(thing, thing), thing]
cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
det = next((max(r, key=lambda d: d["score"]) for r in (segment_sam3_text_prompt(rgb, q) for q in queries) if r), None)
if det is None:
    raise RuntimeError(f"no {thing}")
grasps, scores = plan_grasp(depth, K, det["mask"].astype(np.int64))
pose, best = select_top_down_grasp(grasps, scores, E)
if pose is None:
    pose = E @ grasps[int(np.argmax(scores))]
pos, quat = decompose_transform(pose)
box = mask_to_world_points(max(segment_sam3_text_prompt(rgb, container), key=lambda d: d["score"])["mask"], depth, K, E)
c = get_oriented_bounding_box_from_3d_points(box)["center"]

open_gripper()
goto_pose(pos, quat, z_approach=0.15)
goto_pose(pos, quat)
close_gripper()
goto_pose(pos + np.array([0.0, 0.0, 0.25]), quat)
goto_pose(np.array([c[0], c[1], pos[2] + 0.25]), quat)
goto_pose(np.array([c[0], c[1], c[2] + 0.17]), quat)
open_gripper()
