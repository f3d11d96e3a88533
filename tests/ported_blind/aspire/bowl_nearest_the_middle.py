# profile: aspire
# task: libero_spatial/0
# kinds: 2, 7
# outcome: passes

# "pick the black bowl between the plate and the ramekin and place it on the plate": two identical bowls.
import numpy as np
from typing import List, Optional, Tuple

DOWN = np.array([0.0, 1.0, 0.0, 0.0])


def centers(prompt: str, cam: dict) -> List[Tuple[np.ndarray, np.ndarray]]:
    depth = cam["images"]["depth"]
    depth = depth[:, :, 0] if depth.ndim == 3 else depth
    out = []
    for det in segment_sam3_text_prompt(cam["images"]["rgb"], prompt):
        if det["score"] < 0.3:
            continue
        pts = mask_to_world_points(det["mask"].astype(np.uint8), depth, cam["intrinsics"], cam["pose_mat"])
        if len(pts) < 15:
            continue
        box = get_oriented_bounding_box_from_3d_points(pts)
        out.append((np.array(box["center"]), pts))
    return out


def first(prompts: List[str], cam: dict) -> Optional[Tuple[np.ndarray, np.ndarray]]:
    for p in prompts:
        c = centers(p, cam)
        if c:
            return c[0]
    return None


cam = get_observation()["agentview"]
plate = first(["white plate", "plate"], cam)
ramekin = first(["white ramekin", "ramekin", "small white bowl"], cam)
bowls = centers("black bowl", cam)
assert plate is not None and ramekin is not None and bowls, "scene not understood"

middle = (plate[0][:2] + ramekin[0][:2]) / 2
bowls.sort(key=lambda b: np.linalg.norm(b[0][:2] - middle))
center, pts = bowls[0]
print(f"{len(bowls)} bowls; the one {np.linalg.norm(center[:2] - middle):.3f} m from the middle")

rim_z = np.percentile(pts[:, 2], 95)
offset = np.array([0.0, 0.048, 0.0])      # rim of the bowl, fingers close along y
grasp = np.array([center[0], center[1], rim_z - 0.018]) + offset

open_gripper()
move_to_joints(solve_ik(grasp + [0, 0, 0.12], DOWN))
move_to_joints(solve_ik(grasp, DOWN))
close_gripper()
move_to_joints(solve_ik(grasp + [0, 0, 0.2], DOWN))

plate_center = plate[0]
goal = np.array([plate_center[0], plate_center[1], 0.0]) + offset
move_to_joints(solve_ik([goal[0], goal[1], grasp[2] + 0.2], DOWN))
move_to_joints(solve_ik([goal[0], goal[1], grasp[2] + 0.03], DOWN))
open_gripper()
move_to_joints(solve_ik([goal[0], goal[1], grasp[2] + 0.2], DOWN))
