# profile: aspire
# task: libero_goal/0
# kinds: 2, 4, 7
# outcome: passes
import numpy as np
from scipy.spatial.transform import Rotation

# The drawers open to the robot's left (+y): come from there, fingers one above the other around the bar.
FRONT = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
x, y, z, w = Rotation.from_matrix(FRONT).as_quat()
QUAT = np.array([w, x, y, z])


def handle_points():
    cam = get_observation()["agentview"]
    for text in ("middle drawer handle", "handle of the middle drawer", "black handle"):
        hits = segment_sam3_text_prompt(cam["images"]["rgb"], text)
        if hits:
            hit = max(hits, key=lambda m: m["score"])
            return mask_to_world_points(hit["mask"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
    return np.empty((0, 3))


pts = handle_points()
if len(pts) < 5:
    raise RuntimeError(f"handle has {len(pts)} points")
handle = np.median(pts, axis=0) - np.array([0.0, 0.008, 0.0])  # past the bar's front
print("handle at", np.round(handle, 3))

open_gripper()
out = np.array([0.0, 1.0, 0.0])
for back in (0.10, 0.04, 0.0):
    joints = solve_ik(handle + back * out, QUAT)
    if joints is not None:
        move_to_joints(joints)
close_gripper()
for pulled in np.arange(0.03, 0.20, 0.03):
    joints = solve_ik(handle + pulled * out, QUAT)
    if joints is not None:
        move_to_joints(joints)
open_gripper()
move_to_joints(solve_ik(handle + 0.24 * out, QUAT))
