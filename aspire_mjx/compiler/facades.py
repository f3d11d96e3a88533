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


def _repeats(array: Any, times: Any, *_: Any, **__: Any) -> None:
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
    "isfinite isnan isinf logical_and logical_or logical_not greater less equal"
)
_PLAIN = words(
    "array asarray zeros_like ones_like copy concatenate stack vstack hstack column_stack append atleast_1d atleast_2d "
    "round around sum prod mean median average std var min max amin amax ptp argmin argmax argsort sort cumsum diff "
    "trace allclose isclose array_equal any all count_nonzero ravel reshape squeeze transpose flip roll unique nonzero "
    "argwhere interp nanmin nanmax nanmean isscalar ndim shape size percentile unwrap expand_dims"
)
_GUARDED: dict[str, Callable[..., None]] = {
    **dict.fromkeys(("zeros", "ones"), _count),
    **dict.fromkeys(("eye", "identity"), _square),
    **dict.fromkeys(("outer", "kron", "meshgrid", "einsum"), _product),
    **dict.fromkeys(("full_like", "where", "clip", "cross"), _outer),
    **dict.fromkeys(("dot", "matmul", "inner"), _small),
    "full": _count,
    "linspace": _linspace,
    "arange": _arange,
    "tile": _repetition,
    "repeat": _repeats,
    "diag": _diagonal,
}
_LINEAR = words("inv det solve svd eigh pinv matrix_rank lstsq")


def _numpy_members() -> dict[str, Any]:
    members: dict[str, Any] = {name: getattr(np, name) for name in ("pi", "inf", "nan", "e", "newaxis")}
    members |= {name: getattr(np, name) for name in ("float64", "float32", "int64", "int32", "bool_", "ndarray")}
    members |= {name: FacadeFunction(f"np.{name}", getattr(np, name), _outer) for name in sorted(ELEMENTWISE)}
    members |= {name: FacadeFunction(f"np.{name}", getattr(np, name), _total) for name in sorted(_PLAIN)}
    members |= {name: FacadeFunction(f"np.{name}", getattr(np, name), guard) for name, guard in _GUARDED.items()}
    linear: dict[str, Any] = {
        name: FacadeFunction(f"np.linalg.{name}", getattr(np.linalg, name), _small) for name in sorted(_LINEAR)
    }
    linear["norm"] = FacadeFunction("np.linalg.norm", norm, _total)
    linear["LinAlgError"] = np.linalg.LinAlgError
    members["linalg"] = Facade("np.linalg", linear)
    members["random"] = Facade("np.random", {name: RandomFunction(name) for name in sorted(random_streams.FUNCTIONS)})
    return members


_MATH = words(
    "sin cos tan asin acos atan atan2 sqrt exp log log10 log2 pow hypot floor ceil trunc fabs fmod radians degrees "
    "isfinite isnan isinf isclose copysign dist gcd sinh cosh tanh fsum"
)


def _math_members() -> dict[str, Any]:
    members: dict[str, Any] = {name: getattr(math, name) for name in ("pi", "tau", "e", "inf", "nan")}
    members |= {name: FacadeFunction(f"math.{name}", getattr(math, name)) for name in sorted(_MATH)}
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
