# profile: capx
# task: libero_goal_swap/8
# kinds: 4
# outcome: passes
import numpy as np


def place_relative(grasp, obj_center, goal_center, quat, clearance=0.02, lift=0.18):
    """Carry what is held so that obj_center ends over goal_center."""
    delta = goal_center[:2] - obj_center[:2]
    tgt = grasp.copy()
    tgt[:2] += delta
    goto_pose(grasp + np.array([0, 0, lift]), quat)
    goto_pose(tgt + np.array([0, 0, lift]), quat)
    goto_pose(tgt + np.array([0, 0, clearance]), quat)
    open_gripper()
    goto_pose(tgt + np.array([0, 0, lift]), quat)


try:
    bowl, _ = get_object_pose("bowl")
    plate, _ = get_object_pose("plate")
    assert bowl is not None and plate is not None
    g, q = sample_grasp_pose("bowl")
    open_gripper()
    goto_pose(g, q, z_approach=0.1)
    close_gripper()
    place_relative(g, bowl, plate, q)
except (ValueError, AssertionError) as problem:
    print("giving up:", problem)
    raise
finally:
    goto_home_joint_position()
    print("home")
