HOVER = 0.12


def safe_goto(p, q, label):
    res = goto_pose(p, q)
    if res.status == "OK":
        return True
    elif res.status == "BLOCKED":
        print(label, "blocked; backing off")
        up = [p[0], p[1], p[2] + HOVER]
        return bool(goto_pose(up, q))
    print(label, res.status.lower(), res.status.name)
    return False


def run():
    grasp = sample_grasp_pose("tomato sauce")
    if not grasp:
        return print("no grasp:", grasp.status)
    p, q = grasp
    hover = p.copy()
    hover[2] += HOVER
    if not safe_goto(hover, q, "hover"):
        return
    if not safe_goto(p, q, "descend"):
        return
    if not close_gripper():
        open_gripper()
        return
    print("width", round(get_gripper_width(), 4), "steps", int(steps_left() * 1000))
    if not safe_goto(hover, q, "lift"):
        return
    return wait(0.5)
