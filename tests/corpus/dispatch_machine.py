# A state machine with handlers in a dict: SEARCH -> APPROACH -> GRASP -> LIFT -> PLACE -> DONE, FAILED from anywhere.
import numpy as np

memory = {"target": "butter", "goal": "basket", "tries": {}, "grasp": None, "log": []}
LIMITS = {"SEARCH": 3, "APPROACH": 3, "GRASP": 2, "LIFT": 2, "PLACE": 2}


def search(mem):
    result = sample_grasp_pose(mem["target"])
    if not result:
        return "SEARCH"
    mem["grasp"] = (result.position, result.quaternion_wxyz)
    return "APPROACH"


def approach(mem):
    position, quat = mem["grasp"]
    moved = goto_pose(position, quat, z_approach=0.1)
    if moved.status == "IK_INFEASIBLE":
        return "SEARCH"
    return "GRASP" if moved else "APPROACH"


def grasp(mem):
    held = close_gripper()
    if held and held.width > 0.02:
        return "LIFT"
    open_gripper()
    return "APPROACH"


def lift(mem):
    position, quat = mem["grasp"]
    return "PLACE" if goto_pose(position + np.array([0, 0, 0.2]), quat) else "LIFT"


def place(mem):
    spot = get_object_pose(mem["goal"])
    if not spot:
        return "PLACE"
    above = spot.position.copy()
    above[2] += 0.15
    if goto_pose(above, mem["grasp"][1]):
        open_gripper()
        return "DONE"
    return "PLACE"


HANDLERS = {"SEARCH": search, "APPROACH": approach, "GRASP": grasp, "LIFT": lift, "PLACE": place}

state = "SEARCH"
while state not in ("DONE", "FAILED"):
    count = memory["tries"].get(state, 0) + 1
    memory["tries"][state] = count
    if count > LIMITS[state]:
        print(f"{state}: more than {LIMITS[state]} tries")
        state = "FAILED"
        break
    following = HANDLERS[state](memory)
    memory["log"].append(f"{state}->{following}")
    state = following
else:
    print("finished normally")
print(state, len(memory["log"]), ", ".join(memory["log"][-3:]))
if state == "FAILED":
    open_gripper()
    goto_home_joint_position()
