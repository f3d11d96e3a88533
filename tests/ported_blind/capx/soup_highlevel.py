# profile: capx
# task: libero_object/0
# kinds: 4, 5
# outcome: passes
import numpy as np

# Alphabet soup into the basket with the high-level LIBERO API.
object_name = "alphabet soup can"
container = "basket"

open_gripper()
grasp_position, grasp_quaternion = sample_grasp_pose(object_name, use_multiview=False)
print("grasp at", np.round(grasp_position, 3))

goto_pose(grasp_position, grasp_quaternion, z_approach=0.1)
close_gripper()

# straight up, far above the basket's rim
lift = np.array(grasp_position, dtype=np.float64)
lift[2] += 0.25
goto_pose(lift, grasp_quaternion)

basket_position, _ = get_object_pose(container, use_multiview=False)
if basket_position is None:
    raise RuntimeError("no basket in view")
down = np.array([0.0, 1.0, 0.0, 0.0])
drop = np.array([basket_position[0], basket_position[1], basket_position[2] + 0.17])
goto_pose(drop, down, z_approach=0.08)
open_gripper()
goto_pose(drop + np.array([0.0, 0.0, 0.12]), down)
