state = {"phase": "search", "tries": 0, "log": []}
while state["phase"] != "done" and state["tries"] < 6:
    state["tries"] += 1
    if state["phase"] == "search":
        pose = get_object_pose("ketchup")
        if pose:
            state["pose"] = pose.position
            state["quat"] = pose.quaternion_wxyz
            state["phase"] = "approach"
        else:
            state["log"].append(f"search:{pose.status}")
    elif state["phase"] == "approach":
        moved = goto_pose(state["pose"], state["quat"])
        state["phase"] = "grasp" if moved else "search"
        state["log"].append(str(moved.status))
    elif state["phase"] == "grasp":
        if close_gripper().status == "EMPTY_GRASP":
            state["phase"] = "search"
            open_gripper()
        else:
            state["phase"] = "done"
print(state["phase"], state["tries"], ",".join(state["log"]))
for key, value in state.items():
    if key not in ("pose", "quat"):
        print(key, value)
