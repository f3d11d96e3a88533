"""Values of the machine. A value is uniform (one Python value for a strand) or laned (one value in each lane).

Containers are uniform objects whose elements may be laned. Lanes are taken apart with :func:`columns` and put
together again with :func:`restack`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.compiler.code import Code
from aspire_mjx.compiler.limits import MAX_ITEMS, Compound, guard_tree, tree_size
from aspire_mjx.compiler.ragged import Ragged, gathered, shares
from aspire_mjx.compiler.random_streams import Stream
from aspire_mjx.compiler.rotation import Rotation
from aspire_mjx.compiler.vocabulary import EXCEPTIONS
from aspire_mjx.primitives.results import Result, Results, StatusName


class Signal(BaseException):
    """What an instruction tells the machine instead of finishing."""


class Partition(Signal):
    """Split the strand into groups of lanes with equal labels and execute the instruction again in each."""

    def __init__(self, labels: np.ndarray | Sequence[Hashable]) -> None:
        numbers: dict[Hashable, int] = {}
        listed = labels.tolist() if isinstance(labels, np.ndarray) else labels
        self.labels = np.array([numbers.setdefault(label, len(numbers)) for label in listed])


class Promote(Signal):
    """Make a uniform array laned, or a laned array ragged, everywhere in the strand; execute the instruction again."""

    def __init__(self, array: np.ndarray | Laned) -> None:
        self.array = array


class Raised(Signal):
    """An exception of the program, raised in every lane of the strand."""

    def __init__(self, exception: ExceptionValue) -> None:
        self.exception = exception


class Laned(Compound):
    """One value in each of N lanes.

    Attributes:
        array: ``[N, ...]``. With ``python`` it is ``[N]`` and its elements are Python scalars (float64 for float,
            int64 for int, bool) or, with dtype object, immutable values of one type (text, large integers, rotations).
            Otherwise each lane holds a numpy scalar (``[N]``) or array.
        owner: the Laned whose memory this one is a view of; None when it owns its memory, C-contiguous.
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
        owner: Laned | None = None,
        codes: np.ndarray | None = None,
    ) -> None:
        self.array, self.python, self.owner, self.codes = array, python, owner, codes
        self.choice: tuple[tuple[Laned, ...], np.ndarray] | None = None
        self.watched = False

    def writable(self) -> Laned:
        """Itself, when its memory belongs to nothing else that the program knows; else it is made ragged."""
        root = self.owner or self
        if root.watched or root.choice is not None:
            raise Promote(root)
        return self

    def inside(self) -> tuple[int, tuple[()]]:
        return self.array.size // max(1, len(self.array)) - 1, ()

    def __repr__(self) -> str:
        return f"Laned({self.array!r}, python={self.python})"


def fresh(array: np.ndarray, python: bool = False) -> Laned:
    """A Laned that owns its memory."""
    if array.base is not None or not array.flags.c_contiguous or not array.flags.writeable:
        array = np.array(array, order="C")
    return Laned(array, python)


class LanedResult:
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
    """An exception of the program: its type, its arguments (which may be laned), and the line that raised it."""

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


def is_laned(value: Any) -> bool:
    """Whether a value, or anything inside it, differs (or may differ) between lanes."""
    kind = type(value)
    if kind in _PLAIN:
        return False
    if kind in _LANED:
        return True
    if kind not in _CONTAINERS:
        return False
    seen: set[int] = set()
    pending = [value]
    while pending:
        item = pending.pop()
        kind = type(item)
        if kind in _LANED:
            return True
        if kind in _CONTAINERS and id(item) not in seen:
            seen.add(id(item))
            pending.extend(_inside(item))
    return False


def _inside(item: Any) -> Sequence[Any]:
    if isinstance(item, dict):
        return list(item.values())
    if isinstance(item, slice):
        return (item.start, item.stop, item.step)
    if isinstance(item, ExceptionValue):
        return item.args
    if isinstance(item, DictView):
        return (item.source,)
    return item


_LANED = frozenset({Laned, LanedResult, Ragged})
_CONTAINERS = frozenset({list, tuple, dict, slice, ExceptionValue, DictView})


def columns(value: Any, n: int) -> list[Any]:
    """The plain Python value of each of n lanes. Containers without laned elements are shared, not copied."""
    kind = type(value)
    if kind is Laned:
        return value.array.tolist() if value.python else list(value.array)
    if kind is LanedResult:
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
    if kind not in _CONTAINERS or not is_laned(value):
        return [value] * n
    guard_tree(value)
    parts = [columns(item, n) for item in _inside(value)]
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
            return Laned(np.array(items, dtype=np.float64 if kind is float else np.bool_), True)
    elif kind in (int, str, StatusName, Rotation, Stream):
        if all(type(item) is kind for item in items):
            return Laned(_object_or_int(items, kind), True)
    elif isinstance(first, np.generic):
        if all(type(item) is kind for item in items):
            return Laned(np.array(items))
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
            return LanedResult(Results.concatenate([r._results.take([r._index]) for r in items]))
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


def lane_map(function: Callable[..., Any], args: Sequence[Any], n: int, kwargs: Mapping[str, Any] | None = None) -> Any:
    """A pure function of plain values, applied in every lane; once when no argument is laned.

    Raises:
        Partition: lanes give values of different structure, or only some raise.
        Raised: all lanes raise the same type of exception.
    """
    keywords = dict(kwargs or {})
    if not is_laned((*args, *keywords.values())):
        plain = [columns(a, 1)[0] for a in args]
        try:
            return function(*plain, **{k: columns(v, 1)[0] for k, v in keywords.items()})
        except Exception as error:
            raise raised(error) from error
    distinct = _distinct((*args, *keywords.values()), n)
    if distinct is None:
        return _each(function, args, n, keywords)
    firsts, inverse = distinct
    try:
        value = _each(function, at(tuple(args), firsts), len(firsts), at(keywords, firsts))
    except Partition as signal:
        raise Partition(signal.labels[inverse]) from None
    except Raised as signal:
        raise Raised(at(signal.exception, inverse)) from None
    return at(value, inverse)


