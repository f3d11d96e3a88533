# profile: aspire
# task: libero_goal/5
# kinds: 4
# outcome: fails
# why: the hand, 20 cm wide along y, comes down on the cabinet behind the plate
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])

def see():
    cam = get_observation()["agentview"]
    return cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]

def bounds(prompt):
    rgb, depth, K, E = see()
    m = max(segment_sam3_text_prompt(rgb, prompt), key=lambda d: d["score"])
    p = mask_to_world_points(m["mask"].astype(np.uint8), depth, K, E)
    return np.percentile(p, 4, axis=0), np.percentile(p, 96, axis=0)

slo, shi = bounds("stove")
desired = np.array([shi[0] + 0.07, (slo[1] + shi[1]) / 2])

close_gripper()
for n in range(3):
    goto_home_joint_position()
    lo, hi = bounds("plate")
    plate = (lo + hi)[:2] / 2
    radius = (hi[1] - lo[1]) / 2
    todo = desired - plate
    dist = np.linalg.norm(todo)
    print(f"push {n}: {dist:.2f} m to go")
    if dist < 0.025:
        break
    push_dir = todo / dist
    z = float(hi[2]) - 0.004
    # come down vertically behind the back rim, push, stop one radius short of the goal
    back = plate - push_dir * (radius + 0.018)
    arm_target = desired - push_dir * (radius + 0.012)
    move_to_joints(solve_ik([back[0], back[1], z + 0.12], DOWN))
    move_to_joints(solve_ik([back[0], back[1], z], DOWN))
    for a in (0.34, 0.67, 1.0):
        wp = back + a * (arm_target - back)
        move_to_joints(solve_ik([wp[0], wp[1], z], DOWN))
        here = get_observation()["robot_cartesian_pos"][:3]
        if np.linalg.norm(here[:2] - wp) > 0.05:
            print("blocked")
            break
    move_to_joints(solve_ik([wp[0], wp[1], z + 0.15], DOWN))
