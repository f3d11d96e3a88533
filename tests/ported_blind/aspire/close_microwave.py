# profile: aspire
# task: libero_90/33
# kinds: 4, 7
# outcome: passes
import numpy as np
from scipy.spatial.transform import Rotation

def topdown(deg):
    m = Rotation.from_euler("z", deg, degrees=True).as_matrix() @ np.diag([1, -1, -1])
    q = Rotation.from_matrix(m).as_quat()
    return q[[3, 0, 1, 2]]

cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
door = None
for prompt in ("open microwave door", "microwave door", "door of the microwave"):
    r = segment_sam3_text_prompt(rgb, prompt)
    if r:
        d = max(r, key=lambda d: d["score"])
        p = mask_to_world_points(d["mask"].astype(np.uint8), depth, K, E)
        if len(p) > 15:
            door = p
            break
if door is None:
    raise RuntimeError("no door")
xy = door[:, :2]
y_lo, y_hi = np.percentile(xy[:, 1], [4, 96])
free = np.median(xy[xy[:, 1] < y_lo + 0.03], axis=0)      # the edge that swings
hinge = np.median(xy[xy[:, 1] > y_hi - 0.03], axis=0)
L = np.linalg.norm(free - hinge)
phi0 = np.arctan2(*(free - hinge)[::-1])
print("door length 0.2-0.4:", bool(0.2 < L < 0.4), "opened towards -y:", bool(phi0 < -0.8))

z = float(np.median(door[:, 2]))
quat = topdown(90)
close_gripper()
def behind(phi, gap):
    along = np.array([np.cos(phi), np.sin(phi)])
    out = np.array([np.sin(phi), -np.cos(phi)])     # clockwise side of the door
    q = hinge + 0.8 * L * along + gap * out
    return np.array([q[0], q[1], z])

move_to_joints(solve_ik(behind(phi0, 0.09) + np.array([0, 0, 0.2]), quat))
move_to_joints(solve_ik(behind(phi0, 0.09), quat))
for phi in np.linspace(phi0, 0.1, 10):
    move_to_joints(solve_ik(behind(phi, 0.02), quat))
move_to_joints(solve_ik(behind(0.0, 0.12), quat))
move_to_joints(solve_ik(behind(0.0, 0.12) + np.array([0, 0, 0.2]), quat))