def _each(function: Callable[..., Any], args: Sequence[Any], n: int, keywords: Mapping[str, Any]) -> Any:
    rows = zip(*(columns(a, n) for a in args), strict=True) if args else [()] * n
    extra = [
        dict(zip(keywords, row, strict=True)) for row in zip(*(columns(v, n) for v in keywords.values()), strict=True)
    ]
    values, errors = [], {}
    for i, row in enumerate(rows):
        try:
            values.append(function(*row, **extra[i]) if extra else function(*row))
        except Exception as error:
            errors[i] = error
            values.append(None)
    if errors:
        raise _failed(errors, n)
    return restack(
        values, list(zip(*(leaf.arrays for leaf in _leaves((*args, *keywords.values()), Ragged)), strict=True))
    )


def _distinct(values: tuple[Any, ...], n: int) -> tuple[np.ndarray, np.ndarray] | None:
    """One lane for each distinct combination of values, and which of those each of n lanes has.

    None unless all that is laned is text with few distinct values (names, statuses, sentences), which is where
    computing once instead of N times pays.
    """
    leaves = _text_leaves(values)
    if not leaves:
        return None
    codes = _codes(leaves[0])
    for leaf in leaves[1:]:
        more = _codes(leaf)
        codes = codes * (int(more.max()) + 1) + more
        if int(codes.max()) > 4 * n:
            codes = _compact(codes)[1]
    firsts, inverse = _compact(codes)
    return None if 2 * len(firsts) > n else (firsts, inverse)


def _text_leaves(value: Any) -> list[Laned] | None:
    """The laned leaves of a value when all of them are text, else None."""
    leaves = _leaves(value, *_LANED)
    texts = all(type(x) is Laned and x.array.dtype == object and isinstance(x.array[0], str) for x in leaves)
    return leaves if texts else None


def _leaves(value: Any, *kinds: type) -> list[Any]:
    """Everything of these types that is nested in a value."""
    leaves: list[Any] = []
    seen: set[int] = set()
    pending = [value]
    while pending:
        item = pending.pop()
        kind = type(item)
        if kind in kinds:
            leaves.append(item)
        elif kind in _CONTAINERS and id(item) not in seen:
            seen.add(id(item))
            pending.extend(_inside(item))
    return leaves


def _codes(text: Laned) -> np.ndarray:
    if text.codes is None:
        numbers: dict[str, int] = {}
        text.codes = np.array([numbers.setdefault(each, len(numbers)) for each in text.array.tolist()])
    return text.codes


def _compact(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For codes ``[N]``: where each code that occurs comes first, and codes ``[N]`` without gaps."""
    size, n = int(codes.max()) + 1, len(codes)
    if size > 64 * n:
        _, firsts, inverse = np.unique(codes, return_index=True, return_inverse=True)
        return firsts, inverse
    first = np.full(size, -1)
    first[codes[::-1]] = np.arange(n - 1, -1, -1)
    present = np.flatnonzero(first >= 0)
    number = np.empty(size, dtype=np.int64)
    number[present] = np.arange(len(present))
    return first[present], number[codes]


def at(value: Any, rows: np.ndarray) -> Any:
    """A value over other lanes: row i is lane ``rows[i]`` of it. Containers with laned elements are new ones."""
    kind = type(value)
    if kind is Laned:
        codes = value.codes if value.codes is None else value.codes[rows]
        if codes is None and value.python and value.array.dtype == object:
            codes = rows
        return Laned(value.array[rows], value.python, codes=codes)
    if kind is LanedResult:
        return LanedResult(value.results.take(rows))
    if kind is Ragged:
        return value.take(rows).copies()
    if kind not in _CONTAINERS or not is_laned(value):
        return value
    guard_tree(value)
    if kind is dict:
        return {key: at(item, rows) for key, item in value.items()}
    if kind is slice:
        return slice(*(at(part, rows) for part in _inside(value)))
    if kind is ExceptionValue:
        return ExceptionValue(value.type, at(value.args, rows), value.line)
    if kind is DictView:
        return DictView(at(value.source, rows), value.kind)
    return [at(item, rows) for item in value] if kind is list else tuple(at(item, rows) for item in value)


def _failed(errors: dict[int, Exception], n: int) -> Signal:
    types = [known_type(type(errors[i])) if i in errors else None for i in range(n)]
    if len(set(types)) > 1:
        return Partition(types)
    plain = all(type(errors[i]) is types[0] and len(errors[i].args) == 1 for i in range(n))
    return raise_laned(types[0] or Exception, [str(errors[i].args[0] if plain else errors[i]) for i in range(n)])


def raise_laned(type_: type[Exception], messages: list[str]) -> Raised:
    """The signal for an exception with its own message in every lane."""
    return Raised(ExceptionValue(type_, (restack(messages),)))


def messages(exception: ExceptionValue, n: int) -> list[str]:
    """``Type: text`` of an exception in each lane."""
    errors = columns(exception, n) if tree_size(exception) <= MAX_ITEMS else ["(too large to write out)"] * n
    return [f"{exception.type.__name__}: {error}".removesuffix(": ") for error in errors]
