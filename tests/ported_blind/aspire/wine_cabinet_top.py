# profile: aspire
# task: libero_goal/2
# kinds: 2, 4, 7
# outcome: passes
import numpy as np

DOWN = [0.0, 1.0, 0.0, 0.0]
cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]

def pts_of(prompt):
    m = max(segment_sam3_text_prompt(rgb, prompt), key=lambda d: d["score"])
    return mask_to_world_points(m["mask"].astype(np.uint8), depth, K, E)

bottle = pts_of("tall wine bottle")
cab = pts_of("wooden cabinet")
b = np.median(bottle[:, :2], axis=0)
z_lo, z_hi = np.percentile(bottle[:, 2], [5, 95])
print("bottle is tall:", bool(z_hi - z_lo > 0.08))

roof = np.percentile(cab[:, 2], 95)
on_roof = cab[cab[:, 2] > roof - 0.015]
c = (np.percentile(on_roof, 5, axis=0) + np.percentile(on_roof, 95, axis=0)) / 2

# hold the body, not the neck
hold = z_lo + 0.06
g = np.array([b[0] - 0.006, b[1], hold])
open_gripper()
goto_pose(g + np.array([0.0, 0.0, 0.18]), DOWN)
goto_pose(g, DOWN)
close_gripper()
lift = roof - z_lo + hold + 0.06
goto_pose(np.array([g[0], g[1], lift]), DOWN)
goto_pose(np.array([c[0], c[1], lift]), DOWN)
goto_pose(np.array([c[0], c[1], roof + (hold - z_lo) + 0.012]), DOWN)
open_gripper()
goto_pose(np.array([c[0], c[1], lift + 0.1]), DOWN)
for _ in range(3):
    get_observation()
