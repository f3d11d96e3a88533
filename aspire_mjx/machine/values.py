"""Values of the machine. A value is uniform (one Python value for a strand) or varying (one value in each lane).

Containers are uniform objects whose elements may be varying. Lanes are taken apart with :func:`columns` and put
together again with :func:`restack`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np

from aspire_mjx.compiler.code import Code
from aspire_mjx.language.limits import Compound, guard_tree
from aspire_mjx.language.random import Stream
from aspire_mjx.language.rotation import Rotation
from aspire_mjx.language.vocabulary import EXCEPTIONS
from aspire_mjx.machine.lane_columns import codes_of
from aspire_mjx.machine.ragged import Ragged, gathered, shares
from aspire_mjx.primitives.results import Result, Results, StatusName


class Signal(BaseException):
    """What an instruction tells the machine instead of finishing."""


class Partition(Signal):
    """Split the strand into groups of lanes with equal labels and execute the instruction again in each."""

    def __init__(self, labels: np.ndarray | Sequence[Hashable]) -> None:
        if isinstance(labels, np.ndarray) and labels.dtype == np.bool_:
            self.labels = (labels != labels[0]).astype(np.int64)
            return
        if isinstance(labels, np.ndarray):
            _, firsts, inverse = np.unique(labels, return_index=True, return_inverse=True)
            self.labels = np.argsort(np.argsort(firsts))[inverse]  # numbered as they come
            return
        self.labels = codes_of(labels)


class Promote(Signal):
    """Make a uniform array varying, or a varying one ragged, in the whole strand; execute the instruction again."""

    def __init__(self, array: np.ndarray | Varying) -> None:
        self.array = array


class Raised(Signal):
    """An exception of the program, raised in every lane of the strand."""

    def __init__(self, exception: ExceptionValue) -> None:
        self.exception = exception


class Varying(Compound):
    """One value in each of N lanes.

    Attributes:
        array: ``[N, ...]``. With ``python`` it is ``[N]`` and its elements are Python scalars (float64 for float,
            int64 for int, bool) or, with dtype object, immutable values of one type (text, large integers, rotations).
            Otherwise each lane holds a numpy scalar (``[N]``) or array.
        owner: the Varying whose memory this one is a view of; None when it owns its memory, C-contiguous.
        codes: ``[N]`` int, for text: lanes with equal codes hold equal text; None until somebody asks.
        choice: for an array that every lane has picked from several: those, and ``[N]`` int which one. ``array`` is a
            copy; before anything is written to one of them, all are made ragged.
        watched: whether a choice has been made of this memory.
    """

    __slots__ = ("array", "choice", "codes", "owner", "python", "watched")

    def __init__(
        self,
        array: np.ndarray,
        python: bool = False,
        owner: Varying | None = None,
        codes: np.ndarray | None = None,
    ) -> None:
        self.array, self.python, self.owner, self.codes = array, python, owner, codes
        self.choice: tuple[tuple[Varying, ...], np.ndarray] | None = None
        self.watched = False

    def writable(self) -> Varying:
        """Itself, when its memory belongs to nothing else that the program knows; else it is made ragged."""
        root = self.owner or self
        if root.watched or root.choice is not None:
            raise Promote(root)
        return self

    def inside(self) -> tuple[int, tuple[()]]:
        return self.array.size // max(1, len(self.array)) - 1, ()

    def __repr__(self) -> str:
        return f"Varying({self.array!r}, python={self.python})"


def fresh(array: np.ndarray, python: bool = False) -> Varying:
    """A Varying that owns its memory."""
    if array.base is not None or not array.flags.c_contiguous or not array.flags.writeable:
        array = np.array(array, order="C")
    return Varying(array, python)


class VaryingResult:
    """Results of a primitive, one in each lane of the strand."""

    __slots__ = ("results",)

    def __init__(self, results: Results) -> None:
        self.results = results


class FunctionValue:
    """A function of the program: its code, default values, and the scopes it can see."""

    __slots__ = ("code", "defaults", "keyword_defaults", "scopes")

    def __init__(
        self, code: Code, defaults: tuple[Any, ...], keyword_defaults: tuple[Any, ...], scopes: tuple[dict, ...]
    ) -> None:
        self.code, self.defaults, self.keyword_defaults, self.scopes = code, defaults, keyword_defaults, scopes

    def __repr__(self) -> str:
        return f"<function {self.code.name}>"


class Builtin:
    """A built-in function, type or exception type under its name."""

    __slots__ = ("name", "plain")

    def __init__(self, name: str, plain: Any) -> None:
        self.name, self.plain = name, plain


class RobotFunction:
    """A primitive as a value."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<function {self.name}>"


