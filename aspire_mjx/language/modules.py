"""The parts of numpy, math and scipy's Rotation that programs may use, as closed namespaces (facades).

The compiled machine and the plain runner use the same objects, so both compute the same numbers.
"""

from __future__ import annotations

import functools
import inspect
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aspire_mjx.language import clouds, dtypes
from aspire_mjx.language.callables import named
from aspire_mjx.language.dtypes import number_dtype
from aspire_mjx.language.guards import (
    REFUSED,
    call_guard,
    einsum_size,
    guard_broadcast,
    guard_keywords,
    guard_outer,
    guard_product,
    guard_repeats,
    guard_round,
)
from aspire_mjx.language.index_tricks import INDEX_TRICKS
from aspire_mjx.language.limits import (
    check_result,
    extent,
    guard_tree,
    limits,
    refuse_elements,
    refuse_size,
    requested,
)
from aspire_mjx.language.random import RANDOM_FUNCTIONS, Stream
from aspire_mjx.language.rotation import Rotation
from aspire_mjx.language.vocabulary import ALLOWED

_LONGEST = 100  #: characters of a text that a function of numpy may get, such as the axes of an einsum
_WORK = 5_000_000  #: elements of a matrix times its shorter side, of a decomposition


class Facade:
    """A closed namespace: the members given, and nothing else."""

    __slots__ = ("_members", "_name")

    def __init__(self, name: str, members: Mapping[str, Any]) -> None:
        self._name = name
        self._members = dict(members)

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

    def __init__(self, name: str, function: Callable[..., Any], guard: Callable[..., None] | None = None) -> None:
        named(self, name)
        self.name = name
        self.function = function
        self.guard = guard
        self.most, self.typed = _positions(function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it for one lane."""
        guard_keywords(self.name, kwargs)
        if self.most is not None and len(args) > self.most:
            raise TypeError(f"{self.name} takes at most {self.most} positional arguments in programs")
        if self.typed is not None and len(args) > self.typed:
            number_dtype(args[self.typed])
        if any(hasattr(type(a), "__next__") for a in args):
            self.refuse_iterator()
        _refuse_texts(self.name, (*args, *kwargs.values()))
        if self.guard is not None:
            call_guard(self.name, self.guard, args, kwargs)
        value = self.function(*args, **kwargs)
        if isinstance(value, (tuple, list)):
            return tuple(map(check_result, value)) if isinstance(value, tuple) else list(map(check_result, value))
        return check_result(value)

    def refuse_iterator(self) -> None:
        """Refuse an iterator, which numpy would take for a single object; functions of math go through it."""
        if not self.name.startswith("math."):
            raise TypeError(f"{self.name} takes lists and arrays, not an iterator; write list(...)")

    def __repr__(self) -> str:
        return f"<function {self.name}>"


def _positions(function: Callable[..., Any]) -> tuple[int | None, int | None]:
    """How many positional arguments a function takes in programs, and which of them is a dtype; None: any, none."""
    if isinstance(function, np.ufunc):
        return function.nin, None
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # a function in C, without a signature
        return _IN_C.get(getattr(function, "__name__", ""), (None, None))
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    most = next((i for i, name in enumerate(names) if name in REFUSED), None)
    return most, names.index("dtype") if "dtype" in names else None


#: what :func:`_positions` gives for functions that some versions of numpy have no signature for
_IN_C: dict[str, tuple[int | None, int | None]] = {
    **{"array": (2, 1), "asarray": (2, 1), "zeros": (2, 1), "ones": (2, 1), "full": (3, 2), "arange": (4, 3)},
    **{"concatenate": (2, None), "dot": (2, None), "inner": (2, None), "where": (3, None)},
}


def _refuse_texts(name: str, values: Sequence[Any]) -> None:
    """Numpy would make arrays of as many characters as the longest text has."""
    pending = [value for value in values if isinstance(value, (list, tuple, str))]
    if not pending:
        return
    guard_tree(pending)
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if len(item) > _LONGEST:
                raise TypeError(f"{name} works on numbers, not on text")
        else:
            pending += [part for part in item if isinstance(part, (list, tuple, str))]


@dataclass(frozen=True, repr=False, slots=True)
class RandomFunction:
    """A function of ``np.random``: it draws from the stream of its lane."""

    name: str

    def __repr__(self) -> str:
        return f"<built-in method {self.name}>"


SEQUENTIAL = 8  #: numpy adds fewer elements than this one after the other


def norm(x: Any, *args: Any, **kwargs: Any) -> Any:
    """``np.linalg.norm``; short vectors are added up in order, so that many at once give the same bits as one."""
    vector = np.asarray(x)
    if args or kwargs or vector.ndim != 1 or not 0 < len(vector) < SEQUENTIAL or vector.dtype != np.float64:
        return np.linalg.norm(x, *args, **kwargs)
    return np.sqrt(functools.reduce(operator.add, vector * vector))


def broadcast_to(array: Any, shape: Any) -> np.ndarray:
    """``np.broadcast_to`` as a copy."""
    return np.array(np.broadcast_to(array, shape))


# numpy: every function that programs have, with what refuses its huge results ----------------------------------------

_Guard = Callable[..., None]
_GUARDS: dict[str, _Guard] = {}


def _guards(*names: str) -> Callable[[_Guard], _Guard]:
    def register(guard: _Guard) -> _Guard:
        _GUARDS.update(dict.fromkeys(names, guard))
        return guard

    return register


ELEMENTWISE = frozenset(ALLOWED["numpy"]["elementwise"])


@_guards(*ALLOWED["numpy"]["as large as arguments"])
def _total(*values: Any, **named: Any) -> None:
    guard_tree((*values, *named.values()))


@_guards(*ELEMENTWISE, "where", "clip", "cross", "take_along_axis", "vecdot")
def _broadcast(*arrays: Any, **named: Any) -> None:
    guard_broadcast(*arrays, *named.values())


@_guards("zeros_like", "ones_like", "full_like")
def _like(*values: Any, **named: Any) -> None:
    if "shape" in named:
        raise TypeError("np.zeros_like and its kin do not take a shape in programs; use np.zeros")
    _broadcast(*values[:2])


@_guards("allclose", "isclose", "array_equal", "array_equiv", "average")
def _pairs(*values: Any, **named: Any) -> None:
    _total(*values, **named)
    guard_broadcast(*values[:2], *(named[name] for name in ("a", "b", "a1", "a2", "weights") if name in named))


@_guards("zeros", "ones", "full")
def _count(shape: Any, *_: Any, **__: Any) -> None:
    refuse_elements("the array", requested(shape))


@_guards("indices")
def _places(dimensions: Any, *_: Any, **__: Any) -> None:
    refuse_elements("the indices", requested(dimensions) * np.size(dimensions))


@_guards("resize")
def _refilled(a: Any, new_shape: Any) -> None:
    guard_tree(a)
    _count(new_shape)


@_guards("pad")
def _padding(array: Any, pad_width: Any, mode: Any = "constant", **_: Any) -> None:
    if not isinstance(mode, str):
        raise TypeError("np.pad takes the name of a mode in programs")
    sides = np.broadcast_to(np.asarray(pad_width, dtype=float), (np.ndim(array), 2)).sum(axis=1)
    refuse_elements("the array", math.prod(np.asarray(np.shape(array)) + sides))


@_guards("ix_")
def _open_mesh(*sequences: Any) -> None:
    guard_tree(sequences)


@_guards("select")
def _choices(condlist: Any, choicelist: Any, default: Any = 0) -> None:
    guard_broadcast(*condlist, *choicelist, default)


@_guards("polyfit")
def _polynomial(x: Any, y: Any, deg: Any, *_: Any, **__: Any) -> None:
    guard_tree((x, y))
    refuse_size("the polynomial", float(np.max(deg)), 20)


@_guards("array2string")
def _writing(
    a: Any, max_line_width: Any = None, precision: Any = None, suppress_small: Any = None, separator: Any = " "
) -> None:
    guard_tree((a, separator))
    guard_round(precision)


@_guards("tile")
def _repetition(array: Any, times: Any, *_: Any, **__: Any) -> None:
    refuse_elements("the array", np.size(array) * requested(times))


@_guards("eye", "identity", "tri", "tril_indices", "triu_indices")
def _square(n: Any, m: Any = None, *_: Any, **__: Any) -> None:
    refuse_elements("the array", float(n) * float(n if m is None else m))


@_guards("linspace", "logspace", "geomspace")
def _linspace(start: Any, stop: Any, num: Any = 50, **_: Any) -> None:
    refuse_elements("the array", float(num) * max(np.size(start), np.size(stop)))


@_guards("arange")
def _arange(start: Any, stop: Any = None, step: Any = 1, **_: Any) -> None:
    low, high = (0, start) if stop is None else (start, stop)
    refuse_elements("the array", (float(high) - float(low)) / (float(step) or 1.0))


@_guards("outer", "kron", "meshgrid", "convolve", "correlate")
def _product(*arrays: Any, **_: Any) -> None:
    refuse_elements("the result", math.prod(float(extent(np.shape(a))) for a in arrays))


@_guards("einsum")
def _einsum(subscripts: Any, *arrays: Any, **_: Any) -> None:
    refuse_elements("the sum (in multiplications)", einsum_size(subscripts, [np.shape(array) for array in arrays]))


@_guards("diag")
def _diagonal(v: Any, k: Any = 0) -> None:
    side = np.size(v) + abs(int(k))
    refuse_elements("the matrix", side * side if np.ndim(v) == 1 else side)


@_guards("vdot", "tensordot")
def _small(*arrays: Any, **named: Any) -> None:
    for array in (*arrays, *named.values()):
        if not isinstance(array, str):
            refuse_size("the matrix", extent(np.shape(array)), 10_000)


def _factors(*arrays: Any, **named: Any) -> None:
    for array in (*arrays, *named.values()):
        shape = np.shape(array)
        refuse_size(
            "the matrix (in elements times its shorter side)", extent(shape) * min(shape[-2:], default=1), _WORK
        )


def _chain(arrays: Any) -> None:
    _small(*list(arrays))


def _copies(array: Any, shape: Any) -> None:
    _count(shape)


def _decomposition(a: Any, full_matrices: Any = True, *_: Any, **__: Any) -> None:
    _factors(a)
    if full_matrices and np.ndim(a) > 1:
        refuse_elements("the matrix", max(np.shape(a)[-2:]) ** 2)


@_guards("diff")
def _differences(a: Any, n: Any = 1, *_: Any, **__: Any) -> None:
    guard_tree(a)
    refuse_size("the differences", int(n), 10)


@_guards("split", "array_split", "hsplit", "vsplit", "dsplit")
def _sections(ary: Any, indices_or_sections: Any, *_: Any, **__: Any) -> None:
    if np.ndim(indices_or_sections) == 0:
        refuse_size("the list of parts", float(indices_or_sections), limits().items // 10)


@_guards("cov", "corrcoef")
def _covariances(rows: Any, *_: Any, **__: Any) -> None:
    refuse_elements("the matrix", float(len(np.atleast_2d(rows))) ** 2)


@_guards("histogram")
def _bins(a: Any, bins: Any = 10, *_: Any, **__: Any) -> None:
    guard_tree(a)
    if np.ndim(bins) == 0 and not isinstance(bins, str):
        refuse_elements("the histogram", float(bins))


@_guards("bincount")
def _counts(x: Any, weights: Any = None, minlength: Any = 0) -> None:
    largest = np.max(x) if np.size(x) else 0
    refuse_elements("the counts", max(float(largest) + 1, float(minlength)))


@_guards("nan_to_num")
def _copying(*values: Any, copy: Any = True, **_: Any) -> None:
    guard_tree(values)
    if len(values) != 1 or copy is not True:
        raise TypeError("np.nan_to_num gives a new array in programs; assign its result")


_GUARDS |= {"dot": guard_outer, "inner": guard_outer, "matmul": guard_product, "repeat": guard_repeats}


def _functions(module: Any, names: Mapping[str, _Guard | None]) -> dict[str, Any]:
    prefix = module.__name__.replace("numpy", "np")
    return {name: FacadeFunction(f"{prefix}.{name}", getattr(module, name), guard) for name, guard in names.items()}


_OF_DTYPES = (
    *(dtypes.dtype, dtypes.iinfo, dtypes.finfo),
    *(dtypes.issubdtype, dtypes.can_cast, dtypes.result_type, dtypes.promote_types),
)
_LINALG = {
    **_functions(np.linalg, {**dict.fromkeys(ALLOWED["numpy"]["linalg"], _factors), "svd": _decomposition}),
    "multi_dot": FacadeFunction("np.linalg.multi_dot", np.linalg.multi_dot, _chain),
    "norm": FacadeFunction("np.linalg.norm", norm, _total),
    "LinAlgError": np.linalg.LinAlgError,
}
NUMPY = Facade(
    "numpy",
    {
        **{name: getattr(np, name) for name in (*ALLOWED["numpy"]["constants"], *ALLOWED["numpy"]["types"])},
        **_functions(np, _GUARDS),
        **INDEX_TRICKS,
        **{f.__name__: FacadeFunction(f"np.{f.__name__}", f) for f in _OF_DTYPES},
        # what numpy leaves uninitialised is zero here, and what it broadcasts is a copy
        "empty": FacadeFunction("np.empty", np.zeros, _count),
        "empty_like": FacadeFunction("np.empty_like", np.zeros_like, _total),
        "broadcast_to": FacadeFunction("np.broadcast_to", broadcast_to, _copies),
        "linalg": Facade("np.linalg", _LINALG),
        "random": Facade("np.random", {name: RandomFunction(name) for name in sorted(RANDOM_FUNCTIONS)}),
    },
)


# math -----------------------------------------------------------------------------------------------------------------

_FACTORIAL = 170  #: the largest argument whose factorial is an integer that programs may have


def _small_factorial(*numbers: Any) -> None:
    for number in numbers:
        if isinstance(number, int) and number > _FACTORIAL:
            raise OverflowError(f"{number} is too large here; use numbers up to {_FACTORIAL}")


def prod(iterable: Any, /, *, start: Any = 1) -> Any:
    """``math.prod``, of which no step is huge."""
    return functools.reduce(lambda a, b: check_result(a * b), iterable, start)


def lcm(*numbers: Any) -> int:
    """``math.lcm``, of which no step is huge."""
    return functools.reduce(lambda a, b: check_result(math.lcm(a, b)), numbers, 1)


MATH = Facade(
    "math",
    {
        **{name: getattr(math, name) for name in ("pi", "tau", "e", "inf", "nan")},
        **_functions(
            math,
            {
                **dict.fromkeys(ALLOWED["math"]["functions"]),
                **dict.fromkeys(("factorial", "comb", "perm"), _small_factorial),
            },
        ),
        "prod": FacadeFunction("math.prod", prod),
        "lcm": FacadeFunction("math.lcm", lcm),
    },
)


#: what the helper functions know about clouds of points
CLOUDS: dict[str | None, Any] = {
    function.__name__: FacadeFunction(f"clouds.{function.__name__}", function, _total)
    for function in (clouds.without_outliers, clouds.crowded, clouds.gap, clouds.upright_box)
}


def _scipy() -> dict[str, Facade]:
    """The part of scipy that holds Rotation, by the names of its modules."""
    transform = Facade("scipy.spatial.transform", {"Rotation": Rotation})
    spatial = Facade("scipy.spatial", {"transform": transform})
    return {"scipy": Facade("scipy", {"spatial": spatial}), "scipy.spatial": spatial, repr(transform)[1:-1]: transform}


SCIPY = _scipy()


def imports_of(numpy: Facade) -> dict[str, dict[str | None, Any]]:
    """What each allowed import names: module -> (member -> value), with None for the module itself."""
    modules = {"numpy": numpy, "numpy.linalg": numpy.linalg, "numpy.random": numpy.random, "math": MATH, **SCIPY}
    imports: dict[str, dict[str | None, Any]] = {
        name: {None: module, **{member: getattr(module, member) for member in module}}
        for name, module in modules.items()
    }
    return {**imports, clouds.__name__: CLOUDS}


def numpy_with(stream: Stream) -> Facade:
    """The numpy of one plain run: ``np.random`` draws from a stream."""
    functions = {
        name: named(functools.partial(stream.draw, name), f"RandomState.{name}") for name in sorted(RANDOM_FUNCTIONS)
    }
    members = {name: getattr(NUMPY, name) for name in NUMPY}
    return Facade("numpy", {**members, "random": Facade("np.random", functions)})


IMPORTS = imports_of(NUMPY)
