# profile: aspire
# task: libero_object/8
# kinds: 1, 2, 6, 7
# outcome: passes
import numpy as np
import json  # for debugging dumps


def mask_by_pointing(image, prompts):
    for prompt in prompts:
        u, v = point_prompt_molmo(image, prompt)[prompt]
        if u is None or v is None:
            print("no point for", prompt)
            continue
        segments = segment_sam3_point_prompt(image, (float(u), float(v)))
        if not segments:
            continue
        # The smallest segment around the pixel is the thing itself, not what it stands on.
        smallest = min(segments, key=lambda s: np.count_nonzero(s["mask"]))
        if smallest["mask"].astype(np.int64).sum() > 8:
            return smallest["mask"]
    return None


obs = get_observation()
cam = obs["agentview"]
rgb = cam["images"]["rgb"]
depth = cam["images"]["depth"]

nothing = point_prompt_molmo(rgb, "purple elephant")
pudding = mask_by_pointing(rgb, ["chocolate pudding", "brown box"])
basket = mask_by_pointing(rgb, ["the basket"])
assert pudding is not None and basket is not None

where = mask_to_world_points(pudding, depth, cam["intrinsics"], cam["pose_mat"])
into = mask_to_world_points(basket, depth, cam["intrinsics"], cam["pose_mat"])
poses, scores = plan_grasp(depth=depth, intrinsics=cam["intrinsics"], segmentation=pudding)
order = np.argsort(scores)[::-1]
pose = None
for i in order[:5]:
    candidate = cam["pose_mat"] @ poses[i]
    if candidate[2, 2] < -0.8:
        pose = candidate
        break
if pose is None:
    raise RuntimeError("only sideways grasps")

position, orientation = pose[:3, 3], rotation_matrix_to_quaternion(pose[:3, :3])
open_gripper()
goto_pose(position=position, quaternion_wxyz=orientation, z_approach=0.1)
close_gripper()
goto_pose(position=position + [0, 0, 0.25], quaternion_wxyz=orientation)
box = get_oriented_bounding_box_from_3d_points(points=into)
goto_pose(position=[box["center"][0], box["center"][1], 0.27], quaternion_wxyz=orientation)
goto_pose(position=[box["center"][0], box["center"][1], 0.17], quaternion_wxyz=orientation)
open_gripper()
