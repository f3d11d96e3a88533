"""The parts of numpy, math and scipy's Rotation that programs may use, as closed namespaces.

The compiled machine and the plain runner use the same objects, so both compute the same numbers.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from aspire_mjx.compiler import random_streams
from aspire_mjx.compiler.limits import MAX_ITEMS, check_result, guard_tree, refuse_size
from aspire_mjx.compiler.random_streams import Stream
from aspire_mjx.compiler.rotation import Rotation
from aspire_mjx.compiler.vocabulary import words


class Facade:
    """A closed namespace: the members given, and nothing else."""

    __slots__ = ("_members", "_name")

    def __init__(self, name: str, members: Mapping[str, Any]) -> None:
        self._name, self._members = name, dict(members)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._members[name]
        except KeyError:
            raise AttributeError(f"programs cannot use {self._name}.{name}") from None

    def __repr__(self) -> str:
        return f"<{self._name}>"

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members


class FacadeFunction:
    """A whitelisted function: ``guard`` refuses huge results before, ``check_result`` after the call."""

    __slots__ = ("function", "guard", "name")

    def __init__(self, name: str, function: Callable[..., Any], guard: Callable[..., None] | None = None) -> None:
        self.name, self.function, self.guard = name, function, guard

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        for name in ("out", "where", "order", "subok", "like", "casting"):
            if name in kwargs:
                raise TypeError(f"{self.name} does not take {name!r} in programs")
        if self.guard is not None:
            self.guard(*args, **kwargs)
        with np.errstate(all="ignore"):
            value = self.function(*args, **kwargs)
        if isinstance(value, (tuple, list)):
            return tuple(map(check_result, value)) if isinstance(value, tuple) else list(map(check_result, value))
        return check_result(value)

    def __repr__(self) -> str:
        return f"<function {self.name}>"


class RandomFunction:
    """A function of ``np.random``: it draws from the stream of its lane."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<function {self.name}>"


def _count(shape: Any, *_: Any, **__: Any) -> None:
    sizes = np.atleast_1d(np.asarray(shape, dtype=float))
    refuse_size("the array", float(np.prod(np.maximum(sizes, 1.0))), MAX_ITEMS)


def _square(n: Any, m: Any = None, *_: Any, **__: Any) -> None:
    refuse_size("the array", float(n) * float(n if m is None else m), MAX_ITEMS)


def _linspace(start: Any, stop: Any, num: Any = 50, **_: Any) -> None:
    refuse_size("the array", float(num) * max(np.size(start), np.size(stop)), MAX_ITEMS)


def _arange(start: Any, stop: Any = None, step: Any = 1, **_: Any) -> None:
    low, high = (0, start) if stop is None else (start, stop)
    refuse_size("the array", (float(high) - float(low)) / (float(step) or 1.0), MAX_ITEMS)


def _product(*arrays: Any, **_: Any) -> None:
    refuse_size("the result", math.prod(float(np.size(a)) for a in arrays), MAX_ITEMS)


def _repetition(array: Any, times: Any, *_: Any, **__: Any) -> None:
    refuse_size(
        "the array", np.size(array) * float(np.prod(np.maximum(np.asarray(times, dtype=float), 1.0))), MAX_ITEMS
    )


def guard_repeats(array: Any, times: Any, *_: Any, **__: Any) -> None:
    """Refuse a repetition that gives a huge array."""
    total = np.asarray(times, dtype=float)
    refuse_size("the array", np.size(array) * float(total.sum() if total.ndim else total), MAX_ITEMS)


def _outer(*arrays: Any, **_: Any) -> None:
    if math.prod(float(np.size(a)) for a in arrays) > MAX_ITEMS:
        shape = np.broadcast_shapes(*(np.shape(a) for a in arrays))
        refuse_size("the result", float(np.prod(shape, dtype=float)), MAX_ITEMS)


def _diagonal(array: Any, *_: Any) -> None:
    refuse_size("the matrix", float(np.size(array)) ** (2 if np.ndim(array) == 1 else 1), MAX_ITEMS)


def _small(*arrays: Any, **_: Any) -> None:
    for array in arrays:
        if not isinstance(array, str):
            refuse_size("the matrix", np.size(array), 10_000)


def _total(*values: Any, **_: Any) -> None:
    guard_tree(values)


