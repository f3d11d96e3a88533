# profile: aspire
# task: libero_90/8
# kinds: 2, 3, 4, 5, 7
# outcome: passes
# Pull the top drawer open, let go, then carry the bowl into it.
import numpy as np


def camera():
    c = get_observation()["agentview"]
    return c["images"]["rgb"], c["images"]["depth"], c["intrinsics"], c["pose_mat"]


def mask_of(rgb, *prompts):
    for prompt in prompts:
        hits = segment_sam3_text_prompt(rgb, prompt)
        if hits:
            return max(hits, key=lambda h: h["score"])["mask"]
    return None


def go(position, quat):
    joints = solve_ik(np.asarray(position, dtype=np.float64), quat)
    if joints is not None:
        move_to_joints(joints)


# 1. the drawer
rgb, depth, K, T = camera()
bar = np.median(mask_to_world_points(mask_of(rgb, "top drawer handle", "drawer handle"), depth, K, T), axis=0)
pull = np.array([0.70710678, 0.70710678, 0.0, 0.0])
back = np.array([0.0, 1.0, 0.0])
bar = bar - 0.01 * back - [0.0, 0.0, 0.006]  # the fingers a little past the bar, whose upper side is seen most
open_gripper()
go(bar + 0.10 * back, pull)
go(bar, pull)
close_gripper()
for step in range(1, 9):
    go(bar + [0.0, 0.024 * step, 0.0], pull)
open_gripper()
go(bar + [0.0, 0.25, 0.10], pull)
goto_home_joint_position()

# 2. the bowl, and where the drawer's handle is now
rgb, depth, K, T = camera()
now = np.median(mask_to_world_points(mask_of(rgb, "top drawer handle", "drawer handle"), depth, K, T), axis=0)
bowl_mask = mask_of(rgb, "black bowl", "bowl")
bowl = get_oriented_bounding_box_from_3d_points(mask_to_world_points(bowl_mask, depth, K, T))["center"]
print("drawer came out by", round(float(now[1] - bar[1]), 2), "m")

# The open drawer hangs over the bowl's near side: a thin hand (fingers along x) at its left wall, out sideways, then up.
quat = np.array([0.0, 0.70710678, 0.70710678, 0.0])
offset = np.array([-0.042, 0.022, 0.0])
rim = np.percentile(mask_to_world_points(bowl_mask, depth, K, T)[:, 2], 95)
pos = np.array([bowl[0], bowl[1], rim - 0.014]) + offset
open_gripper()
go(pos + [0.0, 0.12, 0.15], quat)
go(pos + [0.0, 0.0, 0.10], quat)
go(pos, quat)
close_gripper()
go(pos + [0.0, 0.10, 0.02], quat)

# 3. into the drawer: its middle is nine centimetres behind the handle
inside = now + np.array([0.0, -0.10, 0.0])
over = now[2] + 0.18
go([pos[0], pos[1] + 0.10, over], quat)
go([inside[0] + offset[0], inside[1] + offset[1], over], quat)
go([inside[0] + offset[0], inside[1] + offset[1], now[2] + 0.05], quat)
open_gripper()
go([inside[0] + offset[0], inside[1] + offset[1], over], quat)
