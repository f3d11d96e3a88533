"""Errors that leave helpers three calls deep, with causes that differ by lane, after some were handled."""
import numpy as np

LEVELS = {"low": 0.08, "middle": 0.16, "high": 0.24}


def level_of(width):
    for name, bound in LEVELS.items():
        if width < bound:
            return name
    return "over " + str(round(width, 2))


def weight_for(level):
    table = {"low": 1.0, "middle": 0.5, "high": 0.25}
    return table[level]


def compute(values):
    """Weighted mean; raises for odd inputs."""
    weights = []
    for value in values:
        try:
            weights.append(weight_for(level_of(value)))
        except KeyError as error:
            if len(weights) == 0:
                raise
            print("ignoring", error)
            weights.append(0.0)
    total = sum(weights)
    if total < 1.0:
        raise ArithmeticError(f"weights {weights} add up to {total:.2f}")
    return sum(w * v for w, v in zip(weights, values)) / total


def act(value):
    heights = [0.1, 0.2]
    position = [0.4, 0.0, heights[int(value * 12)]]
    return goto_pose(position, [0.0, 1.0, 0.0, 0.0])


readings = [get_gripper_width() for _ in range(3)]
print([level_of(r) for r in readings])
value = compute(readings)
print(f"value {value:.3f}")
moved = act(value)
if not moved:
    status = moved.status
    raise RuntimeError(f"could not move: {status} after {moved.peak_force:.2f} N")
pose = get_object_pose("basket")
print("score", f"{pose.score:.2f}", pose.status)
position = pose.position
assert np.all(position > 0.05), f"strange position {np.round(position, 2)}"
print(undefined_later if position[0] < 0.15 else "fine")
undefined_later = 1
