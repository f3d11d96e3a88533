# Numbers that are not: NaN and infinity travel through arithmetic, comparisons, sorting keys and arguments.
import math

import numpy as np

w = get_gripper_width()
ratio = np.float64(w) / 0.0 if w > 0.2 else np.log(w - 0.1)
print(ratio, np.isnan(ratio), np.isfinite(ratio), ratio == ratio, ratio > 0)
values = np.array([w, ratio, 0.5, np.nan])
print(values.max(), np.nanmax(values), np.isnan(values).tolist(), int(np.isnan(values).sum()))
clean = values[np.isfinite(values)]
print(clean.round(3), clean.size, float(np.mean(clean)) if clean.size else None)
best = float("-inf")
for name in ("milk", "butter", "ketchup"):
    result = sample_grasp_pose(name)
    score = result.score if result else float("nan")
    if score > best:
        best = score
        print("better:", name, f"{score:.3f}")
print(f"{best:.3f}", math.isinf(best), max(0.0, best), min(best, 1.0))
target = np.array([0.4, 0.0, 0.2])
offset = np.sqrt(np.array([w - 0.15, 0.0, 0.01]))
offset = np.where(np.isnan(offset), 0.0, offset)
print(np.round(offset, 3))
goto_pose(target + offset, [0.0, 1.0, 0.0, 0.0])
try:
    goto_pose(target * ratio, [0.0, 1.0, 0.0, 0.0])
except ValueError as error:
    print("refused:", str(error)[:40])
norm = np.linalg.norm(values[:2])
print(f"{norm:.2f}", norm < 1, not norm < 1, round(norm, 2) if math.isfinite(norm) else "no number")
print(int(norm * 100))
