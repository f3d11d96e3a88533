# profile: native
# task: libero_object/0
# kinds: 4, 5
# outcome: passes
import numpy as np

UP = np.array([0.0, 0.0, 1.0])
basket = get_object_pose("basket")
grasp = sample_grasp_pose("alphabet soup")
if not grasp or not basket:
    raise RuntimeError(f"{grasp.status} {basket.status}")
open_gripper()
reached = goto_pose(grasp.position, grasp.quaternion_wxyz, z_approach=0.1)
closed = close_gripper()
if closed.status == "EMPTY_GRASP":
    print("closed on nothing at", grasp.position)
lifted = goto_pose(grasp.position + 0.24 * UP, grasp.quaternion_wxyz)
print(reached.status, closed.status, lifted.status)
over = np.array([basket.position[0], basket.position[1], 0.0])
goto_pose(over + (grasp.position[2] + 0.24) * UP, grasp.quaternion_wxyz)
goto_pose(over + (grasp.position[2] + 0.13) * UP, grasp.quaternion_wxyz)
open_gripper()
wait(0.5)
