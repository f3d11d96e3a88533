# profile: aspire
# task: libero_10/7
# kinds: 2, 7
# outcome: passes

# libero_10: both the alphabet soup and the cream cheese box in the basket.
import numpy as np
from scipy.spatial.transform import Rotation as R


def down(yaw=0.0):
    q = (R.from_euler("z", yaw) * R.from_quat([1.0, 0.0, 0.0, 0.0])).as_quat()
    return np.array([q[3], q[0], q[1], q[2]])


def scene():
    c = get_observation()["agentview"]
    d = c["images"]["depth"]
    return c["images"]["rgb"], d if d.ndim == 2 else d[..., 0], c["intrinsics"], c["pose_mat"]


def points(prompts):
    rgb, d, K, E = scene()
    for p in prompts:
        hits = segment_sam3_text_prompt(rgb, p)
        if hits:
            pts = mask_to_world_points(max(hits, key=lambda h: h["score"])["mask"].astype(np.uint8), d, K, E)
            if len(pts) > 10:
                return pts
    return None


def grasp_of(pts):
    box = get_oriented_bounding_box_from_3d_points(pts)
    c, ext, axes = box["center"], box["extent"], box["R"]
    horizontal = sorted([i for i in range(3) if abs(axes[2, i]) < 0.7], key=lambda i: ext[i])
    narrow = axes[:, horizontal[0]]
    yaw = np.arctan2(narrow[1], narrow[0]) + np.pi / 2
    yaw = (yaw + np.pi / 2) % np.pi - np.pi / 2
    top = np.percentile(pts[:, 2], 96)
    height = top - np.percentile(pts[:, 2], 4)
    depth_in = min(0.03, max(0.012, 0.5 * height))
    return np.array([c[0], c[1], top - depth_in]), down(yaw)


basket = points(["basket", "woven basket"])
if basket is None:
    raise RuntimeError("no basket")
bc = (np.percentile(basket, 4, axis=0) + np.percentile(basket, 96, axis=0)) / 2
rim = np.percentile(basket[:, 2], 97)

done = []
for name, prompts in {"soup": ["alphabet soup can", "blue can", "soup can"], "cheese": ["cream cheese box", "cream cheese"]}.items():
    for attempt in range(2):
        goto_home_joint_position()
        pts = points(prompts)
        if pts is None:
            print(name, "not seen, attempt", attempt)
            continue
        g, q = grasp_of(pts)
        open_gripper()
        move_to_joints(solve_ik(g + np.array([0, 0, 0.13]), q))
        move_to_joints(solve_ik(g, q))
        close_gripper()
        move_to_joints(solve_ik(g + np.array([0, 0, 0.25]), q))
        w = get_observation()["robot_joint_pos"][-1]
        if w < 0.1:
            print(f"{name}: missed, opening {w:.2f}")
            continue
        shift = -0.03 if name == "soup" else 0.03
        move_to_joints(solve_ik([bc[0] + shift, bc[1], rim + 0.2], q))
        move_to_joints(solve_ik([bc[0] + shift, bc[1], rim + 0.08], q))
        open_gripper()
        move_to_joints(solve_ik([bc[0] + shift, bc[1], rim + 0.25], q))
        done.append(name)
        break
print("put away:", done)
