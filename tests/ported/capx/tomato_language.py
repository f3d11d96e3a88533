# profile: capx
# task: libero_object/5
# kinds: 5, 6
# outcome: passes
import numpy as np

task = env.handle.task_language
print("Task:", task)
words = task.lower().replace(".", "").split()
start = words.index("the") + 1
stop = words.index("and")
name = "_".join(words[start:stop])
place = words[-1]

if not hasattr(task, "lower"):
    raise TypeError("the task is no text")
target, _ = get_object_pose(place)
assert type(name) == str and isinstance(target, np.ndarray) and target.shape == (3,)

for attempt in range(3):
    grasp_position, grasp_quaternion = sample_grasp_pose(name)
    open_gripper()
    goto_pose(grasp_position, grasp_quaternion, z_approach=0.15)
    close_gripper()
    goto_pose(grasp_position + np.array([0.0, 0.0, 0.24]), grasp_quaternion)
    now, _ = get_object_pose(name)
    if now is not None and now[2] > grasp_position[2] + 0.1:
        break
    print("it stays behind, once more")
    goto_home_joint_position()
goto_pose(np.array([target[0], target[1], grasp_position[2] + 0.24]), grasp_quaternion)
goto_pose(np.array([target[0], target[1], grasp_position[2] + 0.14]), grasp_quaternion)
open_gripper()