class BoundMethod:
    """A method of a value, before it is called."""

    __slots__ = ("name", "receiver")

    def __init__(self, receiver: Any, name: str) -> None:
        self.receiver, self.name = receiver, name

    def __repr__(self) -> str:
        return f"<method {self.name}>"


class DictView(Compound):
    """What ``items()``, ``keys()`` and ``values()`` of a dict give: a live view of it."""

    __slots__ = ("kind", "source")

    def __init__(self, source: dict, kind: str) -> None:
        self.source, self.kind = source, kind

    def inside(self) -> tuple[int, tuple[dict]]:
        return 0, (self.source,)

    def listed(self) -> list[Any]:
        """Its elements now."""
        return list(getattr(self.source, self.kind)())


class IteratorValue:
    """A loop's position in what it goes through.

    Of a dict or set, ``source`` lists the keys; ``watched`` is the dict or set itself, which must not change its
    size, and ``kind`` says whether the loop gets keys, values or items.
    """

    __slots__ = ("index", "kind", "size", "source", "watched")

    def __init__(self, source: Any, watched: Any = None, kind: str = "keys") -> None:
        self.source, self.index, self.watched, self.kind = source, 0, watched, kind
        self.size = 0 if watched is None else len(watched)


class ExceptionValue(Compound):
    """An exception of the program: its type, its arguments (which may be varying), and the line that raised it."""

    __slots__ = ("args", "line", "type")

    def __init__(self, type_: type[Exception], args: tuple[Any, ...], line: int = 0) -> None:
        self.type, self.args, self.line = type_, args, line

    def inside(self) -> tuple[int, tuple[Any, ...]]:
        return 0, self.args


_KNOWN = frozenset({*EXCEPTIONS.values(), UnboundLocalError, UnicodeError, np.linalg.LinAlgError})


def known_type(type_: type[BaseException]) -> type[Exception]:
    """The nearest type of an exception that programs know by name."""
    return next((base for base in type_.__mro__ if base in _KNOWN), Exception)


def raised(error: Exception) -> Raised:
    """The signal for an exception that plain Python raised."""
    kind = known_type(type(error))
    if kind is not type(error):
        return Raised(ExceptionValue(kind, (str(error),)))
    args = tuple(a for a in error.args if isinstance(a, (str, int, float)))
    return Raised(ExceptionValue(type(error), args if len(args) == len(error.args) else (str(error),)))


_PLAIN = frozenset({int, float, bool, str, type(None), range, np.float64, np.int64, np.bool_})


def is_varying(value: Any) -> bool:
    """Whether a value, or anything inside it, differs (or may differ) between lanes."""
    kind = type(value)
    if kind in _PLAIN:
        return False
    if kind in LANED:
        return True
    if kind not in CONTAINERS:
        return False
    return any(type(item) in LANED for item in nested(value))


def nested(value: Any) -> Iterator[Any]:
    """A value and everything inside it; a container that is reached twice is gone into once."""
    seen: set[int] = set()
    pending = [value]
    while pending:
        item = pending.pop()
        yield item
        if type(item) in CONTAINERS and id(item) not in seen:
            seen.add(id(item))
            pending.extend(inside(item))


def inside(item: Any) -> Sequence[Any]:
    """What a container holds."""
    if isinstance(item, dict):
        return list(item.values())
    if isinstance(item, slice):
        return (item.start, item.stop, item.step)
    if isinstance(item, ExceptionValue):
        return item.args
    if isinstance(item, DictView):
        return (item.source,)
    return item


