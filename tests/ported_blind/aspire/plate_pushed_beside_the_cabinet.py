# profile: aspire
# task: libero_goal/5
# kinds: 4
# outcome: fails
# why: the hand, 20 cm wide, does not fit between plate and cabinet; upstream's skills turn the wrist for it

# Push the plate to the front of the stove.  Contact task: descend behind the back rim, then sweep.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
cam = get_observation()["agentview"]
rgb, d, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
d = d[:, :, 0] if d.ndim == 3 else d


def pts_of(*prompts):
    for p in prompts:
        r = segment_sam3_text_prompt(rgb, p)
        if r:
            best = max(r, key=lambda m: m["score"])
            return mask_to_world_points(best["mask"].astype(np.uint8), d, K, E)
    raise RuntimeError(f"not found: {prompts}")


plate = pts_of("plate", "white plate")
stove = pts_of("stove", "flat stove", "black stove")
plo, phi = np.percentile(plate[:, :2], 3, axis=0), np.percentile(plate[:, :2], 97, axis=0)
plate_c, radius = (plo + phi) / 2, float(np.mean(phi - plo) / 2)
slo, shi = np.percentile(stove[:, :2], 3, axis=0), np.percentile(stove[:, :2], 97, axis=0)
# the front edge faces the camera (larger x); the plate should come to rest just ahead of it
goal = np.array([shi[0] + radius + 0.05, (slo[1] + shi[1]) / 2])
print("plate", plate_c, "radius", radius, "stove x", slo[0], shi[0], "goal", goal)

close_gripper()
for attempt in range(3):
    if attempt:
        cam = get_observation()["agentview"]
        rgb, d = cam["images"]["rgb"], cam["images"]["depth"]
        d = d[:, :, 0] if d.ndim == 3 else d
        plate = pts_of("plate", "white plate")
        plate_c = (np.percentile(plate[:, :2], 3, axis=0) + np.percentile(plate[:, :2], 97, axis=0)) / 2
    gap = goal - plate_c
    if np.linalg.norm(gap) < 0.025:
        print("plate is there")
        break
    direction = normalize_vector(np.array([gap[0], gap[1], 0.0]))
    start = np.array([*plate_c, 0.0]) - direction * (radius + 0.03)
    stop = np.array([*goal, 0.0]) - direction * (radius + 0.005)
    push_z = 0.005
    move_to_joints(solve_ik([start[0], start[1], 0.15], DOWN))
    move_to_joints(solve_ik([start[0], start[1], push_z], DOWN))
    for p in interpolate_segment(np.array([start[0], start[1], push_z]), np.array([stop[0], stop[1], push_z]), step=0.05):
        move_to_joints(solve_ik(p, DOWN))
    move_to_joints(solve_ik([stop[0], stop[1], 0.2], DOWN))
    goto_home_joint_position()
