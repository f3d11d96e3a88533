"""Nested functions three deep, defaults that are evaluated once, keyword-only arguments, functions in containers."""
import numpy as np


def build_planner(heights, *, tries=2, quat=(0.0, 1.0, 0.0, 0.0)):
    cache = {}
    calls = 0

    def planner(name, /, *, margin=0.02, seen=[]):
        nonlocal calls
        calls += 1
        seen.append(name)

        def grasp_at(height, index):
            def score(width, weight=1.0 / (index + 1)):
                return weight * (width + margin)

            moved = goto_pose(cache[name] + np.array([0.0, 0.0, height]), quat)
            return score(moved.width) if moved else None

        if name not in cache:
            result = get_object_pose(name)
            if not result:
                return {"name": name, "error": str(result.status), "seen": len(seen)}
            cache[name] = result.position
        scores = {}
        for index, height in enumerate(heights):
            for _ in range(tries):
                value = grasp_at(height, index)
                if value is not None:
                    scores[height] = round(value, 4)
                    break
            else:
                scores[height] = None
        return {"name": name, "scores": scores, "seen": len(seen)}

    return planner, lambda: (calls, sorted(cache))


plan, stats = build_planner([0.1, 0.05])
reports = [plan(name, margin=0.01) for name in ("milk", "butter", "milk")]
for report in reports:
    if "error" in report:
        print(f"{report['name']}: {report['error']} after {report['seen']}")
        continue
    values = [v for v in report["scores"].values() if v is not None]
    print(report["name"], report["seen"], len(values), f"{max(values, default=0.0):.4f}")
print(stats())
compose = lambda *fs: lambda x: compose(*fs[1:])(fs[0](x)) if fs else x
print(compose(lambda x: x + 1, lambda x: x * 2, str)(stats()[0]))
try:
    plan(name="milk")
except TypeError as error:
    print("TypeError:", "positional" in str(error))
