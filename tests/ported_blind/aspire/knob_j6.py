# profile: aspire
# task: libero_goal/7
# kinds: 4, 7
# outcome: passes
import numpy as np

cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
knob = None
for prompt in ["stove control knob", "stove knob", "knob", "small black knob of the stove"]:
    masks = segment_sam3_text_prompt(rgb, prompt)
    if not masks:
        continue
    best = max(masks, key=lambda d: d["score"])
    pts = mask_to_world_points(best["mask"].astype(np.uint8), depth, K, E)
    if len(pts) >= 4:
        knob = np.median(pts, axis=0)
        print("knob by", "a knob prompt")
        break
if knob is None:
    raise RuntimeError("no knob")

quat = np.array([0.0, 1.0, 0.0, 0.0])
open_gripper()
move_to_joints(solve_ik(knob + np.array([0, 0, 0.1]), quat))
j = solve_ik(knob + np.array([0, 0, -0.005]), quat)
move_to_joints(j)
close_gripper()
# Turning the last joint turns the fingers in place. Seen from above the hand turns against the clock
# when joint 7 decreases.
base = j.copy()
limit = 2.8
for k in range(1, 7):
    q = base.copy()
    q[6] = np.clip(base[6] - k * 0.25, -limit, limit)
    move_to_joints(q)
turned = base[6] - get_observation()["robot_joint_pos"][6]
print("turned by more than a radian:", bool(turned > 1.0))
open_gripper()
up = solve_ik(knob + np.array([0, 0, 0.15]), quat)
move_to_joints(up)
