# profile: aspire
# task: libero_goal/5
# kinds: 4
# outcome: fails
# why: the goal is 45 mm before the region's middle, outside of it
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
obs = get_observation()
cam = obs["agentview"]

def extent(prompt):
    m = max(segment_sam3_text_prompt(cam["images"]["rgb"], prompt), key=lambda d: d["score"])
    p = mask_to_world_points(m["mask"].astype(np.uint8), cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
    return np.percentile(p, 3, axis=0), np.percentile(p, 97, axis=0)

plo, phi = extent("plate")
slo, shi = extent("stove")
plate = (plo + phi) / 2
stove = (slo + shi) / 2
r = (phi[1] - plo[1]) / 2

# In front of the stove, seen from the robot's base: beyond its far edge, level with its middle.
goal = np.array([shi[0] + 0.07, stove[1]])
print("move plate by", np.round(goal - plate[:2], 2))

# Pinch the rim on the side of the robot's right hand and drag it along the table.
edge = np.array([plate[0], plate[1] + r - 0.004, phi[2] - 0.008])
open_gripper()
goto_pose(edge, DOWN, z_approach=0.1)
close_gripper()
end = np.array([goal[0], goal[1] + r - 0.004, edge[2] + 0.005])
for p in interpolate_segment(edge + np.array([0, 0, 0.005]), end, step=0.06):
    goto_pose(p, DOWN)
open_gripper()
goto_pose(end + np.array([0, 0, 0.12]), DOWN)
