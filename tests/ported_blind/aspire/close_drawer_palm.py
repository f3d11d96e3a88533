# profile: aspire
# task: libero_90/0
# kinds: 4, 7
# outcome: passes
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]

candidates = []
for prompt in ("open drawer", "drawer", "wooden cabinet"):
    for d in segment_sam3_text_prompt(rgb, prompt)[:6]:
        p = mask_to_world_points(d["mask"].astype(np.uint8), depth, K, E)
        if len(p) > 20:
            candidates.append((float(np.percentile(p[:, 1], 97)), prompt, p))
front_y, used, p = max(candidates, key=lambda c: c[0])
front = p[p[:, 1] > front_y - 0.04]
x = float(np.median(front[:, 0]))
z = float(np.percentile(front[:, 2], 80)) - 0.02
print("front edge from prompt:", used in ("open drawer", "drawer", "wooden cabinet"))

close_gripper()
move_to_joints(solve_ik(np.array([x, front_y + 0.08, z + 0.12]), DOWN))
move_to_joints(solve_ik(np.array([x, front_y + 0.08, z]), DOWN))
last = None
for d in np.linspace(0.04, -0.22, 8):
    move_to_joints(solve_ik(np.array([x, front_y + d, z]), DOWN))
    y = float(get_observation()["robot_cartesian_pos"][1])
    lag = y - (front_y + d)
    if lag > 0.03:
        print("drawer is against its stop")
        break
move_to_joints(solve_ik(np.array([x, y + 0.1, z + 0.1]), DOWN))
goto_home_joint_position()
