# profile: aspire
# task: libero_goal/4
# kinds: 2, 4
# outcome: passes
import numpy as np
from scipy.spatial.transform import Rotation


def quat_top_down(yaw_deg=0.0):
    rot = Rotation.from_euler("xz", [180.0, yaw_deg], degrees=True)
    q = rot.as_quat()
    return q[[3, 0, 1, 2]]


def observe():
    o = get_observation()["agentview"]
    return o["images"]["rgb"], o["images"]["depth"], o["intrinsics"], o["pose_mat"]


rgb, depth, K, E = observe()
h, w = depth.shape


def detect(prompt, reject_big=True):
    found = segment_sam3_text_prompt(rgb, prompt)
    if reject_big:
        found = [f for f in found if f["mask"].sum() < 0.15 * h * w]
    return max(found, key=lambda f: f["score"]) if found else None


bowl = detect("bowl")
cabinet = detect("cabinet", reject_big=False)
if bowl is None or cabinet is None:
    raise ValueError("bowl or cabinet not seen")

bowl_pts = mask_to_world_points(bowl["mask"], depth, K, E)
cab_pts = mask_to_world_points(cabinet["mask"], depth, K, E)
ob = get_oriented_bounding_box_from_3d_points(bowl_pts)
centre, radius = ob["center"], 0.5 * float(np.sort(ob["extent"])[-1])
rim_z = np.percentile(bowl_pts[:, 2], 95)

# Pinch the wall that faces the robot's right: fingers across it, along y.
pinch = np.array([centre[0], centre[1] + radius - 0.006, rim_z - 0.014])
quat = quat_top_down(0.0)
open_gripper()
goto_pose(pinch, quat, z_approach=0.1)
goto_pose(pinch, quat)
close_gripper()

top = np.quantile(cab_pts[:, 2], 0.95)
lid = cab_pts[cab_pts[:, 2] > top - 0.02]
target = np.median(lid, axis=0)
hover = np.array([target[0], target[1] + radius, top + 0.16])
goto_pose(np.array([pinch[0], pinch[1], hover[2]]), quat)
goto_pose(hover, quat)
goto_pose(np.array([hover[0], hover[1], top + 0.045]), quat)
open_gripper()
goto_pose(hover, quat)
