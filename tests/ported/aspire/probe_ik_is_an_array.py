# profile: aspire
# task: libero_90/9
# kinds: 5
# outcome: prints
# > (7,) float64 True
# > 0.1 True
# > [7, 7]
# > True
import numpy as np

joints = solve_ik([0.5, 0.0, 0.3], [0.0, 1.0, 0.0, 0.0])
before = joints.copy()
print(joints.shape, joints.dtype, joints is not None)
joints[6] += 0.1
print(round(float(joints[6] - before[6]), 3), bool(np.allclose(joints[:6], before[:6])))
print([len(j) for j in (joints, joints.tolist())])
move_to_joints(joints)
print(np.abs(get_observation()["robot_joint_pos"][:7] - joints).max() < 0.02)
