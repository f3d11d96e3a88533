import numpy as np

xs = [x * x for x in range(6) if x % 2 == 0]
pairs = [(i, j) for i in range(3) for j in range(i)]
index = {name: i for i, name in enumerate(["a", "b", "c"])}
letters = {c for c in "banana"}
print(xs, pairs, index, sorted(letters))
width = get_gripper_width()
scaled = [width * k for k in (1, 2, 3)]
print([round(s, 3) for s in scaled], sum(scaled) > 0.5, any(s > 0.3 for s in scaled), all(s > 0.01 for s in scaled))
first = next((k for k in scaled if k > 0.2), None)
print("first", first is None)
matrix = [[width + i * j for j in range(3)] for i in range(3)]
print(np.round(np.array(matrix), 3))
print(list(zip(xs, "abc")), list(map(lambda v: v + 1, xs)), list(filter(None, [0, 1, 2])))
flat = [item for row in matrix for item in row]
print(len(flat), max(flat) == flat[-1], min(flat) <= flat[0])
print({k: v for k, v in sorted(index.items(), key=lambda kv: -kv[1])})
