# profile: aspire
# task: libero_goal/7
# kinds: 4, 5, 7
# outcome: passes
# Grip the knob's fin from above and turn the last joint.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])

cam = get_observation()["agentview"]
knob = None
for prompt in ("stove control knob", "stove knob", "black knob"):
    found = segment_sam3_text_prompt(cam["images"]["rgb"], prompt)
    if found:
        best = max(found, key=lambda f: f["score"])
        pts = mask_to_world_points(best["mask"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
        if len(pts) >= 5:
            knob = pts
            print(prompt, best["score"], len(pts))
            break
if knob is None:
    raise RuntimeError("no knob")

centre = get_oriented_bounding_box_from_3d_points(knob)["center"]
top = np.percentile(knob[:, 2], 95)
grip = np.array([centre[0], centre[1], top - 0.012])

open_gripper()
move_to_joints(solve_ik(grip + np.array([0.0, 0.0, 0.1]), DOWN))
joints = solve_ik(grip, DOWN)
move_to_joints(joints)
close_gripper()

# Counter-clockwise from above is on; the hand looks down, so its last joint turns the other way round.
for _ in range(4):
    joints = joints.copy()
    joints[6] -= 0.3
    move_to_joints(joints)
open_gripper()
hand = get_observation()["robot_cartesian_pos"]
print("hand", np.round(hand[:3], 2), "opening", round(float(hand[7]), 1))
goto_home_joint_position()
