"""What calls of numpy's linear algebra need: products of matrices, and decompositions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.array_needs import broadcast
from aspire_mjx.language.limits import extent
from aspire_mjx.language.needs import DECOMPOSED, PRODUCTS, Need, count, length_along, matrix_sides, rule, shape, widest


def _multiplied(stacks: float, a: Any, b: Any) -> Need:
    (_, rows, inner), columns = matrix_sides(a), matrix_sides(b)[2] if len(shape(b)) > 1 else 1
    rows = rows if len(shape(a)) > 1 else 1
    size = stacks * rows * columns
    return Need(size, size * inner / PRODUCTS)


@rule("matmul", works=True)
def _matmul(x1: Any = (), x2: Any = (), **_: Any) -> Need:
    left, right = shape(x1)[:-2], shape(x2)[:-2]
    return _multiplied(widest(_of_shape(left), _of_shape(right)), x1, x2)


def _of_shape(lengths: tuple[int, ...]) -> np.ndarray:
    """An array of a shape, of next to no memory."""
    return np.broadcast_to(np.zeros((), dtype=bool), lengths)


@rule("dot", works=True)
def _dot(a: Any = (), b: Any = ()) -> Need:
    if not shape(a) or not shape(b):
        return broadcast(a=a, b=b)
    product = count(a) * count(b) / max(1, shape(a)[-1]) ** 2  # the leading axes of both are combined
    return Need(product, product * max(1, shape(a)[-1]) / PRODUCTS)


@rule("tensordot", works=True)
def _tensordot(a: Any = (), b: Any = (), axes: Any = 2) -> Need:
    listed = isinstance(axes, (list, tuple, np.ndarray))
    if not listed and int(axes) > len(shape(a)):  # numpy would number them all first
        raise ValueError("shape-mismatch for sum")
    own = axes[0] if listed else range(-int(axes), 0)
    inner = length_along(a, list(np.atleast_1d(np.asarray(own, dtype=int))))
    product = count(a) * count(b) / inner**2
    return Need(max(product, count(a, b)), product * inner / PRODUCTS)


@rule("einsum", works=True)
def _einsum(subscripts: Any = "", many: Sequence[Any] = ()) -> Need:
    if not isinstance(subscripts, str):
        raise TypeError("np.einsum takes its axes as a text in programs, such as 'ij,jk->ik'")
    terms, _, result = str(subscripts).replace(" ", "").partition("->")
    parts, shapes = terms.split(","), [shape(each) for each in many]
    if len(parts) != len(shapes) or any(len(t) != len(s) for t, s in zip(parts, shapes, strict=True)):
        most = float(math.prod(map(extent, shapes)))  # an ellipsis, or numpy's to refuse
        return Need(most, most / PRODUCTS)
    lengths: dict[str, int] = {}
    for axis, length in ((a, n) for t, s in zip(parts, shapes, strict=True) for a, n in zip(t, s, strict=True)):
        lengths[axis] = max(lengths.get(axis, 1), length)
    kept = result if "->" in str(subscripts) else lengths
    return Need(float(math.prod(lengths.get(a, 1) for a in kept)), math.prod(lengths.values()) / PRODUCTS)


@rule("chain", works=True)
def _chain(arrays: Any = ()) -> Need:
    side = max((max((*shape(each), 1)) for each in arrays), default=1)
    order = len(arrays) ** 3 / 16 if len(arrays) > 3 else 0.0  # numpy looks for the best one
    return Need(float(max(side, len(arrays))) ** 2, float(side) ** 3 * len(arrays) / PRODUCTS + order)


def _work_on(value: Any) -> float:
    _, *sides = matrix_sides(value)
    return count(value) * min(sides) / DECOMPOSED


@rule("decomposed", works=True)
def _decomposed(many: Sequence[Any] = (), **given: Any) -> Need:
    return Need(count(*given.values()), sum(map(_work_on, given.values())))


@rule("svd", works=True)
def _svd(a: Any = (), full_matrices: Any = True, **_: Any) -> Need:
    stacks, *sides = matrix_sides(a)
    size = stacks * max(sides) ** 2 if full_matrices else count(a)
    return Need(max(count(a), size), size * min(sides) / DECOMPOSED)


@rule("qr", works=True)
def _qr(a: Any = (), mode: Any = "reduced") -> Need:
    return _svd(a, mode == "complete")


@rule("solve", works=True)
def _solve(a: Any = (), b: Any = (), rcond: Any = None) -> Need:
    stacks = widest(*[_of_shape(shape(each)[:-2]) for each in (a, b)])
    columns = matrix_sides(b)[2] if len(shape(b)) > 1 else 1
    size = stacks * matrix_sides(a)[2] * max(columns, matrix_sides(a)[1])
    return Need(max(size, count(a, b)), _work_on(a) + size * matrix_sides(a)[2] / PRODUCTS)


@rule("matrix_power", works=True)
def _matrix_power(a: Any = (), n: Any = 1) -> Need:
    return Need(count(a), 2 * int(n).bit_length() * count(a) * matrix_sides(a)[2] / PRODUCTS + _work_on(a))


@rule("norm", works=True)
def _norm(x: Any = (), ord: Any = None, axis: Any = None, **_: Any) -> Need:
    singular = ord in (2, -2, "nuc") and len(shape(x)) > 1 and not isinstance(axis, int)
    return Need(count(x), count(x) * min(shape(x)) / DECOMPOSED if singular else 0.0)
