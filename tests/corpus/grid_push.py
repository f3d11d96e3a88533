# Visit the cells of a grid in boustrophedon order and remember which were blocked; then report a map.
import numpy as np

ROWS, COLS = 3, 4
X = np.linspace(0.35, 0.65, ROWS)
Y = np.linspace(-0.2, 0.2, COLS)
DOWN = np.array([0.0, 1.0, 0.0, 0.0])
grid = np.zeros((ROWS, COLS))
forces = []

blocked_in_row = 0
for i in range(ROWS):
    columns = range(COLS) if i % 2 == 0 else range(COLS - 1, -1, -1)
    blocked_in_row = 0
    for j in columns:
        result = goto_pose(np.array([X[i], Y[j], 0.25]), DOWN)
        if result:
            grid[i, j] = 1.0
        elif result.status == "BLOCKED":
            grid[i, j] = -1.0
            forces.append(result.peak_force)
            blocked_in_row += 1
            if blocked_in_row == 2:
                print(f"row {i}: two blocked cells, next row")
                break
        else:
            grid[i, j] = np.nan
    if blocked_in_row == 0 and i == 0:
        print("first row free")

for row in grid:
    print("".join("#" if v < 0 else "?" if np.isnan(v) else "." if v > 0 else " " for v in row))
free = np.argwhere(grid > 0)
print(len(free), "free;", int(np.sum(grid < 0)), "blocked;", int(np.isnan(grid).sum()), "unknown")
if len(forces) > 0:
    print(f"forces: mean {np.mean(forces):.3f}, max {max(forces):.3f}")
if len(free):
    centre = np.array([[X[i], Y[j]] for i, j in free]).mean(axis=0)
    print(np.round(centre, 3))
    goto_pose([centre[0], centre[1], 0.3], DOWN)
share = np.nanmax(grid, axis=1) if not np.all(np.isnan(grid)) else np.zeros(ROWS)
print(share.shape, bool(np.any(share < 0)))
