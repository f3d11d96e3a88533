"""Retries by recursion: each level backs off a little more and remembers how it got there."""
import numpy as np

HOME_HEIGHT = 0.3


def reach(position, quat, depth=0, trail=()):
    """Move to a pose; on failure go up and try again from higher, at most three levels deep."""
    if depth > 3:
        return None, trail
    result = goto_pose(position, quat, z_approach=0.05 * (depth + 1))
    trail = trail + (str(result.status),)
    if result:
        return depth, trail
    if result.status == "BLOCKED":
        higher = position + np.array([0.0, 0.0, 0.03])
        return reach(higher, quat, depth + 1, trail)
    wait(0.1 * (depth + 1))
    return reach(position, quat, depth + 1, trail)


def total(values):
    """A recursive sum over a nested list."""
    if isinstance(values, (list, tuple)):
        return sum(total(v) for v in values)
    return values


def power(base, exponent):
    return 1 if exponent == 0 else base * power(base, exponent - 1)


def permutations(items):
    if len(items) <= 1:
        return [items]
    out = []
    for i, item in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1 :]):
            out.append([item] + rest)
    return out


nested = []
for order in permutations(["milk", "butter", "ketchup"])[:4]:
    result = get_object_pose(order[0])
    if not result:
        nested.append([0, [1]])
        continue
    levels, trail = reach(result.position, result.quaternion_wxyz)
    nested.append([levels if levels is not None else -1, [len(trail), [0.5]]])
    print(order[0], levels, ">".join(trail), round(power(result.score, 2), 4))
print(nested, total(nested))
