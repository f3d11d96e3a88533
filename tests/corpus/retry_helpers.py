import numpy as np

MAX_TRIES = 3


def find(name: str, tries: int = MAX_TRIES):
    for attempt in range(tries):
        try:
            pos, quat = get_object_pose(name)
            print(f"found {name} at {np.round(pos, 3)} (attempt {attempt + 1}/{tries})")
            return pos, quat
        except PerceptionError as err:
            print("perception failed:", err)
            goto_home_joint_position()
    return None, None


def pick(name: str) -> bool:
    pos, quat = find(name)
    if pos is None:
        return False
    for dz in [0.0, -0.01, 0.02]:
        target = np.array([pos[0], pos[1], pos[2] + dz])
        res = goto_pose(target, np.array([0.0, 1.0, 0.0, 0.0]), z_approach=0.12)
        if not res:
            print(f"  approach {dz:+.2f}: {res.status}, err={res.position_error:.4f}")
            continue
        grip = close_gripper()
        if grip and get_gripper_width() > 0.005:
            goto_pose(target + np.array([0, 0, 0.2]), [0, 1, 0, 0])
            return True
        open_gripper()
    return False


def main():
    open_gripper()
    if pick("alphabet soup"):
        bpos, _ = find("basket")
        if bpos is not None:
            bpos[2] += 0.2
            goto_pose(bpos, [0, 1, 0, 0])
            open_gripper()
            print("done")
        else:
            print("no basket")
    else:
        print("giving up")


if __name__ == "__main__":
    main()
