# profile: aspire
# task: libero_90/9
# kinds: 5
# outcome: prints
# > True (7,)
# > True
# > True
# A target out of reach still gives joints: those of the nearest place in the workspace, which the arm can move to.
import numpy as np

joints = solve_ik(np.array([1.4, 0.0, 0.3]), np.array([0.0, 1.0, 0.0, 0.0]))
print(joints is not None, np.asarray(joints).shape)
print(bool(np.all(np.isfinite(joints))))
move_to_joints(joints)
print(bool(get_observation()["robot_cartesian_pos"][0] > 0.5))
