# profile: aspire
# task: libero_object_task/4
# kinds: 6, 7
# outcome: passes

# _task suite: the file name lies, the language does not.
import re
import numpy as np

language = env.handle.task_language.lower()
match = re.search(r"pick (?:up )?the (.+?) and (?:place|put) it in the (\w+)", language)
if match is None:
    raise ValueError(f"cannot parse: {language}")
thing, goal = match.group(1), match.group(2)
print("thing:", thing, "| goal:", goal)

WORDS = {
    "milk": ["milk carton", "white milk carton", "milk"],
    "ketchup": ["ketchup bottle", "red bottle", "ketchup"],
    "butter": ["butter box", "butter"],
}


def localize(prompts):
    o = get_observation()["agentview"]
    d = o["images"]["depth"]
    d = d[:, :, 0] if d.ndim == 3 else d
    cands = []
    for p in prompts:
        for r in segment_sam3_text_prompt(o["images"]["rgb"], p):
            cands.append((r["score"], p, r["mask"]))
    if not cands:
        return None
    cands.sort(key=lambda c: c[0], reverse=True)
    s, p, mask = cands[0]
    print(f"  {p!r}: {len(cands)} masks, best {s:.2f}")
    pts = mask_to_world_points(mask.astype(np.uint8), d, o["intrinsics"], o["pose_mat"])
    return filter_noise(pts)[0] if len(filter_noise(pts)[0]) > 20 else pts


pts = localize(WORDS.get(thing, [thing]))
if pts is None:
    raise RuntimeError(f"{thing} is not visible")
dst = localize([goal, "woven " + goal])
if dst is None:
    raise RuntimeError(f"{goal} is not visible")

lo, hi = pts.min(axis=0), pts.max(axis=0)
mid = (lo + hi) / 2
quat = np.array([0.0, 1.0, 0.0, 0.0])
grip_z = max(hi[2] - 0.035, 0.02)
target = np.array([mid[0], mid[1], grip_z])

open_gripper()
goto_pose(target, quat, z_approach=0.14)
close_gripper()
width = float(get_observation()["robot_joint_pos"][-1])
print("opening after closing:", round(width, 2))
if width < 0.05:
    open_gripper()
    goto_pose(target - np.array([0, 0, 0.02]), quat, z_approach=0.1)
    close_gripper()
goto_pose(target + np.array([0, 0, 0.25]), quat)

c = (np.percentile(dst, 5, axis=0) + np.percentile(dst, 95, axis=0)) / 2
drop_z = float(np.percentile(dst[:, 2], 97)) + 0.12
goto_pose(np.array([c[0], c[1], drop_z + 0.1]), quat)
goto_pose(np.array([c[0], c[1], drop_z]), quat)
open_gripper()
goto_pose(np.array([c[0], c[1], drop_z + 0.1]), quat)
