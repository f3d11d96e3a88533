# profile: aspire
# task: libero_object/0
# kinds: 4, 5
# outcome: prints
# > table height plausible: True
# > path error below 2 cm: True
# > in contact: True
import numpy as np

# Wipe a free patch of the table with the closed fingers: two serpentines, contact along the whole path.
Q = np.array([0.0, 1.0, 0.0, 0.0])
cam = get_observation()["agentview"]
depth, K, E = cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
cloud = transform_points(depth_to_point_cloud(depth, K), E).reshape(-1, 3)
work = cloud[(cloud[:, 0] > 0.35) & (cloud[:, 0] < 0.75) & (np.abs(cloud[:, 1]) < 0.3)]
hist, edges = np.histogram(work[:, 2], bins=80, range=(-0.2, 0.2))
table = float(edges[int(np.argmax(hist))] + 0.0025)
print("table height plausible:", bool(-0.05 < table < 0.03))

x0, x1, y0, y1 = 0.40, 0.46, -0.05, 0.05
close_gripper()
move_to_joints(solve_ik(np.array([x0, y0, table + 0.1]), Q))
lines = []
for i, x in enumerate(np.linspace(x0, x1, 3)):
    ys = (y0, y1) if i % 2 == 0 else (y1, y0)
    lines.append((np.array([x, ys[0], table]), np.array([x, ys[1], table])))
worst, touched, n = 0.0, 0, 0
for a, b in lines:
    for wp in interpolate_segment(a, b, step=0.03):
        move_to_joints(solve_ik(wp, Q))
        hand = get_observation()["robot_cartesian_pos"][:3]
        tip = hand - np.array([0.0, 0.0, 0.1])
        worst = max(worst, float(np.linalg.norm(tip[:2] - wp[:2])))
        touched += int(tip[2] < table + 0.015)
        n += 1
print("path error below 2 cm:", worst < 0.02)
print("in contact:", touched >= 0.9 * n)
move_to_joints(solve_ik(np.array([x1, y1, table + 0.15]), Q))
