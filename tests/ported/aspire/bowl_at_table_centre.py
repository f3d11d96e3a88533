# profile: aspire
# task: libero_spatial/2
# kinds: 1, 2, 4
# outcome: passes
import numpy as np


def run():
    obs = get_observation()
    cam = obs["agentview"]
    rgb = cam["images"]["rgb"]
    depth = cam["images"]["depth"]
    K = cam["intrinsics"]
    E = cam["pose_mat"]

    seen = {"bowl": [], "plate": []}
    for name in seen:
        for det in segment_sam3_text_prompt(rgb, name)[:10]:
            x1, y1, x2, y2 = det["box"]
            area = (x2 - x1) * (y2 - y1)
            pts = mask_to_world_points(det["mask"].astype(np.uint8), depth, K, E)
            if len(pts) < 10:
                continue
            seen[name].append((float(area), pts, det))

    # The middle of the table lies near the image's middle.
    height, width = rgb.shape[0], rgb.shape[1]
    middle = np.array([width / 2.0, height / 2.0])

    def off_centre(item):
        b = item[2]["box"]
        return np.hypot((b[0] + b[2]) / 2 - middle[0], (b[1] + b[3]) / 2 - middle[1])

    area, pts, det = min(seen["bowl"], key=off_centre)
    plate_pts = max(seen["plate"], key=lambda item: item[2]["score"])[1]
    centre = get_oriented_bounding_box_from_3d_points(pts)["center"]
    plate = get_oriented_bounding_box_from_3d_points(plate_pts)["center"]

    grasps, scores = plan_grasp(depth, K, det["mask"].astype(np.uint8))
    grasp, _ = select_top_down_grasp(grasps, scores, E)
    if grasp is None:
        raise RuntimeError("no vertical grasp on the bowl")
    pos, quat = decompose_transform(grasp)

    open_gripper()
    joints = solve_ik((pos + np.array([0, 0, 0.1])).tolist(), quat.tolist())
    if joints is not None:
        move_to_joints(joints)
    joints = solve_ik(pos.tolist(), quat.tolist())
    if joints is not None:
        move_to_joints(joints)
    close_gripper()

    target = np.array([plate[0], plate[1], 0.0]) + np.array([pos[0] - centre[0], pos[1] - centre[1], 0.0])
    for z in (pos[2] + 0.15,):
        move_to_joints(solve_ik([pos[0], pos[1], z], quat.tolist()))
    for z in (pos[2] + 0.15, pos[2] + 0.025):
        move_to_joints(solve_ik([target[0], target[1], z], quat.tolist()))
    open_gripper()
    move_to_joints(solve_ik([target[0], target[1], pos[2] + 0.15], quat.tolist()))


run()
