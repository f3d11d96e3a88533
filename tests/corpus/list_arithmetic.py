import numpy as np

w = get_gripper_width()
target = [w, 0.1, w + 0.2]
print([round(float(v), 3) for v in target + np.array([0.0, 0.0, 0.2])])
print([round(float(v), 3) for v in np.array([1, 2, 3]) * target])
joined = target + [w]
joined += [w, 2.0]
summed = list(target)
summed += np.array([w, 2.0, 3.0])
print([round(v, 3) for v in summed.tolist()])
joined += (w, "end")
print(len(joined), joined is target, joined[-1], round(joined[4], 3))
repeat = [w] * 2 + list((w,) * 2)
repeat *= int(w * 10) + 1
print(len(repeat), target == [w, 0.1, w + 0.2], target != joined, [w] < [w + 1], (w, 1) == (w, 1))
best = {"score": -1.0}
for i, value in enumerate(target):
    if value > best["score"]:
        best = {"score": value, "index": i}
print(best["index"], best)
for key in best:
    print(key, round(best[key], 3))
for key, value in best.items():
    best[key] = value * 2
    print(key, value == best[key] / 2)
rows = sorted([(w * k % 0.1, k) for k in range(4)])
print([k for _, k in rows], rows[0][0] <= rows[1][0])
print(max(rows)[1], min(rows, key=lambda r: -r[0])[1], max([r[0] for r in rows], default=0) >= 0)
goto_pose(target, [0, 1, 0, 0])
