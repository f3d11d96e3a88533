"""Functions and iterators of the program language: every lane does what plain Python does."""

from __future__ import annotations

import pytest

from tests.support.varying_values import assert_runs_as_in_plain_python

PROGRAMS = {
    "unbound methods as keys": r"""
print(sorted([name.upper(), "b", "A"], key=str.lower), list(map(str.strip, [" a ", name + " "])))
""",
    "callables as keys": r"""
xs = [[1, 2], [3], [n] * n]
print(sorted(xs, key=len), max([-3, w, -n], key=abs), min([pos, pos * 2, pos - 1], key=np.linalg.norm))
""",
    "dict.get as a key": r"""
scores = {"a": w, "b": 0.1, "c": 0.2}
print(
    max(scores, key=scores.get),
    sorted(scores, key=scores.get, reverse=True),
    sorted(scores.items(), key=lambda kv: -kv[1])[0],
)
""",
    "dispatch tables": r"""
ops = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b, "max": max}
for k, f in ops.items():
    print(k, f(n, 3))
print([f(w) for f in [math.sin, abs, float, str, lambda v: v**2]])
key = ["add", "mul", "max"][n % 3]
print(ops[key](n, 2))
""",
    "functions that return functions": r"""
def adder(a):
    def add(b):
        return a + b

    return add


print(adder(n)(3), adder(w)(1), [adder(i)(n) for i in range(3)])
fs = [lambda x, i=i: x + i for i in range(3)]
print([f(n) for f in fs])
fs = [lambda x: x + i for i in range(3)]
print([f(n) for f in fs])
""",
    "args and kwargs": r"""
def outer(*args, **kwargs):
    return inner(*args, **kwargs)


def inner(a, b=2, *rest, c, d=4, **kw):
    return (a, b, rest, c, d, kw)


print(outer(n, c=1), outer(1, 2, 3, w, c=n, e=5), inner(*[1, 2], **{"c": name}))
try:
    outer(1)
except TypeError as e:
    print(e)
try:
    inner(1, 2, c=3, a=4)
except TypeError as e:
    print(e)
""",
    "recursion limit": r"""
def deep(k):
    return 1 + deep(k + 1)


try:
    deep(0)
except RecursionError as e:
    print(e)
""",
    "nonlocal": r"""
def counter():
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count

    return step


c = counter()
print([c() for _ in range(n)], c(w))
""",
    "positional-only and keyword-only": r"""
def f(a, /, b, *, c):
    return a + b + c


print(f(1, b=n, c=w))
try:
    f(a=1, b=2, c=3)
except TypeError as e:
    print(e)
try:
    f(1, 2, 3)
except TypeError as e:
    print(e)
""",
    "min and max with defaults": r"""
print(
    min([], default=None),
    max([1, n], default=0),
    min([n, 3], key=lambda v: -v, default=1),
    max([], key=len, default="none"),
)
try:
    max([], key=len)
except ValueError as e:
    print(e)
try:
    max({}.items(), key=lambda kv: kv[1])
except ValueError as e:
    print(e)
""",
    "iter and next": r"""
it = iter([1, n, 3])
print(next(it), next(it), next(it), next(it, "end"))
try:
    next(it)
except StopIteration:
    print("stop")
""",
    "zip is an iterator": r"""
z = zip([1, 2, n], "abc")
print(next(z))
for a, b in z:
    print(a, b)
print(list(z))
try:
    len(z)
except TypeError as e:
    print(e)
try:
    z[0]
except TypeError as e:
    print(e)
""",
    "enumerate, map, filter, reversed are iterators": r"""
e = enumerate([w, n])
print(next(e), list(e), list(e))
m = map(lambda x: x + n, [1, 2])
print(next(m), sum(m), sum(m))
f = filter(None, [0, n, w])
print(list(f), list(f))
r = reversed([1, 2, n])
print(next(r), list(r))
""",
    "map and filter are lazy": r"""
def noisy(x):
    print("call", x)
    return x > n


for ok in map(noisy, range(5)):
    if ok:
        break
print(any(map(noisy, range(5))))
for x in filter(noisy, range(6)):
    print(x)
    break
""",
    "consumers of iterators": r"""
print(dict(zip("abc", [1, n, w])), list(zip([1, 2], [3, 4], [n, n])), dict(enumerate("ab")), set(map(abs, [-1, 1])))
a, b = map(float, ["1.5", "2"])
print(a, b, *map(str, [1, n]))
x, *y = zip([1, 2, 3], [n, w, 0])
print(x, y)
print(list(zip(*[(1, 2), (3, n)])), sorted(enumerate([n, 2, 1]), key=lambda t: t[1]), tuple(reversed((1, n))))
print(", ".join(map(str, [w, n])), max(zip([1, 2], [n, 3])), max(map(len, ["a", name])))
""",
    "enumerate sees changes": r"""
xs = [1, 2, 3, 4]
for i, x in enumerate(xs):
    if x == 2:
        xs.remove(3)
    print(i, x)
""",
    "enumerate with start, zip with strict": r"""
for i, (a, b) in enumerate(zip([1, 2, n], [w, 2, 3]), start=1):
    print(i, a, b)
for a, b in zip(range(n), [1, 2, 3]):
    print(a, b)
try:
    for a, b in zip([1], [1, 2], strict=True):
        print(a, b)
except ValueError as e:
    print(e)
""",
    "sorted items": r"""
for k, v in sorted({"b": n, "a": w}.items()):
    print(k, v)
print([k for k in reversed(list({"b": n, "a": w}))], 3 in [n, 3], n in {1: 2}, n in range(3))
""",
    "one iterator read twice": r"""
it = iter("abc")
pairs = [(a, next(it, None)) for a in it]
print(pairs)
it = iter(range(6))
print(list(zip(it, it)))
""",
    "maps of several": r"""
print(list(map(lambda a, b: a * b, [1, 2, n], [n, w])), list(map(int, "12")), [*map(abs, [-w])])
print(
    np.array(list(map(float, [w, n]))), np.mean(list(map(float, [w, n]))), sum(x * y for x, y in zip([1, 2], [w, n]))
)
""",
    "composition": r"""
compose = lambda f, g: lambda x: f(g(x))
print(compose(str, lambda v: v + 1)(n), (lambda *a, **k: (a, k))(1, n, z=w))
print((lambda: name)(), (lambda x, y=n: x + y)(1))
""",
    "filters and callables in lists": r"""
print(list(filter(lambda x: x > n, range(5))), list(filter(str.isdigit, ["1", "a", name])))
steps = [("a", print), ("b", lambda *p: print("b", *p))]
for label, step in steps:
    step(label, n)
""",
    "apply": r"""
def apply(f, *args, **kwargs):
    return f(*args, **kwargs)


print(
    apply(sorted, [n, 1, 2], reverse=True),
    apply(max, 1, n),
    apply(np.clip, w, 0.1, 0.2),
    apply(name.upper),
    apply(dict, a=n),
)
print(apply(get_gripper_width))
r = apply(goto_pose, pos, [0, 1, 0, 0], z_approach=0.1)
print(r.status)
""",
    "methods of types": r"""
print(
    str.upper(name),
    str.join(",", ["a", name]),
    list.index([1, n], n),
    dict.fromkeys(["a", "b"], n),
    float.is_integer(2.0),
)
try:
    str.upper(n)
except TypeError as e:
    print("type")
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_agrees_with_plain_python(program: str) -> None:
    assert_runs_as_in_plain_python(program)
