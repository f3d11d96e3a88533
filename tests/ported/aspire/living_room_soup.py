# profile: aspire
# task: libero_90/46
# kinds: 2, 4, 6
# outcome: passes
import copy
import time

import numpy as np

instruction = env.handle.task_language.lower()
noun = instruction.split("pick up the ")[1].split(" and put it")[0]
container = instruction.rstrip(".").split(" in the ")[-1]
print(f"take {noun!r} to {container!r}")


def seen(prompt):
    camera = get_observation()["agentview"]
    detections = segment_sam3_text_prompt(camera["images"]["rgb"], text_prompt=prompt)
    if not detections:
        return None, None, camera
    d = detections[0]
    pts = mask_to_world_points(
        mask=d["mask"], depth=camera["images"]["depth"], intrinsics=camera["intrinsics"], extrinsics=camera["pose_mat"]
    )
    return get_oriented_bounding_box_from_3d_points(pts), d["mask"], camera


basket, _, _ = seen(container)
rim = basket["center"][2] + 0.5 * basket["extent"][2]
for attempt in range(3):
    box, mask, camera = seen(noun)
    if box is None:
        continue
    poses, scores = plan_grasp(camera["images"]["depth"], camera["intrinsics"], mask)
    grasp, _ = select_top_down_grasp(poses, scores, camera["pose_mat"])
    p, q = (box["center"], np.array([0.0, 0.0, 1.0, 0.0])) if grasp is None else decompose_transform(grasp)
    open_gripper()
    goto_pose(p, q, z_approach=0.14)
    close_gripper()
    goto_pose(np.array([p[0], p[1], rim + 0.16]), q)
    if get_observation()["robot_cartesian_pos"][7] > 0.3:
        break
    print("missed it")
    goto_home_joint_position()
for height in (0.16, 0.04):
    goto_pose(np.array([basket["center"][0], basket["center"][1], rim + height]), q)
open_gripper()
