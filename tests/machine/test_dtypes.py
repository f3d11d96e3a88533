"""numpy's types of numbers wherever a program may name one: compiled, plain, and in numpy itself, all say the same."""

from __future__ import annotations

import io
import warnings
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest

from aspire_mjx.language.types import known_type
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.table_robot import TableRobot, assert_agrees
from tests.support.varying_values import assert_runs_as_in_plain_python

SEEDS = [1, 2, 3]
TYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32"),
    "float64",
)

START = """
import numpy as np
from tests.support.table_robot import assert_agrees


def show(make):
    try:
        value = make()
        print(repr(value), value)
    except Exception as e:
        print(type(e).__name__, e)


w = {w}
n = int(w * 20) + 1
flat = np.array([w, 2.5, 7.0])
square = np.array([[w, 1.0], [300.0, -2.0]])
mask = flat > 0.1
whole = np.array([n, 2, 200])
"""

#: the places where a type goes; `t` is the type, a text or a dtype
PLACES = """
flat.astype(t)
square.astype(t)
square.astype(dtype=t)
mask.astype(t)
whole.astype(t)
flat.astype(t, copy=False)
np.zeros((2, 2), dtype=t)
np.zeros(2, t)
np.ones(2, t)
np.full(2, 3, t)
np.full(2, w, dtype=t)
np.empty(2, dtype=t).dtype
np.eye(2, dtype=t)
np.identity(2, dtype=t)
np.arange(3, dtype=t)
np.array([n, 1, 2], dtype=t)
np.array([w, 1], t)
np.array([[n, 1], [2, w]], dtype=t)
str(np.array(w, dtype=t)), np.asarray(w, t).dtype
np.array(flat, dtype=t)
np.asarray(flat, dtype=t)
np.asarray([1, n], t)
np.linspace(0, w, 3, dtype=t)
np.zeros_like(square, dtype=t)
np.ones_like(flat, dtype=t)
np.empty_like(mask, dtype=t).dtype
np.full_like(flat, w, dtype=t)
np.full_like(flat, 3, t)
flat.sum(dtype=t)
np.sum(square, axis=0, dtype=t)
np.mean(whole, dtype=t)
np.cumsum(whole, dtype=t)
np.prod([n, 2], dtype=t)
np.dtype(t)
np.dtype(t).name, np.dtype(t).kind, np.dtype(t).itemsize, np.dtype(t).str
np.iinfo(t).max, np.iinfo(t).min, np.iinfo(t).bits
np.finfo(t).eps, np.finfo(t).max, np.finfo(t).tiny
np.issubdtype(t, np.integer), np.issubdtype(t, np.floating), np.issubdtype(t, np.number)
np.can_cast(t, np.float32), np.can_cast(np.uint8, t), np.can_cast(flat.dtype, t)
np.result_type(t, np.int8), np.result_type(flat, t), np.promote_types(t, "f4")
"""

#: what can be done with arrays and numbers of a type; `x` is an array, `k` one of its numbers
WORK = """
x.dtype, x.dtype == t, x.dtype == np.float32, x.itemsize, x.nbytes, k.dtype
x + 1
x + n
x - n * 30
x * w
x * 2.5
x + True
x + x
x * whole
x - flat
x + k
x / 2
x // 2
x % 2
x ** 2
-x
~x
x & 1
x | x
x ^ 1
x << 1
x > w
x == 1
x <= n
x < -1
x + 300
abs(x)
k + 1
k + n
k * w
k * 2.5
k + 300
k - whole[0]
k / n
k // 2
k ** 2
-k
k == n
k < w
k > 1000
float(k), int(k), bool(k)
round(float(k), 2)
f"{k} {k!r}"
str(k), str(x)
k.item(), x.tolist()
f"{k:.2f}"
isinstance(k, np.integer), isinstance(k, np.floating), isinstance(k, float), isinstance(x, np.ndarray)
x.sum(), x.mean(), x.max(), x.min(), x.argmax(), x.std()
x.any(), x.all(), x.cumsum(), x.prod(), x.round(1)
np.sum(x), np.max(x), np.median(x), np.sort(x), np.argsort(x), np.unique(x)
np.sqrt(x), np.abs(x), np.exp(k), np.floor(x)
np.clip(x, 0, 1), np.minimum(x, 1), np.maximum(x, w), np.add(x, n), np.multiply(k, w)
np.where(mask, x, 0), np.where(mask, x, w), x[mask]
np.concatenate([x, flat]), np.stack([x, x]), np.append(x, n), np.vstack([x, whole])
np.array([k, w]), np.array([k, n]), np.array([x, x]), np.dot(x, x), x @ flat
np.linalg.norm(x), np.cross(x, x), np.count_nonzero(x), np.diff(x)
sorted(x), max(x), sum(x), list(x), [v * 2 for v in x]
x.astype(float), x.astype(np.uint8), x.astype("int8"), x.astype(bool)
x.reshape(3, 1).T, x[::-1], x[0:2], x[-1], x[whole[1] - 1]
"""

