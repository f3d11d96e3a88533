# profile: aspire
# task: libero_90/36
# kinds: 1, 2, 7
# outcome: passes
# A white bowl on the microwave goes onto the plate beside it.
import numpy as np

obs = get_observation()["agentview"]
rgb, depth, K, T = obs["images"]["rgb"], obs["images"]["depth"], obs["intrinsics"], obs["pose_mat"]


def look(prompt, lowest=None):
    """The best mask whose points lie at least that high."""
    answer = segment_sam3_text_prompt(rgb, prompt)
    for det in sorted(answer, key=lambda d: d["score"], reverse=True):
        pts = mask_to_world_points(det["mask"].astype(np.uint8), depth, K, T)
        if len(pts) < 8 or (lowest is not None and np.median(pts[:, 2]) < lowest):
            continue
        return det["mask"], pts
    return None, None


plate_mask, plate = look("plate")
bowl_mask, bowl = look("white ceramic bowl", lowest=float(np.median(plate[:, 2])) + 0.1)
if bowl is None:
    raise RuntimeError("no bowl above the table")
centre = get_oriented_bounding_box_from_3d_points(bowl)["center"]
plate_centre = get_oriented_bounding_box_from_3d_points(plate)["center"]
# Small and high: pinch the wall nearest to the robot, whatever the planner thinks of the microwave below.
quat = np.array([0.0, np.sqrt(0.5), np.sqrt(0.5), 0.0])
pos = np.array([centre[0] - 0.035, centre[1], np.percentile(bowl[:, 2], 95) - 0.012])
off = pos - centre
open_gripper()
goto_pose(pos, quat, z_approach=0.08)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.1]), quat)
goto_pose(np.array([plate_centre[0] + off[0], plate_centre[1] + off[1], pos[2] + 0.1]), quat)
goto_pose(np.array([plate_centre[0] + off[0], plate_centre[1] + off[1], np.median(plate[:, 2]) + 0.04]), quat)
open_gripper()
