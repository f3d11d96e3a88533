"""More of the language, mostly ways out of nested blocks: every lane does what plain Python does."""

from __future__ import annotations

import pytest

from tests.support.varying_values import assert_runs_as_in_plain_python

PROGRAMS = {
    "recursion through finally": r"""
def f(n):
    match n:
        case 0:
            return "zero"
    try:
        return f(n - 1) + "."
    finally:
        if n > 3:
            raise ValueError("deep")


try:
    print(f(n))
except ValueError as e:
    print(e)
""",
    "loops in finally": r"""
def g():
    for i in range(5):
        with_finally = []
        try:
            for j in map(lambda v: v * 2, range(4)):
                if j > n:
                    return (i, j)
                if i == 1:
                    raise IndexError(i)
        except IndexError as e:
            with_finally.append(e.args)
            break
        finally:
            print("inner", i)
            if i == 0 and n < 2:
                continue
    else:
        return "else"
    return with_finally


print(g())
""",
    "finally that returns over an exception": r"""
def h():
    try:
        try:
            raise KeyError(n)
        finally:
            try:
                raise ValueError("second")
            except ValueError as e:
                print("handled", e)
            if n % 2:
                return "dropped"
    except KeyError as e:
        return ("key", e.args)


print(h())
""",
    "finally that raises over a return": r"""
def k():
    while True:
        try:
            try:
                return n
            finally:
                raise RuntimeError("replaces")
        except RuntimeError as e:
            print(e)
            if n > 1:
                break
            return "handler"
        finally:
            print("outer")
    return "after"


print(k())
""",
    "closures in finally": r"""
def m():
    x = 1

    def inner():
        return x

    try:
        x = 2
        return inner()
    finally:
        x = 3
        print(inner())


print(m())
try:
    for i in range(3):
        try:
            continue
        finally:
            print(i)
    raise TypeError("t")
except (KeyError, TypeError):
    print("type")
except Exception:
    print("any")
else:
    print("else")
finally:
    print("finally")
try:
    raise
except RuntimeError as e:
    print(e)
""",
    "re-raise in a handler": r"""
try:
    try:
        raise ValueError("a")
    except ValueError as e:
        raise KeyError("b")
    finally:
        print("f")
except KeyError as e:
    print(e)
try:
    e
except NameError as err:
    print(err)


def r():
    try:
        raise ValueError(n)
    except ValueError:
        try:
            raise KeyError("inner")
        except KeyError:
            pass
        raise


try:
    r()
except ValueError as e:
    print("outer", e)
""",
    "names of handlers": r"""
try:
    try:
        1 / (n - n)
    except ZeroDivisionError as gone:
        print(gone)
        raise KeyError("b")
except KeyError as e:
    print(e)
try:
    gone
except NameError as err:
    print(err)


def f():
    for i in range(3):
        try:
            raise ValueError(i)
        except ValueError as e:
            try:
                if i == n:
                    return e.args
                if i == 1:
                    continue
                raise
            except ValueError as e:
                print("again", e)
    return "end"


print(f())
""",
    "unbound names": r"""
x = 5


def f():
    try:
        return x
    except NameError:
        pass


print(f())


def g():
    if n > 100:
        y = 1
    return y


try:
    g()
except UnboundLocalError as e:
    print(e)
""",
    "for else in for else": r"""
for name_ in ["a", name]:
    for i in range(n):
        if i == 2:
            break
    else:
        continue
    print(name_, i)
    break
else:
    print("no break")
""",
    "nested dicts": r"""
def get(d, *keys, default=None):
    for k in keys:
        if not isinstance(d, dict) or k not in d:
            return default
        d = d[k]
    return d


cfg = {"grip": {"width": w, "tries": n}}
print(get(cfg, "grip", "width"), get(cfg, "x", default=3), get(cfg, "grip", "tries", "z"))
cfg["grip"].update(width=n, new=[1])
cfg["grip"]["new"] += [n]
print(
    cfg,
    cfg.get("grip", {}).get("none", "no"),
    list(cfg.items()),
    len(cfg["grip"]),
    cfg == {"grip": {}},
    "grip" in cfg.keys(),
    w in cfg["grip"].values(),
)
""",
    "poses from angles": r"""
quat = np.array([0.0, 1.0, 0.0, 0.0])


def euler_to_quat(roll, pitch, yaw):
    cr, sr = math.cos(roll / 2), math.sin(roll / 2)
    cp, sp = math.cos(pitch / 2), math.sin(pitch / 2)
    cy, sy = math.cos(yaw / 2), math.sin(yaw / 2)
    return [
        cr * cp * cy + sr * sp * sy,
        sr * cp * cy - cr * sp * sy,
        cr * sp * cy + sr * cp * sy,
        cr * cp * sy - sr * sp * cy,
    ]


q = euler_to_quat(math.pi, 0, w)
T = np.eye(4)
T[:3, :3] = R.from_quat(q, scalar_first=True).as_matrix()
T[:3, 3] = pos
print(q, T, (T @ np.append(pos, 1.0))[:3], np.linalg.inv(T)[:3, 3], np.linalg.norm(q))
for yaw in np.linspace(0, np.pi, 4):
    qq = R.from_euler("xyz", [np.pi, 0, yaw + w]).as_quat()[[3, 0, 1, 2]]
    r = goto_pose(pos + np.array([0, 0, 0.1 * yaw]), qq, z_approach=0.05)
    print(yaw, r.status, np.round(qq, 3))
    if r:
        break
""",
    "operators": r"""
print(
    isinstance(len, int),
    callable(print),
    callable(n),
    isinstance(lambda: 0, int),
    format(w, ".2f"),
    format(n),
    ord("a"),
    chr(98),
    hex(255),
    bin(n),
    oct(8),
    pow(2, 3),
)
print([] or "empty", [0] and "full", bool([0]), not "", all([]), any([]), 0 or None, "" or [] or n)
print(
    abs(n - 3),
    (-n) ** 2,
    -(n**2),
    10 - 2 - 1,
    2**3**1,
    7 - -n,
    ~n & 0xF,
    n << 2 | 1,
    n ^ 5,
    (n > 1) + (w > 0.1),
    True & (n > 1),
    (n > 1) ^ True,
)
""",
    "sets, stacks and queues": r"""
seen = set()
order = []
for v in [n, 1, n, 2, 1]:
    if v in seen:
        continue
    seen.add(v)
    order.append(v)
print(
    order,
    len(seen),
    seen == set(order),
    seen & {1},
    {1} <= seen,
    seen - {n},
    seen.issuperset([1]),
    min(seen),
    sorted(seen, reverse=True),
    1 in seen,
    seen ^ {1, 2},
)
stack = [n]
while stack:
    v = stack.pop()
    if v > 0:
        stack.extend([v - 1] if v % 2 else [v - 2, 0])
    order.append(v)
print(order)
queue = [(0, "a"), (n, "b")]
while queue:
    cost, node = queue.pop(0)
    if cost < 3 and len(order) < 20:
        queue.append((cost + 1 + (n > 2), node + "c"))
        queue.sort()
    order.append(node)
print(order)
""",
    "lists and tuples": r"""
a = [1, 2, 3]
a[1:2] = [n, n]
a[-1] += 10
b = a[:]
a.insert(0, w)
a.insert(-1, "x")
c = [a, b]
c[0][0] = 0
print(
    a,
    b,
    c,
    a.count(n),
    b.index(n) if n in b else -1,
    [*reversed(a)],
    a[::-2],
    a * 0,
    [None] * 2,
    list("ab") + ["c"],
    sum([b, b], []),
    len(c[0]),
)
t = (1, [n])
t[1].append(2)
print(t, t + (3,), t * 2, t.index(1), t.count([n]), (n,) == (n,), (), tuple("ab"), (1, 2)[::-1])
try:
    t[0] = 5
except TypeError as e:
    print(e)
try:
    a.remove("nothing")
except ValueError as e:
    print(e)
try:
    [].pop()
except IndexError as e:
    print(e)
""",
    "numpy scalars": r"""
import numpy
import math as mm

x = numpy.float32(w)
y = numpy.float64(w) * n
print(
    round(float(x), 4),
    y,
    numpy.int64(n) // 2,
    numpy.bool_(n),
    y.round(2),
    y.item(),
    bool(y > 1),
    numpy.array(n) + 1,
    f"{y:.3f} {numpy.int64(n):03d}",
    numpy.float64(3) / 2,
    numpy.array([1, 2, 3])[n % 3],
    numpy.max([n, w]),
    max(numpy.array([n, 1])),
    numpy.sum([n, n]),
    numpy.mean([1, n]),
    mm.floor(y),
    int(y),
    [numpy.float64(w)],
    (numpy.int64(n),),
    str(numpy.float64(w)),
    repr(numpy.array([w])),
)
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_agrees_with_plain_python(program: str) -> None:
    assert_runs_as_in_plain_python(program)
