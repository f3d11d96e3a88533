import numpy as np

candidates = []
for name in ["milk", "ketchup", "orange juice", "tomato sauce"]:
    result = sample_grasp_pose(name)
    if result:
        candidates.append((result.score, name, result.position))
    else:
        print(name, "->", result.status)

candidates.sort(key=lambda c: c[0], reverse=True)
for score, name, position in candidates:
    print(f"{name:>14}: {score:.3f} {position[0]:.2f}")
if candidates:
    best = max(candidates, key=lambda c: c[2][2])
    worst = min(candidates, key=lambda c: np.linalg.norm(c[2]))
    print("highest", best[1], "nearest", worst[1])
    names = [name for _, name, _ in sorted(candidates, key=lambda c: c[1])]
    print(names)
    goto_pose(best[2], (0, 1, 0, 0))
