# profile: native
# task: libero_goal/0
# kinds: 4, 7
# outcome: passes
import numpy as np

handle = get_object_pose("middle drawer handle")
front = np.array([0.7071068, 0.7071068, 0.0, 0.0])
out = np.array([0.0, 1.0, 0.0])
open_gripper()
goto_pose(handle.position + 0.1 * out, front)
move_until_contact(-out, 0.12)
close_gripper()
if not is_holding():
    open_gripper()
    goto_pose(handle.position, front)
    close_gripper()
pulled = pull(out, 0.18)
print("pulled:", pulled.status)
open_gripper()
push(out, 0.05)