LANED = frozenset({Varying, VaryingResult, Ragged})
CONTAINERS = frozenset({list, tuple, dict, slice, ExceptionValue, DictView})


def columns(value: Any, n: int) -> list[Any]:
    """The plain Python value of each of n lanes. Containers without varying elements are shared, not copied."""
    kind = type(value)
    if kind is Varying:
        return value.array.tolist() if value.python else list(value.array)
    if kind is VaryingResult:
        return [Result(value.results, i) for i in range(n)]
    if kind is Ragged:
        return list(value.arrays)
    if kind is Builtin:
        return [value.plain] * n
    if kind is ExceptionValue:
        return [value.type(*args) for args in columns(value.args, n)]
    if kind is DictView:
        return [getattr(d, value.kind)() for d in columns(value.source, n)]
    if kind is tuple and any(type(item) is Builtin for item in value):
        value = tuple(item.plain if type(item) is Builtin else item for item in value)
    if kind not in CONTAINERS or not is_varying(value):
        return [value] * n
    guard_tree(value)
    parts = [columns(item, n) for item in inside(value)]
    if kind is slice:
        return [slice(*row) for row in zip(*parts, strict=True)]
    if kind is dict:
        keys = tuple(value)
        return [dict(zip(keys, row, strict=True)) for row in zip(*parts, strict=True)]
    rows = zip(*parts, strict=True)
    return list(map(list, rows)) if kind is list else list(rows)


def restack(items: list[Any], sources: Sequence[Sequence[np.ndarray]] = ()) -> Any:
    """One value from the values of all lanes. Raises Partition when their structure differs between lanes.

    Arrays of different shape, and those that are views of the lane's ``sources``, give a ragged value.
    """
    first = items[0]
    kind = type(first)
    if kind is float or kind is bool:
        if all(type(item) is kind for item in items):
            return Varying(np.array(items, dtype=np.float64 if kind is float else np.bool_), True)
    elif kind in (int, str, StatusName, Rotation, Stream):
        if all(type(item) is kind for item in items):
            return Varying(_object_or_int(items, kind), True)
    elif isinstance(first, np.generic):
        if all(type(item) is kind for item in items):
            return Varying(np.array(items))
    elif kind is np.ndarray:
        form = first.ndim, first.dtype
        if all(type(item) is kind and (item.ndim, item.dtype) == form for item in items):
            if all(item.shape == first.shape for item in items) and not any(shares(items, sources)):
                return fresh(np.stack(items))
            return gathered(items, sources)
    elif kind is list or kind is tuple:
        if all(type(item) is kind and len(item) == len(first) for item in items):
            return kind(restack([item[j] for item in items], sources) for j in range(len(first)))
    elif kind is dict:
        if all(type(item) is kind and list(item) == list(first) for item in items):
            return {key: restack([item[key] for item in items], sources) for key in first}
    elif kind is Result:
        calls = {(r._results.primitive.name, r._results.unpacks) for r in items if type(r) is Result}
        if len(calls) == 1 and all(type(item) is kind for item in items):
            return VaryingResult(Results.concatenate([r._results.take([r._index]) for r in items]))
    elif all(item is first or (type(item) is kind and kind in (range, set) and item == first) for item in items):
        return first
    raise Partition([_form(item) for item in items])


def _object_or_int(items: list[Any], kind: type) -> np.ndarray:
    if kind is int and all(-(2**62) < item < 2**62 for item in items):
        return np.array(items, dtype=np.int64)
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def _form(item: Any) -> Hashable:
    kind = type(item)
    if kind is np.ndarray:
        return kind, item.ndim, item.dtype.str
    if kind is list or kind is tuple:
        return kind, tuple(map(_form, item))
    if kind is dict:
        return kind, tuple((key, _form(value)) for key, value in item.items())
    if kind is range:
        return item
    if kind is Result:
        return kind, item._results.primitive.name, item._results.unpacks
    if kind is set:
        return kind, frozenset(item)
    if kind in (float, bool, int, str, StatusName, Rotation, Stream) or isinstance(item, np.generic):
        return kind
    return kind, id(item)
