# profile: aspire
# task: libero_goal/0
# kinds: 4, 7
# outcome: passes
import numpy as np

# hand pointing at the cabinet (-y), fingers one above the other
SIDE = np.array([0.7071, 0.7071, 0.0, 0.0])

def handles():
    cam = get_observation()["agentview"]
    depth = cam["images"]["depth"]
    out = []
    for d in segment_sam3_text_prompt(cam["images"]["rgb"], "drawer handle"):
        p = mask_to_world_points(d["mask"].astype(np.uint8), depth, cam["intrinsics"], cam["pose_mat"])
        if len(p) >= 4:
            c = np.median(p, axis=0)
            if all(abs(c[2] - o[2]) > 0.03 for o in out):
                out.append(c)
    return sorted(out, key=lambda c: c[2])

found = handles()
print("handles at heights", [round(float(c[2]), 2) for c in found])
if len(found) < 3:
    raise RuntimeError("need three handles, see %d" % len(found))
h = found[1]

open_gripper()
goto_pose(h + np.array([0.0, 0.15, 0.15]), SIDE)
goto_pose(h + np.array([0.0, 0.12, 0.0]), SIDE)
goto_pose(h + np.array([0.0, -0.005, 0.0]), SIDE)
close_gripper()
gw = get_observation()["robot_joint_pos"][-1]
print("grip on handle:", bool(gw > 0.02))
for step in np.arange(0.04, 0.201, 0.04):
    goto_pose(h + np.array([0.0, step, 0.0]), SIDE)
open_gripper()
goto_pose(h + np.array([0.0, 0.28, 0.0]), SIDE)