CHANGES = """
y = x.copy(); y += 1; print(repr(y))
y = x.copy(); y += n; print(repr(y))
y = x.copy(); y *= 2; print(repr(y))
y = x.copy(); y[0] = n; print(repr(y))
y = x.copy(); y[1:] = 3; print(repr(y))
y = x.copy(); y[mask] = 1; print(repr(y))
y = x.copy(); y[0] = w; print(repr(y))
y = x.copy(); y[0] = 300; print(repr(y))
y = x.copy(); y += 0.5; print(repr(y))
y = x.copy(); y += flat; print(repr(y))
y = x.copy(); y -= x; print(repr(y))
y = np.asarray(x, dtype=t); y[0] = 0; print(repr(x))
"""


#: what programs do with images, masks and depth
PICTURES = """
img = (np.arange(24).reshape(2, 4, 3) * n % 256).astype(np.uint8)
gray = img.mean(axis=2)
red = img[..., 0].astype(np.int16) - img[..., 1].astype(np.int16)
mask = (gray > 20) & (red < 5)
m8 = mask.astype(np.uint8) * 255
print(img.dtype, gray.dtype, red.dtype, red.min(), mask.sum(), m8.max(), m8.dtype, (m8 > 0).sum(), np.count_nonzero(m8))
ys, xs = np.nonzero(m8)
print(ys.dtype, xs.mean() if len(xs) else None, np.stack([xs, ys], axis=1).shape)
depth = (np.ones((2, 4, 1)) * w).astype(np.float32)
d = depth[:, :, 0] if depth.ndim == 3 else depth
valid = np.isfinite(d) & (d > 0.05) & mask
z = d[valid]
print(d.dtype, z.dtype, z.shape, np.median(z) if z.size else 0)
print((z * 1000).astype(np.uint16), (d * 2).dtype, (d * n).dtype, (d + w).dtype, (d / 2)[0, 0])
u = (img[0, 0] + np.uint8(250))
print(u, u.dtype, img[0, 1, 2] + 10, img[0, 1, 2] / 255.0, int(img[0, 1, 2]) + 300)
print(img.astype(float).max(), img.sum(), img.sum(axis=(0, 1)), img.std().round(3))
norm = img.astype(np.float32) / 255.0
print(norm.dtype, norm.max())
print(np.clip(norm * 300, 0, 255).astype(np.uint8)[0, 0], (norm.mean(axis=2) > w).astype(int).sum())
out = np.zeros(img.shape[:2], dtype=np.uint8)
out[mask] = 1
out[0, :] |= 2
out[:, 1] = m8[:, 1] // 100
print(out, out.dtype, np.bitwise_and(out, 1).sum(), np.unique(out))
print(np.bincount(out.ravel(), minlength=4), ~mask, np.logical_not(mask).sum(), -red)
labels = np.zeros((2, 4), dtype=np.int32)
k = 0
for y in range(2):
    for x in range(4):
        if mask[y, x] and labels[y, x] == 0:
            k += 1
            labels[y, x] = k
print(labels, labels.max(), labels.dtype, [int((labels == i).sum()) for i in range(1, k + 1)])
"""


def test_pictures_keep_their_types() -> None:
    assert_runs_as_in_plain_python(PICTURES)


