"""Every call goes through one wrapper that counts statuses; a table is printed at the end."""
import numpy as np

table = {}
aborted = False


def tracked(label, function, *args, **kwargs):
    """Call a primitive, count its status under a label, return the result."""
    result = function(*args, **kwargs)
    row = table.setdefault(label, {})
    row[result.status] = row.get(result.status, 0) + 1
    return result


def until_ok(tries, label, function, *args):
    """Repeat a call until it succeeds; the last result."""
    result = tracked(label, function, *args)
    while not result and tries > 1:
        tries -= 1
        result = tracked(label, function, *args)
    return result


functions = {"home": goto_home_joint_position, "open": open_gripper, "close": close_gripper}
for label in ("open", "home"):
    if not until_ok(3, label, functions[label]):
        print("cannot", label)
        aborted = True
if not aborted:
    grasp = until_ok(2, "grasp", sample_grasp_pose, "ketchup")
    if grasp:
        tracked("goto", goto_pose, grasp.position, grasp.quaternion_wxyz, z_approach=0.1)
        tracked("close", functions["close"])
        tracked("wait", wait, 0.2)
total = 0
for label in sorted(table):
    row = table[label]
    total += sum(row.values())
    cells = " ".join(f"{status}:{count}" for status, count in sorted(row.items()))
    print(f"{label:<6}|{cells:<40}|{sum(row.values()):>3d}")
print("-" * 20, total, len(table))
worst = max(table, key=lambda name: sum(v for k, v in table[name].items() if k != "OK"))
ok_rate = sum(row.get("OK", 0) for row in table.values()) / total
print(worst, f"{ok_rate:.0%}", "OK" in table[worst], ["ABORTED"] * aborted)
