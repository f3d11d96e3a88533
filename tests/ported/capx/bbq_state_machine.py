# profile: capx
# task: libero_object/3
# kinds: 4, 5, 7
# outcome: passes
import numpy as np
import os  # nothing is saved after all

object_name = "brown bbq sauce bottle"
place_name = "basket"
down = np.array([0.0, 1.0, 0.0, 0.0])

state = "find"
grasp = None
tries = 0
while state != "done":
    tries += 1
    if tries > 12:
        raise RuntimeError("gave up in state " + state)
    if state == "find":
        open_gripper()
        goto_home_joint_position()
        pose, _ = get_object_pose(object_name)
        state = "grasp" if pose is not None else "find"
    elif state == "grasp":
        grasp = sample_grasp_pose(object_name)
        goto_pose(*grasp, z_approach=0.1)
        close_gripper()
        state = "lift"
    elif state == "lift":
        goto_pose(grasp[0] + np.array([0.0, 0.0, 0.22]), grasp[1])
        opening = get_observation()["robot_joint_pos"][7]
        state = "place" if opening > 0.08 else "find"
        print("opening", round(float(opening), 2), "->", state)
    elif state == "place":
        basket, _ = get_object_pose(place_name)
        if basket is None:
            raise RuntimeError("basket lost")
        goto_pose(np.array([basket[0], basket[1], grasp[0][2] + 0.22]), grasp[1])
        goto_pose(np.array([basket[0], basket[1], grasp[0][2] + 0.12]), grasp[1])
        open_gripper()
        state = "done"
