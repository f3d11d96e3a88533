"""What calls of numpy and math need: arrays and numbers, by what a function makes of its arguments."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.limits import MAX_INT_BITS, MAX_TEXT, refuse_size, tree_parts
from aspire_mjx.language.needs import (
    DECOMPOSED,
    PRODUCTS,
    Need,
    count,
    length_along,
    matrix_sides,
    requested,
    rule,
    shape,
    widest,
)

_PIECE = 38  #: elements in whose memory there is room for an array with nothing in it
_FACTORIAL = 170  #: the largest argument whose factorial is an integer that programs may have


@rule("read")
def _read(many: Sequence[Any] = (), **given: Any) -> Need:
    return Need(count(*given.values(), *many))


@rule("broadcast")
def broadcast(many: Sequence[Any] = (), **given: Any) -> Need:
    """What the arguments broadcast to."""
    values = [v for v in (*given.values(), *many) if isinstance(v, (np.ndarray, list, tuple))]
    return Need(max(count(*values), widest(*values)) if values else 1.0)


@rule("joined")
def _joined(**given: Any) -> Need:
    """What is joined of pieces: numpy makes an array of each of them first."""
    pieces = sum(max(1, *shape(v)[:1]) if isinstance(v, np.ndarray) else tree_parts(v)[0] for v in given.values())
    return Need(count(*given.values()) + _PIECE * pieces)


@rule("product")
def _product(**given: Any) -> Need:
    return Need(math.prod(count(each) for each in given.values()))


@rule("places")
def _places(a: Any = (), **_: Any) -> Need:
    return Need(count(a) * max(1, len(shape(a))))


@rule("where")
def _where(condition: Any = (), **parts: Any) -> Need:
    return broadcast(condition=condition, **parts) if parts else _places(condition)


@rule("shaped")
def _shaped(shape: Any = (), new_shape: Any = (), **filled: Any) -> Need:
    return Need(max(requested(shape), requested(new_shape), count(*filled.values())))


@rule("indices")
def _indices(dimensions: Any = (), **_: Any) -> Need:
    return Need(requested(dimensions) * np.size(dimensions))


@rule("square")
def _square(N: Any = None, M: Any = None, n: Any = 0, m: Any = None, **_: Any) -> Need:
    rows, columns = (n, m) if N is None else (N, M)
    return Need(float(rows) * float(rows if columns is None else columns))


@rule("triangle")
def _triangle(m: Any = (), **_: Any) -> Need:
    return Need(count(m) ** 2 if len(shape(m)) == 1 else count(m))


@rule("diag")
def _diag(v: Any = (), k: Any = 0) -> Need:
    return Need((count(v) + abs(int(k))) ** 2 if len(shape(v)) < 2 else count(v))


@rule("spaced")
def _spaced(start: Any = 0, stop: Any = 0, num: Any = 50, base: Any = 0, **_: Any) -> Need:
    return Need(float(num) * widest(start, stop, base))


@rule("arange")
def _arange(start: Any = 0, stop: Any = None, step: Any = 1, **_: Any) -> Need:
    low, high = (0, start) if stop is None else (start, stop)
    return Need((float(high) - float(low)) / (float(1 if step is None else step) or 1.0) + 1.0)


@rule("pad")
def _pad(array: Any = (), pad_width: Any = 0, mode: Any = "constant", **_: Any) -> Need:
    if not isinstance(mode, str):
        raise TypeError("np.pad takes the name of a mode in programs")
    if isinstance(pad_width, dict):
        raise TypeError("np.pad takes numbers as pad_width in programs")
    sides = np.broadcast_to(np.asarray(pad_width, dtype=float), (len(shape(array)), 2)).sum(axis=1)
    return Need(math.prod(np.maximum(np.asarray(shape(array)) + sides, 1.0)))


@rule("tile")
def _tile(A: Any = (), reps: Any = 1) -> Need:
    return Need(count(A) * requested(reps))


@rule("repeat")
def _repeat(a: Any = (), repeats: Any = 1, axis: Any = None) -> Need:
    times = np.asarray(repeats, dtype=float)
    return Need(count(a) * float(times if times.ndim == 0 else times.sum() if times.size == 1 else times.max()))


@rule("take")
def _take(a: Any = (), indices: Any = (), axis: Any = None, **_: Any) -> Need:
    return Need(max(count(a), count(indices)) if axis is None else count(a) / length_along(a, axis) * count(indices))


@rule("insert")
def _insert(arr: Any = (), obj: Any = (), values: Any = (), axis: Any = None) -> Need:
    if axis is None:
        return Need(count(arr, obj, values))
    return Need(count(arr) + count(arr) / length_along(arr, axis) * max(count(obj), count(values)))


@rule("meshgrid")
def _meshgrid(many: Sequence[Any] = (), **_: Any) -> Need:
    return Need(math.prod(count(each) for each in many) * max(1, len(many)))


@rule("select")
def _select(condlist: Any = (), choicelist: Any = (), default: Any = 0) -> Need:
    return Need(max(count(condlist, choicelist), widest(*condlist, *choicelist, default)))


@rule("unravel_index")
def _unravel_index(indices: Any = (), shape: Any = ()) -> Need:
    return Need(count(indices) * np.size(shape))


@rule("ravel_multi_index")
def _ravel_multi_index(multi_index: Any = (), **_: Any) -> Need:
    return Need(max(count(multi_index), widest(*multi_index)))


@rule("sections", works=True)
def _sections(ary: Any = (), indices_or_sections: Any = 1, axis: Any = 0) -> Need:
    cuts = indices_or_sections
    parts = count(cuts) if shape(cuts) else float(cuts)
    return Need(max(count(ary), 8 * parts), 2 * parts)  # the parts are a list


@rule("bincount")
def _bincount(x: Any = (), weights: Any = None, minlength: Any = 0) -> Need:
    largest = np.max(x) if np.size(x) else 0
    return Need(max(float(largest) + 1, float(minlength), count(x, weights)))


@rule("histogram")
def _histogram(a: Any = (), bins: Any = 10, **given: Any) -> Need:
    if isinstance(bins, str):
        raise TypeError("np.histogram takes a number of bins or their edges in programs")
    return Need(max(count(a, *given.values()), count(bins) if shape(bins) else float(bins) + 1.0))


@rule("array2string", works=True)
def _array2string(
    a: Any = (), precision: Any = None, separator: Any = " ", threshold: Any = 1_000, edgeitems: Any = 3, **_: Any
) -> Need:
    if isinstance(precision, int) and abs(precision) > 1_000:
        raise ValueError(f"np.array2string with a precision of {precision:.6g}; at most 1000")
    size, edge = count(a), 2.0 * (3 if edgeitems is None else abs(edgeitems))
    most = 1_000 if threshold is None else threshold
    written = size if size <= most else min(size, edge ** max(1, len(shape(a))))
    refuse_size("the text", written * (2 + len(separator)), 2 * MAX_TEXT)
    return Need(size + 6 * written, 4 * written)


@rule("unique", works=True)
def _unique(ar: Any = (), axis: Any = None, **_: Any) -> Need:
    fields = 0.0 if axis is None else count(ar) / length_along(ar, axis)  # numpy makes a type with a field for each
    return Need(count(ar) + 200 * fields, 2 * fields)


@rule("searches", works=True)
def _searches(element: Any = (), test_elements: Any = (), ar1: Any = (), ar2: Any = (), **_: Any) -> Need:
    wanted, there = (element, ar1), (test_elements, ar2)  # one of each is given
    few = min(count(*there), 10 * count(*wanted) ** 0.15)  # beyond, numpy sorts
    return Need(count(*wanted, *there), few * (2 + count(*wanted) / 256))


@rule("partition", works=True)
def _partition(a: Any = (), kth: Any = 0, **_: Any) -> Need:
    return Need(count(a, kth), count(kth) * count(a) / 256)


@rule("percentile")
def _percentile(a: Any = (), q: Any = (), axis: Any = None, **_: Any) -> Need:
    return Need(max(count(a), count(a) / length_along(a, axis) * count(q)))


@rule("nanpercentile", works=True)
def _nanpercentile(a: Any = (), q: Any = (), axis: Any = None, **given: Any) -> Need:
    return Need(_percentile(a, q, axis).elements, _by_rows(a, axis).work)


@rule("by_rows", works=True)
def _by_rows(a: Any = (), axis: Any = None, **_: Any) -> Need:
    return Need(count(a), 40 * count(a) / length_along(a, axis))


@rule("polyval", works=True)
def _polyval(p: Any = (), x: Any = ()) -> Need:
    size = widest(x, p[0]) if len(shape(p)) > 1 and shape(p)[0] else count(x)
    return Need(max(count(p, x), size), count(p) * 2 + max(1, *shape(p)[:1]) * size / 128)


@rule("polyfit", works=True)
def _polyfit(x: Any = (), y: Any = (), deg: Any = 0, **given: Any) -> Need:
    terms = max(1.0, float(np.max(deg)) + 1)
    return Need(max(count(y), count(x) * terms), count(x) * terms**2 / DECOMPOSED)


@rule("diff", works=True)
def _diff(a: Any = (), n: Any = 1, axis: Any = -1, **more: Any) -> Need:
    return Need(count(a, *more.values()), max(0, int(n) - 1) * (5 + count(a) / 256))


@rule("convolve", works=True)
def _convolve(a: Any = (), v: Any = (), mode: Any = None) -> Need:
    return Need(count(a, v), count(a) * count(v) / PRODUCTS)


@rule("covariance", works=True)
def _covariance(m: Any = 0, y: Any = None, rowvar: Any = True, x: Any = 0, **given: Any) -> Need:
    _, rows, columns = matrix_sides(m if shape(m) else x)
    variables, seen = (rows, columns) if rowvar or len(shape(m) or shape(x)) < 2 else (columns, rows)
    variables += 0 if y is None else count(y) / max(1, seen)
    return Need(max(variables**2, count(m, x, y, *given.values())), variables**2 * seen / PRODUCTS)


# whole numbers --------------------------------------------------------------------------------------------------------


def _refuse_bits(bits: float) -> Need:
    refuse_size("the integer (in bits)", bits, MAX_INT_BITS)
    return Need()


@rule("factorial")
def _factorial(n: Any = 0) -> Need:
    if isinstance(n, int) and n > _FACTORIAL:
        raise OverflowError(f"{n} is too large here; use numbers up to {_FACTORIAL}")
    return Need()


@rule("comb")
def _comb(n: Any = 0, k: Any = 0) -> Need:
    if not (isinstance(n, int) and isinstance(k, int) and 0 < k < n):
        return Need()
    k = min(k, n - k)
    return _refuse_bits(k * max(1, n.bit_length() - 1 - k.bit_length()))


@rule("perm")
def _perm(n: Any = 0, k: Any = None) -> Need:
    if k is None:
        return _factorial(n)
    whole = isinstance(n, int) and isinstance(k, int)
    return _refuse_bits(k // 2 * (n.bit_length() - 2)) if whole and 0 < k <= n else Need()
