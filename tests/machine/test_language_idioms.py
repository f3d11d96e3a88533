"""Idioms of programs that language models write: every lane does what plain Python does."""

from __future__ import annotations

import pytest

from tests.support.varying_values import assert_runs_as_in_plain_python

PROGRAMS = {
    "keyword-only parameters": r"""
def f(*, a, b=2):
    return a, b


print(f(a=n), f(b=n, a=1))
try:
    f()
except TypeError as e:
    print(e)
try:
    f(1)
except TypeError as e:
    print(e)
""",
    "aliases of lists": r"""
x = [1, 2, 3]
for i in x[:]:
    if i == n:
        x.remove(i)
print(x)
y = x
y += [4]
print(x, y is x, x == y, x is not y)
x = x + [5]
print(y, x)
""",
    "dicts from loops": r"""
d = {}
for i, c in enumerate("hello"):
    d.setdefault(c, []).append(i * n)
print(
    d, {v[0]: k for k, v in d.items()}, sorted(d, key=lambda k: (len(d[k]), k)), min(d.items(), key=lambda kv: kv[1])
)
""",
    "retries": r"""
results = []
for attempt in range(1, 4):
    try:
        if attempt < n:
            raise RuntimeError("attempt %d failed" % attempt)
        results.append(attempt)
        break
    except RuntimeError as err:
        results.append(str(err))
        continue
    finally:
        results.append("f")
else:
    results.append("exhausted")
print(results)
""",
    "formats": r"""
class_names = ("a", "b")
print(*[f"{i}:{c}" for i, c in enumerate(class_names, 1)], sep="\n")
print("%-10s|%5d|%08.3f|%s" % (name, n, w, [n]), "%d%%" % n, "%x" % 255, "%r" % name, "%(a)s" % {"a": n})
print("{:,}".format(1234567 * n), "{:+.1f}".format(w), "{:e}".format(w), "{!r}".format(name))
""",
    "nested comprehensions": r"""
table = [[i * j for j in range(3)] for i in range(n)]
flat = [v for row in table for v in row if v % 2 == 0]
print(
    table,
    flat,
    [list(t) for t in zip(*table)],
    sum(map(sum, table)),
    any(v > 3 for v in flat),
    all(v >= 0 for v in flat),
)
print(
    {(i, j): i + j for i in range(2) for j in range(2) if i != j},
    {len(s) for s in ["a", name]},
    max((v, i) for i, v in enumerate([w, 0.1, n])),
)
""",
    "recursion": r"""
def fib(k):
    return k if k < 2 else fib(k - 1) + fib(k - 2)


memo = {}


def fibm(k):
    if k in memo:
        return memo[k]
    memo[k] = k if k < 2 else fibm(k - 1) + fibm(k - 2)
    return memo[k]


print(fib(n + 5), fibm(30), len(memo))
""",
    "a state machine": r"""
state = "init"
log = []
while state != "done":
    log.append(state)
    if state == "init":
        state = "move" if n > 1 else "wait"
    elif state == "wait":
        state = "move"
    elif state == "move":
        state = "done"
print(log)
""",
    "ranges and indices": r"""
print(
    list(range(5, 0, -2)),
    range(n),
    len(range(0, 10, 3)),
    3 in range(n),
    range(3)[1],
    list(range(n))[::-1],
    range(3) == range(3),
    reversed(range(3)) is None,
)
print([1, 2, 3][-1:], "abc"[n % 3], (1, 2, 3)[::2], [0, 1, 2][1 if n else 0])
try:
    [1, 2][n]
except IndexError as e:
    print(e)
try:
    (1, 2)[n]
except IndexError as e:
    print(e)
try:
    "ab"[n]
except IndexError as e:
    print(e)
try:
    pos[n]
except IndexError as e:
    print(e)
try:
    {}[name]
except KeyError as e:
    print(e)
""",
    "numbers": r"""
print(
    1_000 * n,
    0x1F,
    0b11,
    0o7,
    1e3,
    0.5,
    5 // 2,
    -5 // 2,
    -5 % 3,
    5.5 // 2,
    2**10,
    7 / 2,
    True + n,
    not w,
    1 < 2 < 3,
    None is None,
    [] == [],
    1 == 1.0,
    "a" < "b",
    (1, 2) < (1, 3),
    w == w,
    n != 2,
)
print(
    int(2.9),
    int(-2.9),
    int("-3"),
    float("inf"),
    float("nan") != float("nan"),
    str(1.0),
    str(1e20),
    repr("a'b"),
    bool("False"),
    round(2.675, 2),
    round(1e6 * w),
    abs(-3),
    max(1, 2.0),
    min("b", "a"),
    sum([]),
    divmod(7, -2),
    divmod(-7.5, 2),
)
""",
    "texts": r"""
def parse(text):
    words = text.strip().lower().replace(",", " ").split()
    return words[1] if len(words) > 1 else None


print(
    parse("Pick  the Milk, and"),
    parse(name),
    "milk" in "the milk",
    name.find("i"),
    name.split("i"),
    "a,b,,c".split(","),
    " x ".strip(),
    "x".join("abc"),
    "abc".index("c"),
    "Hello World".swapcase(),
    "abc" * (n % 2),
    name + "!" * n,
    name.title(),
)
try:
    "abc".index(name)
except ValueError as e:
    print(e)
try:
    name + n
except TypeError as e:
    print(e)
try:
    n + name
except TypeError as e:
    print(e)
""",
    "integer arrays": r"""
a = np.array([[1, 2], [3, n]])
print(
    a.sum(),
    a * 2,
    a / 2,
    a @ a,
    a.T,
    a[a > 2],
    (a > 1).sum(),
    a.tolist(),
    a.mean(),
    a.max(axis=0),
    a.astype(float),
    -a,
    a**2,
    a % 2,
    a // 2,
    a == a.T,
    (a == a.T).all(),
    np.array_equal(a, a),
    a.shape,
    2 in a,
    len(a),
    a[0][1],
    a[0, 1],
    a[:, -1],
    a.reshape(-1),
    a.flatten()[::-1],
)
for row in a:
    print(row, [x for x in row])
for i, row in enumerate(a):
    print(i, row.sum())
x, y = a
print(x, y)
""",
    "point clouds": r"""
pts = np.random.rand(10, 3)
mask = pts[:, 2] > 0.5
sel = pts[mask]
print(
    len(sel),
    sel.mean(axis=0) if len(sel) else None,
    pts[pts[:, 0].argmin()],
    pts[np.argsort(pts[:, 1])][:2],
    np.linalg.norm(pts - pts.mean(axis=0), axis=1).max(),
)
sel2 = sel[sel[:, 0] > 0.3]
print(sel2.shape, [p.tolist() for p in sel2][:1])
best = max(pts, key=lambda p: p[2])
print(best, sorted(pts.tolist())[0], min(range(len(pts)), key=lambda i: pts[i][0]))
""",
    "random search": r"""
rng = np.random.default_rng(0)
best, best_score = None, -np.inf
for trial in range(5):
    candidate = pos + rng.uniform(-0.02, 0.02, size=3)
    score = -np.linalg.norm(candidate - np.array([w, 0.1, 0.0]))
    if score > best_score:
        best, best_score = candidate, score
print(best, best_score, rng.integers(5), rng.choice(3), rng.choice([1.0, 2.0], size=2).tolist())
""",
    "closures and defaults": r"""
def outer():
    xs = []

    def add(v):
        xs.append(v)
        return len(xs)

    return add, xs


add, xs = outer()
print(add(n), add(w), xs)
count = {"n": 0}


def bump(k=1):
    count["n"] += k
    return count["n"]


print([bump() for _ in range(n)], bump(k=5))


def rec(items):
    if not items:
        return []
    head, *tail = items
    return [head * 2] + rec(tail)


print(rec([1, n, w]))


def default_list(x, acc=[]):
    acc.append(x)
    return acc


print(default_list(1), default_list(n))
""",
    "exceptions": r"""
try:
    raise ValueError("a", n)
except ValueError as e:
    print(e, e.args, repr(e))
try:
    raise KeyError(name)
except (IndexError, KeyError) as e:
    print(e, str(e), repr(e), e.args[0])
try:
    raise ValueError
except ValueError as e:
    print(repr(e), str(e) == "")
try:
    try:
        1 / (n - n)
    except ZeroDivisionError as e:
        raise ValueError(f"bad: {e}") from e
except Exception as e:
    print(e)
try:
    assert n > 100, ("tuple", n)
except AssertionError as e:
    print(e, e.args)
try:
    int("x" * n)
except ValueError as e:
    print("e", e)


def check(v):
    if v < 0:
        raise ValueError("negative")
    return v


for v in (n, -n - 1):
    try:
        print(check(v))
    except ValueError:
        print("caught")
""",
    "iterators": r"""
it = iter([1, 2, 3])
for x in it:
    if x == 2:
        break
print(list(it))
z = list(zip("ab", [n, w], strict=True))
print(z, dict(z), [k for k, _ in z])
names, values = zip(*z)
print(names, values)
m = map(str, [n, w])
print(" ".join(m), list(m))
e = enumerate(["x", "y"])
i, first = next(e)
print(i, first, *e)
print(tuple(map(lambda t: t[0] * t[1], zip([1, 2], [n, w]))), list(filter(lambda t: t[1] > 0.1, enumerate([w, n]))))
print(
    sum(1 for _ in filter(None, [n, 0, w])),
    next((x for x in [n, 1, 2] if x > 1), None),
    next(iter({"a": 1})),
    next(reversed([1, n])),
)
print(
    max(enumerate([w, 0.2, n]), key=lambda t: t[1]),
    sorted(zip([n, 1], "ab")),
    list(map(max, [1, n], [2, 2])),
    [*zip("ab", "cd")],
    {**dict(zip("ab", [n, w]))},
)
a, b, c = reversed([1, 2, n])
print(a, b, c, "a" in zip("ab"), ("a",) in zip("ab"), 2 in map(abs, [-2]))
xs = [1]
xs += map(abs, [-n])
xs.extend(zip("a", [n]))
xs[1:1] = filter(None, [0, w])
print(xs)
""",
    "sorting": r"""
xs = [3, 1, 2]
xs.sort(reverse=n > 2)
print(
    xs,
    sorted(xs, reverse=True),
    sorted("bca"),
    sorted([("b", 1), ("a", n)]),
    sorted([n, w, 1], key=lambda v: (v > 1, -v)),
    sorted({"z": 1, "y": n}),
    xs.index(max(xs)),
)
xs.sort(key=lambda v: abs(v - n))
print(xs, sorted([True, n, 0.5]), [x for x, _ in sorted(zip([n, 1, 2], "abc"), key=lambda p: p[1], reverse=True)])
""",
    "one-liners": r"""
if n > 2:
    print("big")
    x = 1
else:
    x = 2
x = x if x > 1 else -x
print(x)
print(x := 5, x)
while (k := n - 1) > 100:
    pass
a, b = (n, w) if n > w else (w, n)
print(a, b, k)
lst = [1, 2, 3]
lst[0], lst[-1] = lst[-1], lst[0]
print(lst, [*lst, *"ab"], (*lst,), {*lst}, {**{"a": 1}, "b": n})
print(
    f"{'nested ' + f'{n:>{3}}'}",
    f"{n!r:^5}|",
    f"{w:>10.2f}|",
    f"{n:b}",
    f"{name[::-1]}",
    f"{{{n}}}",
    f"{n if n > 1 else 'small'}",
    f"{len([1, 2])}",
    f"{pos[0]:.3f} {pos}",
)
del lst[0]
print(lst)
del lst[:]
print(lst)
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_agrees_with_plain_python(program: str) -> None:
    assert_runs_as_in_plain_python(program)