def _shown(lines: str) -> list[str]:
    return [f"show(lambda: ({line}))" for line in lines.split("\n") if line]


def _programs(name: str, w: str) -> list[str]:
    """The places with each way to name the type, and the work with the first of them."""
    written = [f"np.{'bool_' if name == 'bool' else name}", repr(name), f"np.dtype({name!r})", repr(np.dtype(name).str)]
    start = START.format(w=w)
    changes = [
        "try:\n    " + line.replace("; ", "\n    ") + "\nexcept Exception as e:\n    print(type(e).__name__, e)"
        for line in CHANGES.split("\n")
        if line
    ]
    work = [f"t = {written[0]}", "x = np.array([n, 2, 7]).astype(t)", "k = x[0]", *_shown(WORK), *changes]
    return [
        "\n".join([start, *(line for spec in written[:2] for line in (f"t = {spec}", *_shown(PLACES)))]),
        "\n".join([start, *(line for spec in written[2:] for line in (f"t = {spec}", *_shown(PLACES)))]),
        "\n".join([start, *work]),
    ]


def _in_numpy_itself(program: str, seed: int) -> str:
    """What the program prints when it is run by Python, with the real numpy."""
    robot = TableRobot(seed, 0.0)
    names: dict[str, Any] = {"get_gripper_width": lambda: robot.call(ROBOT_API["get_gripper_width"], {}).value()}
    names["type"] = lambda error: known_type(type(error))  # programs know no subclasses of numpy's
    text = io.StringIO()
    with redirect_stdout(text), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(program, names)
    return text.getvalue()


VARYING = [(name, "get_gripper_width()", SEEDS) for name in TYPES]
UNIFORM = [(name, "0.13", [1]) for name in ("uint8", "int64", "float32")]


@pytest.mark.parametrize(("name", "w", "seeds"), VARYING + UNIFORM)
def test_every_type_means_what_it_means_in_numpy(name: str, w: str, seeds: list[int]) -> None:
    for program in _programs(name, w):
        ends = assert_agrees(program, seeds, failure_rate=0.0).ends
        for lane, seed in enumerate(seeds):
            assert ends[lane].prints.splitlines() == _in_numpy_itself(program, seed).splitlines()


NAMES = [
    "float64",
    "float32",
    "float16",
    "int64",
    "int32",
    "int16",
    "int8",
    "uint64",
    "uint32",
    "uint16",
    "uint8",
    "bool_",
]
DETAILS = """
import numpy as np
x = np.zeros((2, 2), dtype=np.NAME, order="F")
print(x.dtype, str(x.dtype), repr(x.dtype), f"{x.dtype}", x.dtype.name, x.dtype.str, x.dtype.kind, [x.dtype], x[0, 0])
print(np.array([[1, 2], [3, 4]], np.NAME, order="F").tolist(), np.full((1, 2), 3, np.NAME, order="C"))
print(np.asarray([1, 0], np.NAME, order="A"), np.copy(x, order="K"), np.ones(2, np.NAME, order="F"))
try:
    np.zeros(3, order="X")
except ValueError:
    print("no such order")
try:
    print(x[0, 0].is_integer())
except AttributeError as e:
    print(e)
try:
    x.is_integer()
except AttributeError as e:
    print(e)
"""


@pytest.mark.parametrize("name", TYPES)
def test_a_type_is_written_as_numpy_writes_it(name: str) -> None:
    text, own = DETAILS.replace("NAME", name), io.StringIO()
    with redirect_stdout(own):
        exec(text, {})
    assert assert_agrees(text, [1, 2]).ends[0].prints == own.getvalue()


def test_lanes_ask_numbers_and_arrays_of_their_own() -> None:
    text = """
import numpy as np
w = np.float32(get_gripper_width())
print(w.is_integer(), np.float64(w).is_integer(), np.round(w).is_integer(), np.array([w, 1], order="F").dtype)
try:
    np.array(["a"])
except TypeError as e:
    print(e)
"""
    prints = assert_agrees(text, [1, 2, 3]).ends[0].prints
    assert prints == "False False True float64\narrays hold numbers, not <U1\n"
