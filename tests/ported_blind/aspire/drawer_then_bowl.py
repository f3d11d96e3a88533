# profile: aspire
# task: libero_goal/3
# kinds: 4, 7
# outcome: fails
# why: the hand, 20 cm wide along x, comes down on the drawer that it has opened above the bowl
import numpy as np

SIDE = np.array([0.7071, 0.7071, 0.0, 0.0])
DOWN = np.array([0.0, 1.0, 0.0, 0.0])

def frame():
    cam = get_observation()["agentview"]
    return cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]

def points(prompts, rgb, depth, K, E):
    for prompt in prompts:
        found = segment_sam3_text_prompt(rgb, prompt)
        if found:
            best = max(found, key=lambda x: x["score"])
            pts = mask_to_world_points(best["mask"].astype(np.uint8), depth, K, E)
            if len(pts) >= 5:
                return pts
    return None

f = frame()
handle = points(["handle of the top drawer", "top drawer handle", "top handle"], *f)
if handle is None:
    print("Handle not found.")
else:
    h = np.median(handle, axis=0)
    open_gripper()
    for off in ([0, 0.15, 0.1], [0, 0.1, 0.0], [0, -0.005, 0.0]):
        move_to_joints(solve_ik(h + np.array(off), SIDE))
    close_gripper()
    for p in interpolate_segment(h, h + np.array([0, 0.18, 0]), step=0.06)[1:]:
        move_to_joints(solve_ik(p, SIDE))
    open_gripper()
    move_to_joints(solve_ik(h + np.array([0, 0.26, 0.02]), SIDE))
    move_to_joints(solve_ik(h + np.array([0, 0.26, 0.15]), SIDE))
    goto_home_joint_position()

    f = frame()
    bowl = points(["black bowl", "bowl"], *f)
    lo, hi = np.percentile(bowl, [4, 96], axis=0)
    mid, r = (lo + hi) / 2, (hi[0] - lo[0]) / 2
    # hold the rim on the near side, fingers along x
    X = np.array([0.0, 0.7071, 0.7071, 0.0])
    grip = np.array([mid[0] - r + 0.004, mid[1], hi[2] - 0.02])
    move_to_joints(solve_ik(grip + np.array([0, 0, 0.1]), X))
    move_to_joints(solve_ik(grip, X))
    close_gripper()
    move_to_joints(solve_ik(grip + np.array([0, 0, 0.32]), X))
    # the drawer's hollow lies behind its handle
    drop = np.array([h[0] - r + 0.004, h[1] + 0.16 - 0.085, h[2] + 0.3])
    move_to_joints(solve_ik(drop, X))
    drop[2] = h[2] + 0.07
    move_to_joints(solve_ik(drop, X))
    open_gripper()
    drop[2] += 0.15
    move_to_joints(solve_ik(drop, X))
    print("done")
