import numpy as np

pos = np.array([0.1, 0.2, 0.3])
same = pos
view = pos[:2]
if steps_left() > 0.15:
    same[0] = 9.0
    view[1] = get_gripper_width()
else:
    pos += 1.0
    view *= 2
print(np.round(pos, 3), np.round(same, 3), np.round(view, 3), same is pos)
rows = [[0] * 2] * 2
rows[0][0] = get_gripper_width()
print(rows[1][0] == rows[0][0], rows[0] is rows[1])
box = {"items": rows}
box["items"].append([1, 2])
if get_gripper_width() > 0.1:
    box["items"].pop(0)
print(len(rows), len(box["items"]), box["items"] is rows)
M = np.zeros((3, 3))
d = M.T
M[0, 1] = get_gripper_width()
M[2] += [1, 2, 3]
print(d[1, 0] == M[0, 1], np.round(d, 2))
for row in M:
    row[0] = 7
print(M[:, 0].sum(), d[0].sum())


def change(array, items):
    array[0] = -1
    array = array + 5
    items += [3]
    return array


data, listed = np.array([1.0, 2.0]), [1]
print(change(data, listed), data, listed)
