"""Arrays without axes that differ between lanes are arrays, not numbers: alike in both runners."""

from __future__ import annotations

import pytest

from tests.support.varying_values import assert_runs_as_in_plain_python

#: what gives such an array, or takes one
MADE = r"""
np.array(w); np.asarray(n); np.array(w > 0.1); np.array(w, dtype=np.float32); np.array(np.float32(w))
np.array(name); np.where(w > 0.1, 1.0, 2.0); np.where(w > 0.1, n, 2); np.select([w > 0.1], [1.0], 2.0)
np.full((), w); np.copy(w); np.zeros_like(w); np.full_like(w, 3.0); pos[0, ...]; np.squeeze(np.array([w]))
np.array([w]).reshape(()); np.float64(w)[...]; np.array([w]).squeeze(); np.broadcast_to(w, ()); np.asarray(pos[0])
np.array(w).copy(); np.array(w).astype(np.float32); np.array(w).T; np.array(w)[...]; np.array(w)[()]
np.array(w) + 1; -np.array(w); np.array(w).item(); float(np.array(w)); np.array(w).reshape(1)
np.stack([np.array(w), np.array(n)]); np.array([np.array(w), 2.0]); np.sin(np.array(w)); max(np.array(w), 0.1)
np.array(w).sum(); np.max(np.array(w)); np.array(w).max(); np.round(np.array(w), 2); np.clip(np.array(w), 0, 1)
np.array(w) > 0.1; np.asarray(np.array(w)); np.array(w) if n > 1 else np.array(1.0); np.array(w) if n > 1 else 1.0
np.array(n) if n > 1 else np.array(w); pos[np.array(n) % 3]; [5, 6, 7, 8, 9][np.array(n) % 5]
[1, 2, 3, 4, 5, 6, 7][np.array(n)]; pos * np.array(w); np.float32(1) * np.array(w); np.array(w).dot(2.0)
np.dot(np.array(w), pos); math.sin(np.array(w)); sorted([np.array(w), np.array(n)]); np.array(w)[None]
np.array(w) ** 2; np.array(n) // 2; np.array(n) % 2 == 0; np.array(n) & 1; [1, 2] + np.array(w)
np.array(w).fill(2.0); {np.array(w).item()}; [np.array(w), np.array(n * 1.0)][n % 2]; (np.array(w), 1)[0]
{"a": np.array(w)}["a"]; np.append(np.array(w), 1); np.isfinite(np.array(w)); np.array(n) @ pos; len(np.array(w))
list(np.array(w)); [x for x in np.array(w)]; {np.array(w): 1}; np.array(w)[0]; reversed(np.array(w))
"""
#: what is asked of it
ASKED = r"""
def ask(z):
    print(repr(z), str(z), f"{z}", [z], (z, 1), {"k": z})
    print(isinstance(z, np.ndarray), isinstance(z, float), isinstance(z, np.generic), type(z), type(z) == np.ndarray)
    print(hasattr(z, "shape") and (z.shape, z.size, z.ndim), hasattr(z, "__len__"), getattr(z, "dtype", None))
    for question in (
        lambda: (z + 1, abs(z), z == z, bool(z), z is z), lambda: len(z), lambda: f"{z:.3f}", lambda: f"%.2f" % z,
        lambda: round(z, 1), lambda: [x for x in z], lambda: "yes" if z else "no", lambda: int(z), lambda: z[0],
        lambda: [*z], lambda: z.fill(3) or z,
    ):
        try:
            print(question())
        except Exception as e:
            print(type(e).__name__, e)
"""
PROGRAMS = {
    "in place": r"""
z = np.array(w)
y = z
z *= 2
z += n
z[()] = z + 1
z[...] -= 0.5
print(repr(y), y is z)
z = np.zeros(())
z += w
x = np.zeros(())
x[()] = n
print(repr(z), repr(x))
pos += z
print(pos)
""",
    "views": r"""
a, b, c = np.array([w]), np.array([1.0, 2.0]), np.array([3.0])
u, v, x = a.squeeze(), b[1, ...], np.squeeze(c)
v[...] = 5.0
u += 1
c[0] = w
b[1] += n
t = pos[2, ...]
pos[2] = 7.0
print(a, b, c, pos, [u, v, x, t])
s = np.array(w)
r, q = s.reshape(1), s[None, None]
s += 1
q[0, 0] += n
print(repr(s), r, q)
""",
    "branches": r"""
z, b = np.array(1.0), np.array([1.0, 2.0])
v = b[0, ...]
if n > 2:
    z = np.array(w)
    b[0] = 4.0
elif n == 1:
    z += 1
    v[...] = 3.0
zs = [z, np.array(n)]
for i in range(3):
    if n > i:
        zs.append(np.array(i))
        z += i
        b[1] += i
print(repr(z), zs, b, repr(v))
pair = {"z": z}
pair["z"] -= w
print(pair, z)
""",
    "calls": r"""
wait(np.array(w))
wait(np.where(n > 1, 0.5, 0.25))
goto_pose([np.array(w), 0.1, np.array(0.2)], [0, 1, 0, 0], z_approach=np.array(w))
print(get_object_pose("milk").position * np.array(n))
""",
    "streams": r"""
rng = np.random.default_rng(n)
z = rng.uniform(size=())
print(repr(z), type(z))
""",
}


@pytest.mark.parametrize("line", MADE.strip().splitlines())
def test_what_it_is_agrees_with_plain_python(line: str) -> None:
    asked = "\n".join(
        f"try:\n    ask({made.strip()})\nexcept Exception as e:\n    print(type(e).__name__, e)"
        for made in line.split(";")
        if made.strip()
    )
    assert_runs_as_in_plain_python(f"{ASKED}\n{asked}\n")


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_what_changes_it_agrees_with_plain_python(program: str) -> None:
    assert_runs_as_in_plain_python(program)
