# profile: aspire
# task: libero_90/22
# kinds: 4, 7
# outcome: fails
# why: the hand, 20 cm wide along y, meets the drawers above before the bottom one is closed
import numpy as np

# White cabinet on the right of the picture (+y), its drawers open towards -y.
Q = np.array([0.0, 1.0, 0.0, 0.0])
cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
hs = []
for d in segment_sam3_text_prompt(rgb, "handle of the bottom drawer") + segment_sam3_text_prompt(rgb, "drawer handle"):
    pts = mask_to_world_points(d["mask"].astype(np.uint8), depth, K, E)
    if len(pts) >= 4:
        hs.append(np.median(pts, axis=0))
# the handle of the open drawer is the one nearest to us in y
h = min(hs, key=lambda c: c[1])
print("handles", len(hs) > 0, "height above table ok", bool(-0.02 < h[2] < 0.1))

close_gripper()
start = np.array([h[0], h[1] - 0.08, h[2]])
goto_pose(start + np.array([0, 0, 0.25]), Q)
goto_pose(start, Q)
for t in np.linspace(0.0, 1.0, 6):
    goto_pose(start + t * np.array([0.0, 0.28, 0.0]), Q)
goto_pose(start + np.array([0.0, -0.02, 0.0]), Q)
goto_pose(start + np.array([0.0, -0.02, 0.25]), Q)
