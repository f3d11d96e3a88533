# profile: capx
# task: libero_90/57
# kinds: 5
# outcome: passes

# cream cheese into the tray; state machine
import numpy as np

states = ["find", "grasp", "check", "place", "done"]
state = "find"
visits = {s: 0 for s in states}
pos = quat = tray = None
while state != "done":
    visits[state] += 1
    if visits[state] > 4:
        raise RuntimeError(f"stuck in state {state}: {visits}")
    if state == "find":
        open_gripper()
        goto_home_joint_position()
        tray, _ = get_object_pose("wooden tray", use_multiview=False)
        pos, quat = sample_grasp_pose("cream cheese box")
        state = "grasp" if tray is not None else "find"
    elif state == "grasp":
        goto_pose(pos, quat, z_approach=0.1)
        close_gripper()
        goto_pose(pos + np.array([0, 0, 0.2]), quat)
        state = "check"
    elif state == "check":
        state = "place" if get_observation()["robot_joint_pos"][-1] > 0.08 else "find"
    elif state == "place":
        goto_pose(np.array([tray[0], tray[1], tray[2] + 0.25]), quat)
        goto_pose(np.array([tray[0], tray[1], tray[2] + 0.09]), quat)
        open_gripper()
        goto_pose(np.array([tray[0], tray[1], tray[2] + 0.25]), quat)
        state = "done"
print("visits", visits["find"] >= 1, state)
