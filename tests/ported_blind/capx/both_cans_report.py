# profile: capx
# task: libero_10/0
# kinds: 6, 7
# outcome: passes

# libero_10/0: put both the alphabet soup and the tomato sauce in the basket
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
home = goto_home_joint_position


def find(names, multiview=True):
    for n in names:
        try:
            p, q = get_object_pose(n, use_multiview=multiview)
        except ValueError as e:
            print("  ", e)
            continue
        if p is not None:
            return n, p
    return None, None


def fetch(names, drop, tries=3):
    for k in range(tries):
        home()
        name, p = find(names)
        if name is None:
            return False
        try:
            gp, gq = sample_grasp_pose(name)
        except (ValueError, AssertionError) as e:
            print("  grasp planning failed:", e)
            gp, gq = p, DOWN
        if np.linalg.norm(gp[:2] - p[:2]) > 0.06:
            print("  grasp is off the object, going to its centre")
            gp, gq = p, DOWN
        open_gripper()
        goto_pose(gp, gq, z_approach=0.1)
        close_gripper()
        goto_pose(gp + np.array([0, 0, 0.25]), gq)
        opening = get_observation()["robot_joint_pos"][-1]
        print(f"  {name}: try {k + 1}, opening {opening:.2f}")
        if opening < 0.1:
            continue
        goto_pose(drop + np.array([0, 0, 0.12]), DOWN)
        goto_pose(drop, DOWN)
        open_gripper()
        goto_pose(drop + np.array([0, 0, 0.12]), DOWN)
        return True
    return False


open_gripper()
_, basket = find(["basket", "woven basket"], multiview=False)
if basket is None:
    raise RuntimeError("basket not found")
drop = basket + np.array([0.0, 0.0, 0.2])
report = {}
for key, names in [("soup", ["alphabet soup can", "alphabet soup"]), ("sauce", ["tomato sauce can", "tomato sauce"])]:
    spot = drop + (np.array([-0.03, 0, 0]) if key == "soup" else np.array([0.03, 0, 0]))
    report[key] = fetch(names, spot)
home()
print(report)
