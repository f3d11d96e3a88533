# profile: aspire
# task: libero_goal/7
# kinds: 4, 5, 7
# outcome: passes

# Turn on the stove: pinch the knob from above and twist with the last wrist joint.
import numpy as np

obs = get_observation()
cam = obs["agentview"]
rgb = cam["images"]["rgb"]
depth = cam["images"]["depth"]
depth = depth[:, :, 0] if depth.ndim == 3 else depth
K, E = cam["intrinsics"], cam["pose_mat"]

knob = None
for prompt in ["stove knob", "stove control knob", "knob", "round dial"]:
    masks = segment_sam3_text_prompt(rgb, prompt)
    masks = [m for m in masks if m["score"] > 0.2]
    if masks:
        m = max(masks, key=lambda r: r["score"])
        pts = mask_to_world_points(m["mask"].astype(np.uint8), depth, K, E)
        if len(pts) >= 5:
            knob = np.median(pts, axis=0)
            top = float(np.percentile(pts[:, 2], 90))
            print(f"knob by '{prompt}' at {np.round(knob, 3)}, {len(pts)} points")
            break
if knob is None:
    raise RuntimeError("knob not found")

quat = np.array([0.0, 1.0, 0.0, 0.0])
open_gripper()
above = np.array([knob[0], knob[1], top + 0.12])
grip = np.array([knob[0], knob[1], top - 0.015])
move_to_joints(solve_ik(above, quat))
move_to_joints(solve_ik(grip, quat))
close_gripper()
j = solve_ik(grip, quat)
for step in range(6):
    j[6] = j[6] - 0.3
    move_to_joints(j)
open_gripper()
move_to_joints(solve_ik(above, quat))
