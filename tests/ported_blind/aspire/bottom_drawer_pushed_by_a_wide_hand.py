# profile: aspire
# task: libero_90/22
# kinds: 4
# outcome: fails
# why: the hand, 20 cm wide along y, meets the cabinet before the drawer is shut

# Close the bottom drawer of the white cabinet: push its front until the arm stops advancing.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
cam = get_observation()["agentview"]
d = cam["images"]["depth"]
d = d[:, :, 0] if d.ndim == 3 else d


def cloud(prompt):
    r = segment_sam3_text_prompt(cam["images"]["rgb"], prompt)
    if not r:
        return np.empty((0, 3))
    best = max(r, key=lambda m: m["score"])
    return mask_to_world_points(best["mask"].astype(np.uint8), d, cam["intrinsics"], cam["pose_mat"])


cabinet = cloud("white cabinet")
if len(cabinet) < 30:
    cabinet = cloud("cabinet")
assert len(cabinet) >= 30, "cabinet not found"
cabinet = filter_noise(cabinet)[0]

z_lo = cabinet[:, 2].min()
low = cabinet[cabinet[:, 2] < z_lo + 0.10]
front_y = float(np.percentile(low[:, 1], 2))          # the open drawer sticks out toward -y
x_mid = float(np.median(cabinet[:, 0]))
print("front of the drawer at y =", round(front_y, 3), "middle x", round(x_mid, 3), "points", len(low))

close_gripper()
z = max(z_lo + 0.05, 0.02)
start = np.array([x_mid, front_y - 0.07, z])
move_to_joints(solve_ik([start[0], start[1], 0.25], DOWN))
move_to_joints(solve_ik(start, DOWN))
previous = get_observation()["robot_cartesian_pos"][1]
for k in range(1, 9):
    move_to_joints(solve_ik([x_mid, start[1] + 0.04 * k, z], DOWN))
    now = get_observation()["robot_cartesian_pos"][1]
    if k > 2 and now - previous < 0.004:
        print("stopped advancing at step", k)
        break
    previous = now
move_to_joints(solve_ik([x_mid, float(previous) - 0.06, z], DOWN))
move_to_joints(solve_ik([x_mid, float(previous) - 0.06, 0.3], DOWN))
