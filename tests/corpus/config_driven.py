# All numbers in one config dict, merged from defaults and overrides; steps run from a list of (name, function, kwargs).
import numpy as np

DEFAULTS = {
    "approach": 0.10,
    "lift": 0.20,
    "speed": {"wait": 0.1, "settle": 0.2},
    "objects": ["milk", "butter"],
    "max_failures": 2,
}
OVERRIDES = {"lift": 0.15, "speed": {"settle": 0.05}}


def merged(base: dict, extra: dict) -> dict:
    """A deep merge that leaves both arguments alone."""
    out = dict(base)
    for key, value in extra.items():
        if isinstance(value, dict) and isinstance(out.get(key), dict):
            out[key] = merged(out[key], value)
        else:
            out[key] = value
    return out


CONFIG = merged(DEFAULTS, OVERRIDES)
assert DEFAULTS["lift"] == 0.20 and CONFIG["speed"]["wait"] == 0.1


def step_open(**_):
    return bool(open_gripper())


def step_reach(name="", approach=0.1, **_):
    grasp = sample_grasp_pose(name)
    if not grasp:
        return False
    return bool(goto_pose(grasp.position, grasp.quaternion_wxyz, z_approach=approach))


def step_close(settle=0.0, **_):
    held = close_gripper()
    wait(settle)
    return bool(held)


def step_lift(lift=0.2, **_):
    return bool(goto_pose([0.45, 0.0, lift], [0.0, 1.0, 0.0, 0.0]))


failures = 0
for name in CONFIG["objects"]:
    steps = [
        ("open", step_open, {}),
        ("reach", step_reach, {"name": name, "approach": CONFIG["approach"]}),
        ("close", step_close, {"settle": CONFIG["speed"]["settle"]}),
        ("lift", step_lift, {"lift": CONFIG["lift"]}),
    ]
    for label, function, kwargs in steps:
        if function(**kwargs):
            print(f"{name:<10}{label:>8} ok")
            continue
        failures += 1
        print(f"{name:<10}{label:>8} FAILED ({failures})")
        break
    else:
        print(f"{name} done")
        break
    if failures >= CONFIG["max_failures"]:
        print("too many failures")
        break
goto_home_joint_position()
