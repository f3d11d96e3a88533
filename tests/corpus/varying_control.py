import numpy as np

w = get_gripper_width()
table = ["left", "middle", "right"]
i = int(w / 0.1)
print(table[i], table[i - 1], table[-1], {"left": 1, "middle": 2, "right": 3}[table[i]])
grid = [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]
row = grid[i]
row[0] = w
print([round(r[0], 2) for r in grid])
counts = {}
for k in range(3):
    word = "ok" if goto_home_joint_position() else "failed"
    counts[word] = counts.get(word, 0) + 1
print(counts, sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))
steps = list(range(i + 1))
print(steps, sum(steps), [s**2 for s in steps], steps[-1:])
values = np.array([w, 0.15, 0.05])
best = np.argmin(values)
print(int(best), values[best] <= 0.05, np.sort(values)[0], values[values > 0.1].size, np.any(values > 0.2))
pair = (w, i)
low, high = min(pair[0], 0.1), max(pair)
print(round(low, 3), high if isinstance(high, int) else round(high, 3))
while True:
    w = w * 1.5
    if w > 1 or not open_gripper():
        break
print(round(w, 3))