def _sections(_: Any, sections: Any, *__: Any, **___: Any) -> None:
    if np.ndim(sections) == 0:
        refuse_size("the list of parts", float(sections), MAX_ITEMS // 10)


def _pairs(rows: Any, *_: Any, **__: Any) -> None:
    refuse_size("the matrix", float(len(np.atleast_2d(rows))) ** 2, MAX_ITEMS)


def _bins(values: Any, bins: Any = 10, *_: Any, **__: Any) -> None:
    guard_tree(values)
    if np.ndim(bins) == 0 and not isinstance(bins, str):
        refuse_size("the histogram", float(bins), MAX_ITEMS)


def _counts(values: Any, weights: Any = None, minlength: Any = 0) -> None:
    largest = np.max(values) if np.size(values) else 0
    refuse_size("the counts", max(float(largest) + 1, float(minlength)), MAX_ITEMS)


def _copying(*values: Any, copy: Any = True, **_: Any) -> None:
    guard_tree(values)
    if len(values) != 1 or copy is not True:
        raise TypeError("np.nan_to_num gives a new array in programs; assign its result")


SEQUENTIAL = 8  #: numpy adds fewer elements than this one after the other


def norm(x: Any, *args: Any, **kwargs: Any) -> Any:
    """``np.linalg.norm``; short vectors are added up in order, so that many at once give the same bits as one."""
    vector = np.asarray(x)
    if args or kwargs or vector.ndim != 1 or not 0 < len(vector) < SEQUENTIAL or vector.dtype != np.float64:
        return np.linalg.norm(x, *args, **kwargs)
    return np.sqrt(functools.reduce(operator.add, vector * vector))


ELEMENTWISE = words(
    "abs absolute add subtract multiply divide true_divide negative sign sqrt square exp log sin cos tan arcsin arccos "
    "arctan arctan2 deg2rad rad2deg radians degrees hypot floor ceil rint trunc mod fmod power minimum maximum "
    "isfinite isnan isinf logical_and logical_or logical_xor logical_not greater greater_equal less less_equal equal "
    "not_equal fmin fmax floor_divide remainder copysign fabs signbit positive reciprocal heaviside"
)
_PLAIN = words(
    "array asarray zeros_like ones_like copy concatenate stack vstack hstack column_stack append atleast_1d atleast_2d "
    "round around sum prod mean median average std var min max amin amax ptp argmin argmax argsort sort cumsum diff "
    "trace allclose isclose array_equal any all count_nonzero ravel reshape squeeze transpose flip roll unique nonzero "
    "argwhere flatnonzero interp nanmin nanmax nanmean nanmedian nanstd nanvar nansum nanargmin nanargmax isscalar "
    "nanpercentile ndim shape size percentile quantile average unwrap expand_dims swapaxes moveaxis rot90 fliplr "
    "flipud sinh cosh tanh log2 log10 log1p expm1 exp2 cbrt cumprod triu tril take searchsorted digitize isin "
    "intersect1d union1d setdiff1d gradient ediff1d lexsort partition argpartition extract compress delete insert "
    "dstack block atleast_3d polyval"
)
_GUARDED: dict[str, Callable[..., None]] = {
    **dict.fromkeys(("zeros", "ones"), _count),
    **dict.fromkeys(("eye", "identity"), _square),
    **dict.fromkeys(("outer", "kron", "meshgrid", "einsum"), _product),
    **dict.fromkeys(("full_like", "where", "clip", "cross"), _outer),
    **dict.fromkeys(("dot", "matmul", "inner", "vdot", "tensordot"), _small),
    **dict.fromkeys(("convolve", "correlate"), _product),
    **dict.fromkeys(("split", "array_split", "hsplit", "vsplit"), _sections),
    **dict.fromkeys(("cov", "corrcoef"), _pairs),
    **dict.fromkeys(("logspace", "geomspace"), _linspace),
    "tri": _square,
    "histogram": _bins,
    "bincount": _counts,
    "nan_to_num": _copying,
    "full": _count,
    "linspace": _linspace,
    "arange": _arange,
    "tile": _repetition,
    "repeat": guard_repeats,
    "diag": _diagonal,
}
_LINEAR = words("inv det slogdet solve svd eigh eigvalsh qr cholesky cond pinv matrix_rank matrix_power lstsq")
_TYPES = words(
    "float64 float32 float16 int64 int32 int16 int8 uint64 uint32 uint16 uint8 bool_ ndarray integer floating number"
)
#: functions that are others here: what numpy leaves uninitialised is zero, and what it broadcasts is a copy
_REPLACED: dict[str, tuple[Callable[..., Any], Callable[..., None]]] = {
    "empty": (np.zeros, _count),
    "empty_like": (np.zeros_like, _total),
    "broadcast_to": (lambda array, shape: np.array(np.broadcast_to(array, shape)), lambda _, shape: _count(shape)),
}


def _numpy_members() -> dict[str, Any]:
    members: dict[str, Any] = {name: getattr(np, name) for name in ("pi", "inf", "nan", "e", "newaxis")}
    members |= {name: getattr(np, name) for name in sorted(_TYPES)}
    members |= {name: FacadeFunction(f"np.{name}", getattr(np, name), _outer) for name in sorted(ELEMENTWISE)}
    members |= {name: FacadeFunction(f"np.{name}", getattr(np, name), _total) for name in sorted(_PLAIN)}
    members |= {name: FacadeFunction(f"np.{name}", getattr(np, name), guard) for name, guard in _GUARDED.items()}
    members |= {name: FacadeFunction(f"np.{name}", *how) for name, how in _REPLACED.items()}
    linear: dict[str, Any] = {
        name: FacadeFunction(f"np.linalg.{name}", getattr(np.linalg, name), _small) for name in sorted(_LINEAR)
    }
    linear["multi_dot"] = FacadeFunction("np.linalg.multi_dot", np.linalg.multi_dot, lambda arrays: _small(*arrays))
    linear["norm"] = FacadeFunction("np.linalg.norm", norm, _total)
    linear["LinAlgError"] = np.linalg.LinAlgError
    members["linalg"] = Facade("np.linalg", linear)
    members["random"] = Facade("np.random", {name: RandomFunction(name) for name in sorted(random_streams.FUNCTIONS)})
    return members


_MATH = words(
    "sin cos tan asin acos atan atan2 sqrt exp log log10 log2 pow hypot floor ceil trunc fabs fmod radians degrees "
    "isfinite isnan isinf isclose copysign dist gcd sinh cosh tanh asinh acosh atanh fsum isqrt log1p expm1 exp2 cbrt "
    "modf remainder erf"
)
_FACTORIAL = 170  #: the largest argument whose factorial is an integer that programs may have


def _small_factorial(*numbers: Any) -> None:
    for number in numbers:
        if isinstance(number, int) and number > _FACTORIAL:
            raise OverflowError(f"{number} is too large here; use numbers up to {_FACTORIAL}")


def _product_of(items: Any, *, start: Any = 1) -> Any:
    return functools.reduce(lambda a, b: check_result(a * b), items, start)


def _least_multiple(*numbers: Any) -> int:
    return functools.reduce(lambda a, b: check_result(math.lcm(a, b)), numbers, 1)


def _math_members() -> dict[str, Any]:
    members: dict[str, Any] = {name: getattr(math, name) for name in ("pi", "tau", "e", "inf", "nan")}
    members |= {name: FacadeFunction(f"math.{name}", getattr(math, name)) for name in sorted(_MATH)}
    for name in ("factorial", "comb", "perm"):
        members[name] = FacadeFunction(f"math.{name}", getattr(math, name), _small_factorial)
    members["prod"] = FacadeFunction("math.prod", _product_of)
    members["lcm"] = FacadeFunction("math.lcm", _least_multiple)
    return members


NUMPY = Facade("numpy", _numpy_members())
MATH = Facade("math", _math_members())


def imports_of(numpy: Facade) -> dict[str, dict[str | None, Any]]:
    """What each allowed import names: module -> (member -> value), with None for the module itself."""
    modules = {"numpy": numpy, "numpy.linalg": numpy.linalg, "numpy.random": numpy.random, "math": MATH}
    imports: dict[str, dict[str | None, Any]] = {
        name: {None: module, **{member: getattr(module, member) for member in module}}
        for name, module in modules.items()
    }
    return {**imports, "scipy.spatial.transform": {"Rotation": Rotation}}


def numpy_with(stream: Stream) -> Facade:
    """numpy for one plain run: ``np.random`` draws from a stream."""
    functions = {name: functools.partial(stream.draw, name) for name in sorted(random_streams.FUNCTIONS)}
    members = {name: getattr(NUMPY, name) for name in NUMPY}
    return Facade("numpy", {**members, "random": Facade("np.random", functions)})


IMPORTS = imports_of(NUMPY)
