# profile: aspire
# task: libero_90/23
# kinds: 2, 4, 7
# outcome: passes
# Push the bottom drawer shut, then pull the top one open; this cabinet faces the robot's right (-y).
import numpy as np
from scipy.spatial.transform import Rotation


def quat_of(closing, approach):
    m = np.column_stack([np.cross(closing, approach), closing, approach])
    return np.roll(Rotation.from_matrix(m).as_quat(), 1)


def handle(level):
    for _ in range(3):
        cam = get_observation()["agentview"]
        for prompt in (f"{level} drawer handle", f"handle of the {level} drawer"):
            hits = segment_sam3_text_prompt(cam["images"]["rgb"], prompt)
            if hits:
                mask = max(hits, key=lambda h: h["score"])["mask"]
                pts = mask_to_world_points(mask, cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
                if len(pts) > 3:
                    return np.median(pts, axis=0)
    raise RuntimeError(f"no {level} handle")


def servo(points, quat):
    for p in points:
        j = solve_ik(np.asarray(p, dtype=float), quat)
        if j is not None:
            move_to_joints(j)


bottom = handle("bottom")
poke = quat_of(np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.857, -0.514]))
close_gripper()
servo([bottom + [0, -0.10, 0.15], bottom + [0, -0.04, 0.0]], poke)
servo([bottom + [0, d, 0.0] for d in np.arange(0.0, 0.20, 0.03)], poke)
servo([bottom + [0, 0.05, 0.05], bottom + [0, -0.05, 0.20]], poke)
goto_home_joint_position()

# What is seen of the bar are its front and its upper side: the fingers go a little past and below them.
top = handle("top") + [0.0, 0.012, -0.007]
grip = quat_of(np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0]))
open_gripper()
servo([top + [0, -0.22, 0.05], top + [0, -0.12, 0.0], top + [0, -0.05, 0.0], top], grip)
close_gripper()
servo([top + [0, -d, 0.0] for d in np.arange(0.02, 0.20, 0.02)], grip)
open_gripper()
