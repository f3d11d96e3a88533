# profile: aspire
# task: libero_90/0
# kinds: 2, 4, 7
# outcome: passes
import numpy as np

cam = get_observation()["agentview"]
hits = segment_sam3_text_prompt(cam["images"]["rgb"], "open drawer front")
if not hits:
    hits = segment_sam3_text_prompt(cam["images"]["rgb"], "top drawer handle")
if not hits:
    raise RuntimeError("no drawer")
handle = segment_sam3_text_prompt(cam["images"]["rgb"], "top drawer handle")
pts = mask_to_world_points(
    max(handle or hits, key=lambda d: d["score"])["mask"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
)
bar = np.median(pts, axis=0)
tilt = np.radians(135.0) / 2
quat = np.array([np.cos(tilt), np.sin(tilt), 0.0, 0.0])

close_gripper()
move_to_joints(solve_ik(bar + np.array([0.0, 0.08, 0.08]), quat))
move_to_joints(solve_ik(bar + np.array([0.0, 0.04, 0.0]), quat))
for travel in np.linspace(0.0, 0.19, 8):
    j = solve_ik(bar + np.array([0.0, -travel, 0.0]), quat)
    if j is not None:
        move_to_joints(j)
for _ in range(2):
    get_observation()
