# profile: aspire
# task: libero_goal/8
# kinds: 2, 3
# outcome: passes

# Put the bowl on the plate, with organised point clouds and boolean masks.
import numpy as np

cam = get_observation()["agentview"]
rgb, depth = cam["images"]["rgb"], cam["images"]["depth"]
cloud_cam = depth_to_point_cloud(depth, cam["intrinsics"])
cloud = transform_points(cloud_cam, cam["pose_mat"])
H, W = cloud.shape[:2]
assert cloud.shape == (H, W, 3) and rgb.shape[:2] == (H, W)


def mask_of(prompt):
    r = segment_sam3_text_prompt(rgb, prompt)
    if len(r) == 0:
        raise RuntimeError(f"no {prompt}")
    return r[np.argmax([m["score"] for m in r])]["mask"].astype(bool)


bowl_mask = mask_of("black bowl")
plate_mask = mask_of("plate") & ~bowl_mask

table_z = np.median(cloud[..., 2][~(bowl_mask | plate_mask)])
bowl = cloud[bowl_mask]
bowl = bowl[(bowl[:, 2] > table_z - 0.01) & (bowl[:, 2] < table_z + 0.15)]
plate = cloud[plate_mask]
plate = plate[np.abs(plate[:, 2] - np.median(plate[:, 2])) < 0.03]

bc = (bowl.min(0) + bowl.max(0)) / 2
bc_robust = (np.percentile(bowl, 3, axis=0) + np.percentile(bowl, 97, axis=0)) / 2
pc = (np.percentile(plate, 3, axis=0) + np.percentile(plate, 97, axis=0)) / 2
print("bowl", np.round(bc, 3), np.round(bc_robust, 3), "plate", np.round(pc, 3), "table", round(float(table_z), 3))

top = np.percentile(bowl[:, 2], 97)
q = np.array([0.0, 1.0, 0.0, 0.0])
off = np.array([0.0, 0.047, 0.0])
grasp = np.array([bc_robust[0], bc_robust[1], top - 0.015]) + off

waypoints = [grasp + [0, 0, 0.15], grasp + [0, 0, 0.05], grasp]
open_gripper()
for w in waypoints:
    move_to_joints(solve_ik(w, q))
close_gripper()
carry = grasp[2] + 0.15
place = np.array([pc[0], pc[1], grasp[2] + 0.02]) + off
for p in interpolate_segment(np.array([grasp[0], grasp[1], carry]), np.array([place[0], place[1], carry]), step=0.08):
    move_to_joints(solve_ik(p, q))
move_to_joints(solve_ik(place, q))
open_gripper()
move_to_joints(solve_ik(place + [0, 0, 0.15], q))
