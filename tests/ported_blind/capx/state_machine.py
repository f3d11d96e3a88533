# profile: capx
# task: libero_object/5
# kinds: 4, 5
# outcome: passes
import numpy as np

state = "find"
tries = 0
grasp = quat = None
while state != "done" and tries < 4:
    if state == "find":
        open_gripper()
        goto_home_joint_position()
        try:
            grasp, quat = sample_grasp_pose("tomato sauce can", use_multiview=False)
        except ValueError as err:
            print("lost it:", err)
            tries += 1
            continue
        state = "grasp"
    elif state == "grasp":
        goto_pose(grasp, quat, z_approach=0.1)
        close_gripper()
        state = "lift"
    elif state == "lift":
        goto_pose(grasp + np.array([0.0, 0.0, 0.25]), quat)
        cart = get_observation()["robot_cartesian_pos"]
        assert cart.shape == (8,)
        if cart[7] < 0.1:
            print("nothing between the fingers")
            tries += 1
            state = "find"
        else:
            state = "place"
    elif state == "place":
        basket, _ = get_object_pose("basket", use_multiview=False)
        basket = basket + np.array([0.0, 0.0, 0.2])
        goto_pose(basket, np.array([0.0, 1.0, 0.0, 0.0]), z_approach=0.05)
        open_gripper()
        state = "done"
print("final state:", state)
