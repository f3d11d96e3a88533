"""Comprehensions of every kind over varying data: nested, conditional, dict, set, with walrus and with function calls."""
import numpy as np

names = ["milk", "butter", "ketchup", "cream cheese"]
results = {name: get_object_pose(name) for name in names}
found = {name: r.position for name, r in results.items() if r}
statuses = sorted({str(r.status) for r in results.values()})
print(statuses, len(found), [name[0] for name in names if name not in found])
pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if a in found and b in found]
distances = {(a, b): float(np.linalg.norm(found[a] - found[b])) for a, b in pairs}
print({f"{a[0]}-{b[0]}": round(d, 2) for (a, b), d in distances.items()})
close = [pair for pair, d in distances.items() if d < 0.15]
print("close:", close if close else "none", min(distances.values(), default=None) is None)
table = [[round(float(p[k]), 2) for k in range(3)] for p in found.values()]
columns = [list(column) for column in zip(*table)]
print(columns, [max(c) - min(c) > 0.1 for c in columns])
flat = [v for row in table for v in row if v > 0.1]
print(len(flat), sum(flat) > 1, all(v > 0.1 for v in flat), any(v > 0.29 for v in flat))
running = 0.0
sums = [running := running + v for v in flat[:4]]
print([f"{s:.2f}" for s in sums], f"{running:.2f}")
matrix = [[i * j for j in range(3)] for i in range(3)]
diagonal = [matrix[k][k] for k in range(3)]
print(diagonal, [[row[j] for row in matrix] for j in range(3)] == matrix, sum([sum(row) for row in matrix]))
labels = {k: ("near" if v < 0.12 else "far") for k, v in distances.items()}
counts = {label: sum(1 for x in labels.values() if x == label) for label in ("near", "far")}
print(counts, {len(n) for n in names} == {4, 6, 7, 12}, [n for n in names if len(n) > 6][-1:])
order = sorted(found, key=lambda n: tuple(-round(float(c), 1) for c in found[n]))
print(order, list(map(len, order)), list(filter(lambda n: "e" in n, order)))
ys = [p[1] for p in found.values()]
goto_pose([0.4, float(np.mean(ys)) if ys else 0.0, 0.3], [0.0, 1.0, 0.0, 0.0])
print([*range(len(ys))], [*"ab", *[1]], {**{"a": 1}, **{n: 0 for n in order[:1]}})
