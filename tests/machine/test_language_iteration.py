"""What programs go through, draw from and match on: every lane does what plain Python does."""

from __future__ import annotations

import pytest

from tests.support.varying_values import assert_runs_as_in_plain_python

PROGRAMS = {
    "generators": r"""
def loud(x):
    print("loud", x)
    return x
values = (float(v) for v in [1, 2, w])
a, b, c = values
pairs = ((k, k * k) for k in range(3))
total = 0.0
for k, square in pairs:
    total += k
print(a + b + c, total)
g = (loud(x) for x in [1, 2, 3, 4])
print("made")
print(next(g))
print(next(g, "none"))
print(list(g), list(g), next(g, "gone"))
h = (loud(x) for x in range(n + 3) if x > n - 1)
for x in h:
    print("got", x)
    if x == n: break
print("rest", sum(h), sum(h))
try:
    print(next(h))
except StopIteration as e:
    print("stop", e.args)
nest = (x * y for x in range(3) for y in (z for z in range(x)) if y)
print(nest, list(nest))
def count(g):
    return sum(1 for _ in g)
print(count(x for x in range(5) if x > w), max((x for x in [1, 5, 2]), key=lambda v: -v), sorted(x for x in [3, 1]))
m = map(lambda v: v + 1, (loud(x) for x in [1, 2]))
print(next(m), list(m))
for i, x in enumerate(loud(q) for q in "ab"):
    print(i, x)
print([*(x for x in [1, w])], {**dict((k, n) for k in "ab")}, *(x for x in "xy"))
print(1 in (x for x in [1, 2]), any(v > w for v in [0, 1]), all(v for v in (loud(x) for x in [0, 1])))
z = zip((loud(x) for x in [1, 2, 3]), "ab")
print(list(z))
bad = (1 / x for x in [1, 0, 2])
try:
    for v in bad:
        print(v)
except ZeroDivisionError as e:
    print(e)
print(list(bad))
try:
    g = (next(g) for _ in range(3))
    next(g)
except Exception as e:
    print(type(e).__name__, e)
try:
    g = (next(iter([])) for _ in range(3))
    next(g)
except Exception as e:
    print(type(e).__name__, e)
try:
    g = (x for x in 5)
except TypeError as e:
    print(e)
try:
    len(x for x in [1])
except TypeError as e:
    print(e)
try:
    (x for x in [1])[0]
except TypeError as e:
    print(e)
try:
    a, b = (x for x in [1, 2, 3])
except ValueError as e:
    print(e)
def outer():
    k = n
    gg = (k + x for x in range(3))
    k = 10
    return gg
print(list(outer()), type(outer()).__name__, hasattr(outer(), "__next__"), isinstance(outer(), list), bool(outer()))
first = next((p for p in [get_object_pose("milk"), 3] if p), None)
poses = (get_object_pose(o) for o in ["milk", "soup"])
for p in poses:
    print(p.position[0] > 0.15)
    goto_home_joint_position()
lists = [(x for x in range(2)) for _ in range(2)]
print([list(g) for g in lists], [list(g) for g in lists])
print(list(x for g in lists for x in g), {1}.union((v for v in [2]), (v for v in [3])))
print({1}.union(map(abs, [2]), map(abs, [-3])))
w2 = (v for v in [w, 1])
if w > 0.12:
    next(w2)
print(list(w2))
print("".join(str(v) for v in [1, w]), "-".join(g for g in (str(x) for x in "ab")))
try:
    a, b = (loud(x) for x in [1, 2, 3, 4])
except ValueError as e:
    print(e)
u = iter([1, 2, 3, 4])
try:
    a, b = u
except ValueError as e:
    print(e, list(u))
s = (loud(x) for x in [1, 2, 3, 4])
print(2 in s, next(s), 9 not in s, 3 in map(loud, [3, 4]), w in (v for v in [1, w]))
try:
    np.array(x for x in [1])
except TypeError as e:
    print(e)
""",
    "arrays and results": r"""
print(
    next(iter(pos)),
    list(enumerate(pos)),
    list(zip(pos, "abc", range(5))),
    dict(enumerate(pos * 2)),
    max(enumerate(pos), key=lambda t: t[1])[0],
)
r = get_object_pose(name)
p, q = map(np.array, r)
print(p, q, [v for v in r][0], list(zip(r, "pq"))[0][1], next(iter(r)))
for i, v in enumerate(r.position):
    print(i, v)
""",
    "iterators handed to functions": r"""
def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
show(lambda: math.fsum(x for x in [1.0, w]))
show(lambda: math.prod(map(float, [2, w])))
show(lambda: math.fsum(zip([1])))
show(lambda: np.array(x for x in [1, w]))
show(lambda: np.sum(x for x in [1, w]))
show(lambda: np.stack(map(np.array, [[1], [2]])))
show(lambda: np.mean(iter([1, 2])))
show(lambda: np.concatenate([np.array([v]) for v in (w, 1)]))
g = (x for x in range(6))
show(lambda: [(a, b) for a, b in zip(g, g)])
rng = np.random.default_rng(1)
show(lambda: rng.integers(0, 255, size=3, dtype=np.uint8).dtype)
show(lambda: rng.integers(0, 255, 3, np.uint8))
show(lambda: rng.random(2, dtype=np.float32))
show(lambda: rng.random(2, np.float32))
show(lambda: rng.random((2,), np.float64, np.zeros(2)))
show(lambda: rng.random(2, dtype="O"))
show(lambda: rng.standard_normal(2, "f4", np.zeros(2, np.float32)))
show(lambda: rng.random(out=np.zeros(2)))
show(lambda: np.random.randint(0, 5, 2, int))
show(lambda: np.random.randint(0, 5, size=2, dtype="int8").dtype)
show(lambda: rng.choice([1.0, w], 2))
show(lambda: rng.exponential(1.0, 2))
show(lambda: math.dist([0, 0], (v for v in [3, 4])))
show(lambda: math.hypot(*(v for v in [3, w])))
show(lambda: max(*(v for v in [3, w])))
show(lambda: sorted((v for v in [3, w]), key=lambda q: -q))
show(lambda: dict(((k, v) for k, v in zip("ab", [1, w])), c=3))
show(lambda: list(enumerate((v for v in "ab"), start=1)))
show(lambda: tuple(v for v in [w]) + (1,))
show(lambda: [1] + (v for v in [w]))
show(lambda: (v for v in [w]) == 3)
def spread():
    xs = [0]
    xs += (v for v in [w, 2])
    xs[1:1] = (v for v in "z")
    a, *b = (v for v in xs)
    return xs, a, b
show(spread)
show(lambda: {**{}, **dict(a=1)})
""",
    "what grows while it is gone through": r"""
xs = [1, w]
it = iter(xs)
for x in it:
    if len(xs) < 4:
        xs.append(n)
xs.append(9)
print(len(xs), list(it), next(it, "over"))
d = {"a": 1}
keys = iter(d)
print(list(keys))
d["b"] = w
print(list(keys), next(keys, "over"))
""",
    "dicts and sets": r"""
d = {"a": n, "b": w}
for (k, v), i in zip(d.items(), range(3)):
    print(k, v, i)
print(
    list(zip(d, d.values())),
    list(enumerate(d)),
    sorted(map(str, d.values())),
    next(iter(d.items())),
    [*reversed(d)],
    list(map(lambda kv: kv[0], d.items())),
)
try:
    for k in d:
        d[k + "x"] = 1
except RuntimeError as e:
    print(e)
try:
    for i, k in enumerate(d):
        del d[k]
except RuntimeError as e:
    print(e)
s = {3, 1, 2}
print(sum(s), sorted(zip(s, "abc")), list(map(float, s)))
""",
    "ragged arrays": r"""
xs = np.random.rand(6, 3)
kept = xs[xs[:, 0] > w]
for i, row in enumerate(kept):
    print(i, row.sum())
for a, b in zip(kept, kept[1:]):
    print((b - a).max())
print(len(list(zip(kept, range(3)))), [float(v[0]) for v in map(np.abs, kept)][:2])
""",
    "generator expressions as arguments": r"""
del_me, b = 1, [1, 2, 3]
del (del_me, b[0])
print(b, "del_me" in "x")
xs = []
xs.extend(x * n for x in range(3))
d = {}
d.update((k, n) for k in "ab")
print(
    xs,
    d,
    {1}.union(v for v in [n]),
    *(v + 1 for v in xs),
    [*(v for v in xs)],
    ",".join(str(v) for v in xs),
    "-".join(map(str, xs)),
)
""",
    "random generators as values": r"""
gen = np.random
gen.seed(3)
print(gen.uniform(), gen.rand(2))


def sample(rng=None):
    rng = rng or np.random.default_rng(0)
    return rng.normal()


print(sample(), sample(np.random.default_rng(n)), bool(np.random.default_rng(1)))
rngs = [np.random.default_rng(i) for i in range(3)]
print([r.random() for r in rngs], {i: r.integers(9) for i, r in enumerate(rngs)})
a, b = (np.random.default_rng(n), np.random.default_rng(n))
print(a.random() == b.random(), a is b, a == a, a in [a], [a, b].index(b))
for k in range(n):
    a.random()
print(a.random(), b.random())
""",
    "random arrays": r"""
def gauss(rng, mu, k):
    out = np.empty((k, 3))
    for i in range(k):
        out[i] = rng.normal(mu, 0.1, size=3)
    return out


rng = np.random.default_rng(9)
pts = gauss(rng, pos, n)
print(pts.shape, pts.sum(axis=0), rng.permutation(pts)[:1], rng.choice(pts)[:2] if n else None, rng.random())
idx = rng.permutation(4)
print(idx, idx[:2].tolist(), np.array([1, 2, 3, 4])[idx], [["a", "b", "c", "d"][i] for i in idx])
mask = rng.random(4) < 0.5
print(
    mask.sum(),
    rng.uniform([0, 0], [w, 1]),
    rng.uniform(low=-1.0, high=w, size=(2, 2)),
    rng.integers(low=0, high=10, size=n),
    rng.integers(1, n + 2),
    rng.choice(10, size=3, replace=False),
    rng.exponential(w),
    rng.standard_normal(2),
    rng.random((2, 2)),
)
""",
    "errors": r"""
try:
    x = next(iter([]))
except StopIteration as e:
    print("stop", e.args)
try:
    next([1])
except TypeError as e:
    print(e)
try:
    iter(5)
except TypeError as e:
    print(e)
try:
    for x in n:
        pass
except TypeError as e:
    print(e)
try:
    list(zip([1], n))
except TypeError as e:
    print("zip", e)
try:
    list(map(lambda a: a, [1], [2]))
except TypeError as e:
    print("arity")
try:
    a, b = zip([1, 2, 3], "abc")
except ValueError as e:
    print(e)
try:
    sum(map(str, [n]))
except TypeError as e:
    print(e)
try:
    enumerate()
except TypeError as e:
    print("enumerate")
try:
    len(map(abs, [1]))
except TypeError as e:
    print(e)
try:
    reversed(zip([1]))
except TypeError as e:
    print(e)
try:
    zip([1]) + [1]
except TypeError as e:
    print(e)
try:
    print(zip([1])[0])
except TypeError as e:
    print(e)
""",
    "match on tuples and results": r"""
x = n
match x, w > 0.15:
    case 0, _:
        print("zero")
    case k, True if k > 2:
        print("large and wide", k)
    case [k, False | None]:
        print("narrow", k)
    case _:
        print("rest")
match [name, *range(n)]:
    case ["milk" | "soup" as what, *others]:
        print(what, others)
    case [_]:
        print("alone")
    case ["butter", first, *_]:
        print(first)
match get_object_pose(name).status.name:
    case "OK" | "AMBIGUOUS":
        print("fine")
    case "NOT_FOUND":
        print("nothing")
match -n:
    case -1 | -2:
        print("minus")
    case 0:
        print("none")
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_agrees_with_plain_python(program: str) -> None:
    assert_runs_as_in_plain_python(program)
