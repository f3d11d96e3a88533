# profile: aspire
# task: libero_goal/2
# kinds: 2, 4, 7
# outcome: passes
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])


def mj(p, q):
    j = solve_ik(np.asarray(p, dtype=np.float64), q)
    if j is not None:
        move_to_joints(j)
    return j


cam = get_observation()["agentview"]


def points(text):
    found = segment_sam3_text_prompt(cam["images"]["rgb"], text)
    if not found:
        return np.zeros((0, 3))
    best = max(found, key=lambda f: f["score"])
    return mask_to_world_points(best["mask"].astype(np.uint8), cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])


bottle = points("tall dark wine bottle")
if len(bottle) < 10:
    bottle = points("wine bottle")
cabinet = points("wooden cabinet")

# Its top board: everything within two centimetres of the upper end, outliers left out.
top_z = np.percentile(cabinet[:, 2], 95)
board = cabinet[np.abs(cabinet[:, 2] - top_z) < 0.02]
spot = 0.5 * (np.percentile(board[:, :2], 5, axis=0) + np.percentile(board[:, :2], 95, axis=0))

middle = get_oriented_bounding_box_from_3d_points(bottle)["center"]
base_z = np.percentile(bottle[:, 2], 3)
hold = np.array([middle[0], middle[1], np.percentile(bottle[:, 2], 97) - 0.045])  # the neck fits under the palm
below = hold[2] - base_z  # what hangs under the fingers

open_gripper()
mj(hold + [0, 0, 0.14], DOWN)
mj(hold, DOWN)
close_gripper()
clear = top_z + below + 0.08
mj([hold[0], hold[1], clear], DOWN)
mj([spot[0], spot[1], clear], DOWN)
mj([spot[0], spot[1], top_z + below + 0.012], DOWN)
open_gripper()
mj([spot[0], spot[1], clear], DOWN)
