"""Whatever happens, the gripper ends open and the arm at home; errors are classified on the way."""
import numpy as np

attempts = []


class_of = {
    "NOT_FOUND": "perception",
    "AMBIGUOUS": "perception",
    "IK_INFEASIBLE": "planning",
    "BLOCKED": "motion",
    "TIMEOUT": "motion",
    "EMPTY_GRASP": "grasp",
}


def classify(status: str) -> str:
    """The family of a failure."""
    return class_of.get(status, "unknown")


def do_pick(name, dz):
    """One attempt; raises RuntimeError with the failing stage."""
    result = sample_grasp_pose(name)
    if not result:
        raise RuntimeError(f"{classify(result.status)}:{result.status}")
    position, quat = result
    position[2] += dz
    moved = goto_pose(position, quat, z_approach=0.1)
    if not moved:
        raise RuntimeError(f"{classify(moved.status)}:{moved.status}")
    try:
        closed = close_gripper()
        if not closed:
            raise RuntimeError(f"{classify(closed.status)}:{closed.status}")
        return closed.width
    finally:
        print("gripper width now", f"{get_gripper_width():.3f}")


def attempt_all(name):
    for dz in (0.0, -0.01, 0.01):
        try:
            width = do_pick(name, dz)
        except RuntimeError as error:
            kind, _, status = str(error).partition(":")
            attempts.append((kind, status))
            if kind == "planning":
                continue
            open_gripper()
        else:
            attempts.append(("ok", f"{width:.2f}"))
            return True
        finally:
            wait(0.05)
    return False


try:
    if not attempt_all("chocolate pudding"):
        raise ValueError("all attempts failed")
    lift = np.array([0.4, 0.0, 0.4])
    goto_pose(lift, np.array([0.0, 1.0, 0.0, 0.0]))
except ValueError as error:
    print("error:", error)
finally:
    open_gripper()
    goto_home_joint_position()
    counts = {}
    for kind, _ in attempts:
        counts[kind] = counts.get(kind, 0) + 1
    print(sorted(counts.items()))
