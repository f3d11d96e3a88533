# profile: aspire
# task: libero_object_swap/3
# kinds: 2, 7
# outcome: passes
import numpy as np
from scipy.spatial.transform import Rotation

def make_topdown_quat(yaw_deg=0):
    R = Rotation.from_euler('z', yaw_deg, degrees=True).as_matrix() @ \
        np.array([[1, 0, 0], [0, -1, 0], [0, 0, -1]])
    q = Rotation.from_matrix(R).as_quat()
    return np.array([q[3], q[0], q[1], q[2]])

def look():
    obs = get_observation()
    cam = obs["agentview"]
    depth = cam["images"]["depth"]
    depth = depth[:, :, 0] if len(depth.shape) == 3 else depth
    return obs, cam["images"]["rgb"], depth, cam["intrinsics"], cam["pose_mat"]

def localize_object(prompts):
    obs, rgb, depth, K, E = look()
    for prompt in prompts:
        masks = segment_sam3_text_prompt(rgb, prompt)
        if not masks:
            continue
        best = max(masks, key=lambda d: d["score"])
        pts = mask_to_world_points(best["mask"].astype(np.uint8), depth, K, E)
        if pts is None or len(pts) < 10:
            continue
        return get_oriented_bounding_box_from_3d_points(pts)["center"], pts
    return None, None

def mj(pos, quat):
    joints = solve_ik(np.asarray(pos).tolist(), quat.tolist())
    if joints is not None:
        move_to_joints(joints)
    return joints is not None

def run():
    print("Task:", env.handle.task_language)
    center, pts = localize_object(["bbq sauce bottle", "barbecue sauce bottle", "brown sauce bottle"])
    basket, bpts = localize_object(["woven basket", "basket", "storage basket"])
    if center is None or basket is None:
        raise RuntimeError("localization failed")
    top = np.percentile(pts[:, 2], 97)
    held = False
    for yaw_deg in [0, 90, 45]:
        quat = make_topdown_quat(yaw_deg)
        grasp = np.array([center[0], center[1], top - 0.045])
        open_gripper()
        mj(grasp + np.array([0, 0, 0.1]), quat)
        mj(grasp, quat)
        close_gripper()
        mj(grasp + np.array([0, 0, 0.22]), quat)
        gw = float(get_observation()["robot_joint_pos"][-1])
        print(f"yaw={yaw_deg} gripper={gw:.2f}")
        if gw > 0.03:
            held = True
            break
    if not held:
        raise RuntimeError("air grasp at every yaw")
    over = np.array([basket[0], basket[1], top + 0.17])
    mj(over, quat)
    over[2] = bpts[:, 2].max() + 0.06
    mj(over, quat)
    open_gripper()
    for _ in range(3):
        get_observation()

run()
