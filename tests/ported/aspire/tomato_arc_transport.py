# profile: aspire
# task: libero_object/5
# kinds: 2, 4
# outcome: passes
import numpy as np

QUAT = np.array([0.0, 1.0, 0.0, 0.0])


def step_through(points, quat):
    """Follow way-points one joint target at a time."""
    for p in points:
        q = solve_ik(np.asarray(p).tolist(), quat.tolist())
        if q is None:
            print("skipping", p)
            continue
        move_to_joints(q)


def centre_of(camera, prompt):
    best = max(segment_sam3_text_prompt(camera["images"]["rgb"], prompt), key=lambda m: m["score"])
    pts = mask_to_world_points(best["mask"], camera["images"]["depth"], camera["intrinsics"], camera["pose_mat"])
    return get_oriented_bounding_box_from_3d_points(pts)


cam = get_observation()["agentview"]
can = centre_of(cam, "tomato sauce")
bin_ = centre_of(cam, "basket")
grasp = can["center"].copy()
rim = bin_["center"][2] + bin_["extent"][2] / 2

open_gripper()
step_through(interpolate_segment(grasp + np.array([0, 0, 0.15]), grasp, step=0.05), QUAT)
close_gripper()

# An arc: half a sine over the straight line between both.
start = grasp + np.array([0.0, 0.0, 0.15])
end = np.array([bin_["center"][0], bin_["center"][1], max(start[2], rim + 0.10)])
arc = [start + t * (end - start) + np.array([0.0, 0.0, 0.08 * np.sin(np.pi * t)]) for t in np.linspace(0.0, 1.0, 5)]
step_through(arc, QUAT)
step_through(interpolate_segment(end, np.array([end[0], end[1], rim + 0.05]), step=0.04), QUAT)
open_gripper()
step_through([end], QUAT)
