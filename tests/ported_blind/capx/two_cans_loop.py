# profile: capx
# task: libero_10/0
# kinds: 3, 4, 5
# outcome: passes
import numpy as np

DOWN = np.array([0.0, 0.0, 1.0, 0.0])
items = ["alphabet_soup", "tomato_sauce"]
done = []

basket_pos, _ = get_object_pose("basket", use_multiview=False)
for name in items:
    for attempt in range(2):
        open_gripper()
        pos, quat = sample_grasp_pose(name, use_multiview=False)
        goto_pose(pos, quat, z_approach=0.1)
        close_gripper()
        goto_pose(pos + np.array([0, 0, 0.25]), quat)
        opening = get_observation()["robot_joint_pos"][-1]
        print(name, "attempt", attempt, "held" if opening > 0.05 else "missed")
        if opening > 0.05:
            break
    drop = basket_pos + np.array([0.02 * len(done) - 0.01, 0.0, 0.2])
    goto_pose(drop, DOWN)
    open_gripper()
    done.append(name)
    goto_home_joint_position()
print("delivered:", ", ".join(done))
