# profile: aspire
# task: libero_10/2
# kinds: 4, 7
# outcome: passes
import numpy as np
from scipy.spatial.transform import Rotation

def topdown(deg):
    r = Rotation.from_euler("z", deg, degrees=True) * Rotation.from_euler("x", 180, degrees=True)
    x, y, z, w = r.as_quat()
    return np.array([w, x, y, z])

def look(prompts):
    cam = get_observation()["agentview"]
    for p in prompts:
        ms = segment_sam3_text_prompt(cam["images"]["rgb"], p)
        if ms:
            b = max(ms, key=lambda m: m["score"])
            pts = mask_to_world_points(b["mask"].astype(np.uint8), cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
            if len(pts) > 3:
                return pts
    raise RuntimeError(f"nothing for {prompts}")

print(env.handle.task_language)
knob = np.median(look(["stove knob", "knob"]), axis=0)
burner = look(["stove burner", "burner", "stove"])
bl, bh = np.percentile(burner, [5, 95], axis=0)
pot = look(["moka pot", "silver moka pot", "coffee pot"])
pl, ph = np.percentile(pot, [5, 95], axis=0)

# 1. the knob
open_gripper()
goto_pose(knob, topdown(0), z_approach=0.1)
close_gripper()
for deg in (20, 40, 60, 80):
    goto_pose(knob, topdown(deg))
open_gripper()
goto_pose(knob + np.array([0, 0, 0.2]), topdown(80))
goto_home_joint_position()

# 2. the pot: its body, with the fingers along x
c = np.median(pot, axis=0)
body = np.array([c[0] - 0.01, c[1], ph[2] - 0.045])
q = topdown(90)
goto_pose(body, q, z_approach=0.12)
close_gripper()
goto_pose(body + np.array([0, 0, 0.18]), q)
held = get_observation()["robot_joint_pos"][-1]
print("pot held:", bool(held > 0.1))
mid = (bl + bh) / 2
put = np.array([mid[0], mid[1], body[2] + 0.05])
goto_pose(put + np.array([0, 0, 0.13]), q)
goto_pose(put, q)
open_gripper()
goto_pose(put + np.array([0, 0, 0.15]), q)
