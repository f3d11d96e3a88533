# profile: aspire
# task: libero_goal/0
# kinds: 4, 7
# outcome: passes

# Open the middle drawer: horizontal hand (pointing at the cabinet, -y), fingers above and below the handle bar.
import numpy as np

SIDE = np.array([0.70710678, 0.70710678, 0.0, 0.0])   # hand z -> world -y, fingers open along world z


def handles():
    cam = get_observation()["agentview"]
    d = cam["images"]["depth"]
    d = d[:, :, 0] if d.ndim == 3 else d
    found = []
    for prompt in ("cabinet drawer handle", "drawer handle", "handle"):
        for m in segment_sam3_text_prompt(cam["images"]["rgb"], prompt):
            p = mask_to_world_points(m["mask"].astype(np.uint8), d, cam["intrinsics"], cam["pose_mat"])
            if len(p) < 5:
                continue
            c = np.median(p, axis=0)
            if all(np.linalg.norm(c - f) > 0.03 for f in found):
                found.append(c)
        if len(found) >= 3:
            break
    return sorted(found, key=lambda c: c[2])


hs = handles()
print(len(hs), "handles:", [np.round(h, 3).tolist() for h in hs])
if len(hs) == 0:
    raise RuntimeError("no handles seen")
h = hs[len(hs) // 2]

open_gripper()
pre = h + np.array([0.0, 0.10, 0.0])
at = h + np.array([0.0, -0.005, 0.0])
move_to_joints(solve_ik(pre, SIDE))
move_to_joints(solve_ik(at, SIDE))
close_gripper()
opening = get_observation()["robot_joint_pos"][-1]
print("opening on the bar", round(float(opening), 3))
for dy in (0.05, 0.10, 0.15, 0.19):
    move_to_joints(solve_ik(at + np.array([0.0, dy, 0.0]), SIDE))
open_gripper()
move_to_joints(solve_ik(at + np.array([0.0, 0.26, 0.0]), SIDE))
