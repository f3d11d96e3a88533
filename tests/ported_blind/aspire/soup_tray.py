# profile: aspire
# task: libero_90/55
# kinds: 2, 7
# outcome: passes
import numpy as np

prompts = {"pick": ["alphabet soup can", "soup can", "blue can"], "place": ["wooden tray", "brown tray", "tray"]}
Q = np.array([0.0, 1.0, 0.0, 0.0])
cam = get_observation()["agentview"]
rgb = cam["images"]["rgb"]
depth = cam["images"]["depth"]

def resolve(kind):
    best = None
    for i, text in enumerate(prompts[kind]):
        for r in segment_sam3_text_prompt(rgb, text):
            s = r["score"] - 0.1 * i
            if best is None or s > best[0]:
                best = (s, r["mask"], text)
    return best

_, can_mask, can_word = resolve("pick")
_, tray_mask, tray_word = resolve("place")
print("words:", can_word, "/", tray_word)

can = mask_to_world_points(can_mask.astype(np.uint8), depth, cam["intrinsics"], cam["pose_mat"])
tray = mask_to_world_points(tray_mask.astype(np.uint8), depth, cam["intrinsics"], cam["pose_mat"])
can, _ = filter_noise(can) if len(can) > 400 else (can, None)
obb = get_oriented_bounding_box_from_3d_points(can)
cx, cy, cz = obb["center"]
ztop = np.percentile(can[:, 2], 95)

open_gripper()
goto_pose(np.array([cx, cy, ztop - 0.035]), Q, z_approach=0.1)
close_gripper()
width = get_observation()["robot_joint_pos"][-1] * 0.08
print("can width 4-8 cm:", bool(0.04 < width < 0.08))
goto_pose(np.array([cx, cy, ztop + 0.15]), Q)
tlo, thi = np.percentile(tray, [4, 96], axis=0)
tx, ty = ((tlo + thi) / 2)[:2]
goto_pose(np.array([tx, ty, ztop + 0.15]), Q)
goto_pose(np.array([tx, ty, ztop + 0.0]), Q)
open_gripper()
goto_pose(np.array([tx, ty, ztop + 0.2]), Q)
