# profile: aspire
# task: libero_90/20
# kinds: 4, 5, 6, 7
# outcome: passes
import numpy as np
import viser.transforms as vtf  # left over


def knob_box():
    cam = get_observation()["agentview"]
    masks = segment_sam3_text_prompt(cam["images"]["rgb"], "knob of the stove")
    if not masks:
        masks = segment_sam3_text_prompt(cam["images"]["rgb"], "stove dial")
    best = max(masks, key=lambda m: m["score"])
    pts = mask_to_world_points(best["mask"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
    return get_oriented_bounding_box_from_3d_points(pts), np.quantile(pts[:, 2], 0.95)


def turned_down(angle):
    """Pointing down, turned about the vertical (wxyz)."""
    return np.array([0.0, np.cos(angle / 2), np.sin(angle / 2), 0.0])


print(env.handle.task_language)
box, top = knob_box()
grip = box["center"].copy()
grip[2] = top - 0.012
open_gripper()
goto_pose(grip, turned_down(0.0), z_approach=0.1)
close_gripper()
before = get_observation()["robot_joint_pos"][6]
for angle in np.deg2rad([15, 30, 45, 60, 70]):
    goto_pose(grip, turned_down(angle))
after = get_observation()["robot_joint_pos"][6]
print("wrist turned by", round(abs(float(after - before)), 1))
open_gripper()
goto_pose(grip + np.array([0, 0, 0.15]), turned_down(0.0))
