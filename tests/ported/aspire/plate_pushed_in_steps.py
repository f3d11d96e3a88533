# profile: aspire
# task: libero_goal/5
# kinds: 2, 4, 5
# outcome: passes
# No room behind the plate: put the closed fingers into it and push its rim from inside, with a new look in between.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
INSIDE = 0.045  # from the middle to where the fingertips meet the rim


def look(prompt):
    for _ in range(3):
        cam = get_observation()["agentview"]
        found = segment_sam3_text_prompt(cam["images"]["rgb"], prompt)
        if found:
            mask = max(found, key=lambda f: f["score"])["mask"]
            return mask_to_world_points(mask, cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
    raise RuntimeError(f"{prompt} not seen")


def servo(p):
    j = solve_ik(np.asarray(p), DOWN)
    if j is not None:
        move_to_joints(j)


stove = look("stove")
goal = np.array([np.percentile(stove[:, 0], 98) + 0.11, np.median(stove[:, 1])])

close_gripper()
for stroke in range(14):
    plate = look("white plate")
    centre = get_oriented_bounding_box_from_3d_points(plate)["center"]
    low = np.percentile(plate[:, 2], 10) + 0.004
    error = goal - centre[:2]
    print(f"stroke {stroke}: {np.linalg.norm(error) * 100:.1f} cm to go")
    if np.linalg.norm(error) < 0.015:
        break
    # Sideways first: the bowl stands on the straight line.
    step = np.array([0.0, error[1]]) if abs(error[1]) > 0.02 else error
    way = step / np.linalg.norm(step)
    begin, end = centre[:2], centre[:2] + step + INSIDE * way
    servo([begin[0], begin[1], low + 0.12])
    servo([begin[0], begin[1], low])
    for t in np.linspace(0.0, 1.0, 6)[1:]:
        servo([*(begin + t * (end - begin)), low])
    back = end - 0.015 * way
    servo([back[0], back[1], low])
    servo([back[0], back[1], low + 0.15])
    goto_home_joint_position()
