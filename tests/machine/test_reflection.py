"""What ``type``, ``hasattr``, ``getattr``, ``__name__`` say and how functions are written: alike in both runners."""

from __future__ import annotations

import pytest

from tests.support.table_robot import assert_agrees
from tests.support.varying_values import VARYING, assert_runs_as_in_plain_python

PROGRAMS = {
    "types": r"""
def f(x): return x
r = get_object_pose("milk")
vals = [
    1, 1.5, True, "a", None, [1], (1,), {}, {1}, w, n, np.array([w]), np.array([1.0]), np.float32(w), np.uint8(1),
    f, lambda: 0, print, len, goto_pose, np.zeros, math.sin, np, range(3), zip([1]), map(f,[1]), iter([1]),
    {}.items(), ValueError("x"), r, "a".upper, [].append, np.dtype('u1'), float, ValueError,
    np.uint8, np.random.uniform, r.status, type(f), type(1), 
    np.random, np.array([w,1])>0.1, np.bool_(True)]
for v in vals:
    t = type(v)
    print(t, t.__name__, t == list, t is float, t in (int, float, np.ndarray), t in [str, dict], t == np.ndarray)
    print(hasattr(v, "__len__"), hasattr(v, "shape"), hasattr(v, "__iter__"), hasattr(v, "__call__"))
    print(hasattr(v, "upper"), getattr(v, "size", None), callable(v))
try:
    raise ValueError("q")
except Exception as e:
    print(type(e), type(e).__name__, type(e) is ValueError, isinstance(e, ValueError))
try:
    np.linalg.inv(np.zeros((2,2)))
except Exception as e:
    print(type(e).__name__, type(e) == np.linalg.LinAlgError)
print(isinstance(None, type(None)), type(None)(), type(n)(3.7), type([])((1, 2)))
print(f.__name__, (lambda: 0).__name__, np.sin.__name__, np.__name__, "x".upper.__name__, len.__name__)
print(goto_pose.__name__, np.uint8.__name__)
for bad in ("__class__", "_members", "format", "__dict__", 3):
    for v in (np, "a{0.__class__}", r, f):
        try:
            print(hasattr(v, bad), getattr(v, bad))
        except Exception as e:
            print(type(e).__name__, e)
print([type(v) for v in (1, w, [], None)], {float: "f"}.get(type(w)))
try:
    n.__name__
except AttributeError as e:
    print(e)
""",
    "texts of functions": r"""
def f(x):
    def g(): pass
    return g
fs = [f, f(1), lambda: 0, [lambda: 1 for _ in [1]][0], next(lambda: 1 for _ in [1]), print, len, 
    sum, max, goto_pose, np.zeros, np.random.uniform, np.linalg.norm, "a".upper, str.lower,
    [].append, {}.get, np.zeros(2).sum, np.array([w]).mean, R.from_quat, R.identity().apply,
    float, ValueError, np.uint8, zip([1]), map(f, [1]), iter([1]), reversed([1]), (x for x in [1]), enumerate([1]),
    type, hasattr, dict.fromkeys, type(f), np, np.random.default_rng(1).normal, mask_to_world_points]
for x in fs:
    print(x, str(x), repr(x), f"{x} {x!r}")
print(fs, {"a": len, "b": [len, (f,)]}, f"{fs[:2]}")
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_agrees_with_plain_python(program: str) -> None:
    assert_runs_as_in_plain_python(program)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "type(w) == float, type(n) is int, type([]) in [list, tuple], type(pos).__name__",
            "(True, True, True, 'ndarray')",
        ),
        ("type(w), type(None), type(lambda: 0), type(get_object_pose('milk'))", "<class 'function'>, <class 'Result'>"),
        (
            "hasattr([], '__len__'), hasattr(w, '__len__'), hasattr(pos, 'shape'), hasattr(pos, 'real')",
            "True, False, True, False",
        ),
        ("getattr(pos, 'size'), getattr(w, 'size', 0)", "(3, 0)"),
        ("f'{w.__name__}'", "'float' object has no attribute '__name__'"),
        (
            "np.sin.__name__, float.__name__, (lambda: 0).__name__, goto_pose.__name__",
            "('sin', 'float', '<lambda>', 'goto_pose')",
        ),
        ("[lambda: 0, len, 'a'.upper, np.random.uniform, (x for x in 'a')]", "<built-in method upper>"),
    ],
)
def test_says(line: str, says: str) -> None:
    ends = assert_agrees(f"{VARYING}print(({line}))\n", [1, 2, 3], failure_rate=0.0).ends
    assert all(says in end.prints + end.message for end in ends.values())
    assert all("0x" not in end.prints for end in ends.values())
