"""Values of the program language: every lane computes what plain Python does."""

from __future__ import annotations

import pytest

from tests.support.varying_values import assert_runs_as_in_plain_python

PROGRAMS = {
    "f-strings": r"""
print(f"{w:.3f} {n:>5} {name!r:>10} {w=} {n=:04d} {pos[0]:+.2e} {w:{n + 5}.{2}f} {name:^{12}}|{'x'!s}{name!a}")
print(f"{n:05d}|{n:x}|{w:%}|{1000000 * n:,}|{name[:2]}|{{}}|{pos.tolist()}|{'a' if n else 'b'}")
print(f"{w:.{n}f}", f"{[n, w]}", f"{ {'a': n} }", f"{None} {True}")
""",
    "unpacking": r"""
a, (b, *c), d = 1, (n, w, 3, 4), name
print(a, b, c, d)
(x, y), *rest = [(1, 2), 3, n]
print(x, y, rest)
*init, last = "abc"
print(init, last)
first, second, third = pos
print(first, second, third)
[p, q] = [n, w]
print(p, q)
for i, (j, *k) in enumerate([(1, 2, 3), (n,)]):
    print(i, j, k)
""",
    "slices": r"""
xs = list(range(10))
print(xs[::2], xs[::-1], xs[n:], xs[:-n], xs[1:8:3], xs[-2:], name[::-1], (1, 2, n)[1:], xs[8:2:-2])
xs[2:4] = [w, n, "x"]
xs[::3] = [0] * len(xs[::3])
del xs[1], xs[-2:]
print(xs)
del xs[::2]
print(xs)
xs[len(xs) :] = [n]
xs[:0] = [name]
xs *= 2
xs += (1, 2)
print(xs)
""",
    "chained comparisons": r"""
print(0 < w < 0.2 < n, n == 2 != 3, 1 <= n <= 3, w < n > 1, name == "milk" in ["milk"], not 0 <= n < 2)
""",
    "dicts": r"""
d = {"a": n, "b": w, **{"c": 3}}
d["a"] += 1
d["x"] = d.get("x", 0) + n
d |= {"y": 1}
e = d | {"a": 0}
print(d, e, len(e), "a" in e, list(d), list(d.values()), d.pop("a"), d.pop("zz", None), d.popitem(), d)
print(
    dict.fromkeys([1, 2]),
    dict(a=1, b=n),
    dict([("k", w)]),
    {k: v for k, v in d.items() if k != "b"},
    d.keys() == {"b"},
)
for k in d:
    d[k] = 0
print(d, d.setdefault("q", []).append(n), d, bool({}))
del d["q"]
try:
    d["nope"]
except KeyError as err:
    print(err, repr(err))
""",
    "sets": r"""
s, t = {1, 2, 3}, {3, 4}
print(
    s | t,
    s & t,
    s - t,
    s ^ t,
    s <= t,
    s > {1},
    s >= s,
    {1} < s,
    s.isdisjoint(t),
    sorted(s.union([9])),
    s == {3, 2, 1},
)
s |= {7}
s -= {1}
s &= {2, 3, 7}
s ^= {2, 9}
print(sorted(s), s.pop() in (3, 7, 9), len(s))
u = {x % 2 for x in range(n) if x}
u.add(5)
u.discard(8)
print(sorted(u), {n: 1}, {1, n} == {n, 1})
""",
    "lists": r"""
xs = [3, n, 1]
ys = xs.copy()
ys.sort()
ys.reverse()
ys.insert(1, w)
ys.extend([4, 5])
print(ys.pop(), ys.pop(0), ys.index(4), ys.count(1), xs, ys)
ys.remove(4)
ys.sort(key=lambda v: -v, reverse=True)
ys.clear()
print(
    ys, [1] * 3, [1] + [n], [1, 2] < [1, n], [[0] * 2 for _ in range(2)], max([1, 2], [n]), (1, n) + (2,), [n] == [2]
)
repeated = [[0]] * (1 + int(w * 1e6) % 3)
repeated[0].append(1)
print(repeated, ([w],) * n, n * [1], (w > 0.04) * [1, 2])
""",
    "texts": r"""
t = "  Pick the " + name + " Now, please  "
print(
    t.strip().lower().split(),
    t.split(","),
    t.replace("Pick", "Grab"),
    t.find(name),
    t.title(),
    name.capitalize(),
    name.startswith(("m", "s")),
    t.strip().partition(" "),
    name.center(9, "*"),
    name.zfill(8),
    "a-b-c".rsplit("-", 1),
    name.count("u"),
    name in t,
    "x" * n,
    name.upper().swapcase(),
    name.endswith("k"),
    "a\nb".splitlines(),
    name.removesuffix("k"),
    name.isalpha(),
    ",".join([name, "z"]),
    name.ljust(8) + "|",
    "%s %d %.2f" % (name, n, w),
    "%5.1f" % w,
    name[0],
    name[-1],
    name < "n",
    ord(name[0]),
    chr(65 + n),
)
print("{} {:.2f} {name}".format(n, w, name=name), "{0} {1} {0}".format(n, name), "{:>8}|{:<5}|".format(name, n))
""",
    "numbers": r"""
print(
    sum([w, n]),
    sum([[1], [n]], []),
    sum([1, 2], 10),
    sum((x for x in range(n)), start=w),
    min(n, 2, w),
    max("abc"),
    min([3, n], [2, 1]),
    max(pos),
    min(pos),
)
print(
    round(w, 2),
    round(n),
    round(w * 100),
    round(2.5),
    round(-w, 1),
    round(12345, -2),
    divmod(n, 2),
    divmod(w, 0.1),
    pow(n, 2),
    pow(2, n, 5),
    int("7"),
    int(w * 10),
    int(" 12 "),
    float("1e-3"),
    int("ff", 16),
    abs(-w),
    int(True),
    float(n),
    str(w),
    bool(n),
    n // 2,
    n % 2,
    -n // 2,
    w % 0.1,
    2**n,
    2**-1,
    n**0.5,
)
try:
    int(name)
except ValueError as e:
    print(e)
try:
    n / 0
except ZeroDivisionError as e:
    print(e)
""",
    "isinstance": r"""
print(
    isinstance(n, int),
    isinstance(w, (int, float)),
    isinstance(True, int),
    isinstance(pos, np.ndarray),
    isinstance(pos[0], float),
    isinstance(pos[0], np.float64),
    isinstance(name, str),
    isinstance([], (list, tuple)),
    isinstance(None, dict),
    isinstance(np.int64(1), int),
    isinstance(w, np.floating),
    isinstance(np.float64(1), (np.floating, np.integer)),
)
""",
    "expressions and statements": r'''
if (m := n + 1) > 2:
    print("m", m)
print([y := n, y**2], [z for x in range(3) if (z := x * n) > 1])
f = (lambda x: x if x > 1 else -x) if n > 2 else (lambda x: 0)
print(f(n), (n if n > 1 else w) or "zero", n and w, n or "none", None or n, [] or 0)
print("a", n, w, sep="-", end="!\n")
print(sep="x")
print("a", end="")
print()
a = b = [n]
b.append(1)
print(a, a is b)
a, b = b, a
i, xs = 0, [5, 6, 7]
i, xs[i] = 1, n
print(i, xs)


def doc(a: int, b: "List[float]" = 2) -> None:
    """Docstring."""
    ...


print(doc(1))
del a
try:
    a
except NameError as e:
    print(e)
x: float = w
x -= 1
x *= 2
x /= 3
x //= 1
x **= 2
x %= 5
k = n
k <<= 2
k |= 1
k &= 7
k ^= 2
k >>= 1
print(x, k, ~n, +w, -n, not n)
if __name__ == "__main__":
    print("main")
''',
    "augmented subscripts": r"""
grid = [[0] * 3 for _ in range(2)]
grid[1][n % 3] += w
grid[0][1] -= n
arr = np.zeros((2, 3))
arr[0] += 1
arr[:, 1] *= n
arr[1, 2] = w
arr[arr > 0.5] = -1
print(grid, arr, [row[:] for row in grid])
m = {"a": {"b": [1, 2]}}
m["a"]["b"][0] += n
m["a"]["c"] = m["a"]["b"][:]
print(m)
""",
    "exceptions": r"""
def classify(v):
    try:
        if v > 2:
            raise ValueError(f"v={v}")
        elif v == 1:
            return [][v]
        return v / (v - 0)
    except (ValueError, ZeroDivisionError) as e:
        return str(e)
    except IndexError:
        return "index"
    else:
        return "else"
    finally:
        print("done", v)


print(classify(n), classify(0), classify(1), classify(5))
""",
    "while": r"""
total = 0
while True:
    total += n + 1
    if total > 10:
        break
    if total % 2:
        continue
    total += 1
print(total)
""",
    "results": r"""
r = get_object_pose(name)
position, quaternion = r
print(
    position,
    quaternion,
    r.position[2],
    r[0],
    len(r),
    r.status == "OK",
    bool(r),
    r.status in ("OK", "BLOCKED"),
    f"{r.status}",
    r.status.lower(),
    r.message,
)
p, q, ext = get_object_pose(name, return_bbox_extent=True)
print(
    ext.max(),
    position + [0, 0, 0.1],
    np.array(position) - position,
    list(position),
    position.tolist(),
    tuple(position),
)
if r and position[2] > 0.1 and abs(position[0]) < 0.2:
    print("ok")
""",
    "math": r"""
import math as m

print(
    m.sqrt(n),
    m.floor(w * 10),
    m.isclose(w, w),
    m.pi,
    m.hypot(3, 4, n),
    m.prod([1, n]),
    m.isqrt(n),
    m.factorial(n),
    m.comb(5, n),
    m.ceil(w),
    m.inf,
    m.degrees(w),
    m.atan2(w, 1),
    m.perm(5, 2),
    m.lcm(4, 6),
    m.log(w + 1),
    m.log2(8),
    m.trunc(w * 7),
    m.fsum([w, w]),
    m.dist([0, 0], [w, n]),
    m.exp(w),
    m.modf(w),
)
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_agrees_with_plain_python(program: str) -> None:
    assert_runs_as_in_plain_python(program)
