"""The parts of numpy, math and scipy's Rotation that programs may use, as closed namespaces (facades).

The compiled machine and the plain runner use the same objects, so both compute the same numbers.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from aspire_mjx.language import clouds, dtypes, json_text, patterns
from aspire_mjx.language.callables import named
from aspire_mjx.language.calls import CALLS, Call
from aspire_mjx.language.guards import guard_arithmetic
from aspire_mjx.language.index_tricks import INDEX_TRICKS
from aspire_mjx.language.limits import check_result
from aspire_mjx.language.random import RANDOM_FUNCTIONS, Stream
from aspire_mjx.language.rotation import Rotation
from aspire_mjx.language.vocabulary import ALLOWED


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
    """A whitelisted function: what a call needs is told before (``declared``), and the value is checked after it."""

    def __init__(self, name: str, function: Callable[..., Any], declared: Call | None = None) -> None:
        named(self, name)
        self.name = name
        self.function = function
        self.declared = declared

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it for one lane."""
        if any(hasattr(type(a), "__next__") for a in args):
            self.refuse_iterator()
        if self.declared is not None:
            self.declared.check(args, kwargs)
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


def _by_rows(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that makes arrays, whose ``order`` is checked and says nothing of the values: all are kept by rows."""

    @functools.wraps(function)
    def call(*args: Any, order: Any = None, **kwargs: Any) -> Any:
        if order not in (None, "C", "F", "A", "K"):
            raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got {order!r})")
        return function(*args, **kwargs)

    return call


def broadcast_to(array: Any, shape: Any) -> np.ndarray:
    """``np.broadcast_to`` as a copy."""
    return np.array(np.broadcast_to(array, shape))


# numpy and math: every function that programs have --------------------------------------------------------------------

ELEMENTWISE = frozenset(ALLOWED["numpy"]["elementwise"])


def _elementwise(name: str) -> FacadeFunction:
    ufunc = getattr(np, name)
    declared = Call(f"np.{name}", f"{'x' if ufunc.nin == 1 else 'x1 x2'} * dtype", "broadcast")
    return FacadeFunction(f"np.{name}", ufunc, declared)


def _functions(prefix: str, **own: Callable[..., Any]) -> dict[str, FacadeFunction]:
    """The functions that are declared for a module: its own, but for those given."""
    module = {"np": np, "np.linalg": np.linalg, "math": math}[prefix]
    return {
        name: FacadeFunction(f"{prefix}.{name}", own.get(name) or getattr(module, name), declared)
        for name, declared in CALLS[prefix].items()
    }


def prod(iterable: Any, /, *, start: Any = 1) -> Any:
    """``math.prod``, of which no step is huge."""
    return functools.reduce(lambda a, b: _times(a, b), iterable, start)


def _times(a: Any, b: Any) -> Any:
    guard_arithmetic("*", a, b)
    return check_result(a * b)


def lcm(*numbers: Any) -> int:
    """``math.lcm``, of which no step is huge."""
    return functools.reduce(lambda a, b: check_result(math.lcm(a, b)), numbers, 1)


_OF_DTYPES = (
    *(dtypes.dtype, dtypes.iinfo, dtypes.finfo),
    *(dtypes.issubdtype, dtypes.can_cast, dtypes.result_type, dtypes.promote_types),
)
_LINALG = {**_functions("np.linalg", norm=norm), "LinAlgError": np.linalg.LinAlgError}
_MAKING = {name: _by_rows(getattr(np, name)) for name in ("array", "asarray", "zeros", "ones", "full", "copy")}
_MAKING["empty"] = _MAKING["zeros"]
NUMPY = Facade(
    "numpy",
    {
        **{name: getattr(np, name) for name in (*ALLOWED["numpy"]["constants"], *ALLOWED["numpy"]["types"])},
        **{name: _elementwise(name) for name in sorted(ELEMENTWISE)},
        # what numpy leaves uninitialised is zero here, and what it broadcasts is a copy
        **_functions("np", **_MAKING, empty_like=np.zeros_like, broadcast_to=broadcast_to),
        **INDEX_TRICKS,
        **{f.__name__: FacadeFunction(f"np.{f.__name__}", f) for f in _OF_DTYPES},
        "linalg": Facade("np.linalg", _LINALG),
        "random": Facade("np.random", {name: RandomFunction(name) for name in sorted(RANDOM_FUNCTIONS)}),
    },
)


MATH = Facade(
    "math",
    {
        **{name: getattr(math, name) for name in ("pi", "tau", "e", "inf", "nan")},
        **_functions("math", prod=prod, lcm=lcm),
    },
)


#: what the helper functions know about clouds of points
CLOUDS: dict[str | None, Any] = {
    function.__name__: FacadeFunction(
        f"clouds.{function.__name__}", function, Call(f"clouds.{function.__name__}", "points others", "read")
    )
    for function in (clouds.without_outliers, clouds.crowded, clouds.gap, clouds.upright_box)
}


#: what the library's ``json`` is made of
JSON_TEXT: dict[str | None, Any] = {
    f.__name__: FacadeFunction(f"json.{f.__name__}", f) for f in (json_text.written, json_text.read)
}


_FLAGS = dict.fromkeys(("IGNORECASE", "I"), patterns.IGNORECASE)
_PATTERNS = (
    *(patterns.search, patterns.match, patterns.fullmatch),
    *(patterns.findall, patterns.split, patterns.sub),
)
RE = Facade("re", {**{f.__name__: FacadeFunction(f"re.{f.__name__}", f) for f in _PATTERNS}, **_FLAGS})


def _scipy() -> dict[str, Facade]:
    """The part of scipy that holds Rotation, by the names of its modules."""
    transform = Facade("scipy.spatial.transform", {"Rotation": Rotation})
    spatial = Facade("scipy.spatial", {"transform": transform})
    return {"scipy": Facade("scipy", {"spatial": spatial}), "scipy.spatial": spatial, repr(transform)[1:-1]: transform}


SCIPY = _scipy()


def imports_of(numpy: Facade) -> dict[str, dict[str | None, Any]]:
    """What each allowed import names: module -> (member -> value), with None for the module itself."""
    modules = {
        "numpy": numpy,
        "numpy.linalg": numpy.linalg,
        "numpy.random": numpy.random,
        "math": MATH,
        "re": RE,
        **SCIPY,
    }
    imports: dict[str, dict[str | None, Any]] = {
        name: {None: module, **{member: getattr(module, member) for member in module}}
        for name, module in modules.items()
    }
    return {**imports, clouds.__name__: CLOUDS, json_text.__name__: JSON_TEXT}


def numpy_with(stream: Stream) -> Facade:
    """The numpy of one plain run: ``np.random`` draws from a stream."""
    functions = {
        name: named(functools.partial(stream.draw, name), f"RandomState.{name}") for name in sorted(RANDOM_FUNCTIONS)
    }
    members = {name: getattr(NUMPY, name) for name in NUMPY}
    return Facade("numpy", {**members, "random": Facade("np.random", functions)})


IMPORTS = imports_of(NUMPY)
