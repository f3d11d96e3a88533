"""Values that hold others: taken apart into lanes or copies, and put together again.

Lanes are taken apart with :func:`columns` and put together with :func:`restack`; the lanes that differ are gathered
with :func:`at`. What a type means to these, and to copies of all that a strand can reach, is its ``Structure``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aspire_mjx.language.limits import guard_tree
from aspire_mjx.language.random import Stream
from aspire_mjx.language.rotation import Rotation
from aspire_mjx.machine.lane_columns import objects
from aspire_mjx.machine.ragged import Ragged, gathered, shares
from aspire_mjx.machine.values import (
    BoundMethod,
    Builtin,
    DictView,
    ExceptionValue,
    FunctionValue,
    GeneratorValue,
    Holder,
    IteratorValue,
    Partition,
    Pipe,
    Varying,
    VaryingResult,
    fresh,
)
from aspire_mjx.primitives.results import Result, Results, StatusName


@dataclass(frozen=True)
class Structure:
    """How values of one type are taken apart into what they hold, and put together again.

    Attributes:
        token: equal for two values that differ in nothing but what they hold.
        held: the values that it holds.
        empty: a new value like it that holds nothing yet, or None for a type whose values are made in one go.
        fill: gives the new value what it holds, and returns it.
    """

    token: Callable[[Any], Hashable]
    held: Callable[[Any], Sequence[Any]]
    fill: Callable[[Any, Any, Sequence[Any]], Any]
    empty: Callable[[Any], Any] = lambda value: None


def _of_holder(kind: type[Holder]) -> Structure:
    """The structure of a class of the machine, as its attributes tell it."""
    fixed = [name for name in kind.__slots__ if name not in kind.holds]

    def empty(value: Any) -> Any:
        if kind is FunctionValue and not (value.scopes or value.defaults or value.keyword_defaults):
            return value  # it holds nothing that could differ
        new = object.__new__(kind)
        for name in fixed:
            setattr(new, name, getattr(value, name))
        return new

    def fill(value: Any, new: Any, held: Sequence[Any]) -> Any:
        for name, item in zip(kind.holds, held, strict=True):
            setattr(new, name, item)
        return new

    def token(value: Any) -> Hashable:
        text = getattr(value, "source", None)  # text stays uniform: no loop goes through varying text
        return kind, *[getattr(value, name) for name in fixed], text if isinstance(text, str) else None

    return Structure(token, lambda value: [getattr(value, name) for name in kind.holds], fill, empty)


def _filled_list(value: list, new: list, held: Sequence[Any]) -> list:
    new.extend(held)
    return new


def _filled_dict(value: dict, new: dict, held: Sequence[Any]) -> dict:
    new.update(zip(value, held, strict=True))
    return new


STRUCTURES: dict[type, Structure] = {
    list: Structure(lambda v: ("list", len(v)), lambda v: v, _filled_list, lambda v: []),
    tuple: Structure(lambda v: ("tuple", len(v)), lambda v: v, lambda v, _, held: tuple(held)),
    dict: Structure(
        lambda v: ("dict", tuple(v), tuple(map(type, v))), lambda v: list(v.values()), _filled_dict, lambda v: {}
    ),
    set: Structure(lambda v: ("set", frozenset((type(x), x) for x in v)), lambda v: (), lambda v, _, held: set(v)),
    slice: Structure(lambda v: "slice", lambda v: (v.start, v.stop, v.step), lambda v, _, held: slice(*held)),
    range: Structure(lambda v: v, lambda v: (), lambda v, _, held: v),
    **{kind: _of_holder(kind) for kind in (FunctionValue, BoundMethod, DictView, ExceptionValue)},
    **{kind: _of_holder(kind) for kind in (IteratorValue, Pipe, GeneratorValue)},
}
VARYING_TYPES = frozenset({Varying, VaryingResult, Ragged})
#: types whose value in a lane consists of the values there of what they hold
CONTAINERS = frozenset({list, tuple, dict, slice, ExceptionValue, DictView})
_PLAIN = frozenset({int, float, bool, str, type(None), range, np.float64, np.int64, np.bool_})
#: immutable types, which are compared by value
SCALARS = frozenset({float, int, bool, str, StatusName, Rotation})


def is_varying(value: Any) -> bool:
    """Whether a value, or anything inside it, differs (or may differ) between lanes."""
    kind = type(value)
    if kind in _PLAIN:
        return False
    if kind in VARYING_TYPES:
        return True
    if kind not in CONTAINERS:
        return False
    return any(type(item) in VARYING_TYPES for item in nested(value))


def nested(value: Any) -> Iterator[Any]:
    """A value and everything inside it; a container that is reached twice is gone into once."""
    seen: set[int] = set()
    pending = [value]
    while pending:
        item = pending.pop()
        yield item
        if type(item) in CONTAINERS and id(item) not in seen:
            seen.add(id(item))
            pending.extend(STRUCTURES[type(item)].held(item))


def leaves(value: Any, *kinds: type) -> list[Any]:
    """Everything of these types that is nested in a value."""
    return [item for item in nested(value) if type(item) in kinds]


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
    if kind is ExceptionValue or kind is DictView:
        (held,) = STRUCTURES[kind].held(value)
        return [value.plain(each) for each in columns(held, n)]
    if kind is tuple and any(type(item) is Builtin for item in value):
        value = tuple(item.plain if type(item) is Builtin else item for item in value)
    if kind not in CONTAINERS or not is_varying(value):
        return [value] * n
    guard_tree(value)
    structure = STRUCTURES[kind]
    rows = zip(*[columns(item, n) for item in structure.held(value)], strict=True)
    if kind is list or kind is tuple:
        return list(map(list, rows)) if kind is list else list(rows)
    return [structure.fill(value, structure.empty(value), row) for row in rows]


def at(value: Any, rows: np.ndarray) -> Any:
    """A value over other lanes: row i is lane ``rows[i]`` of it. Containers with varying elements are new ones."""
    kind = type(value)
    if kind is Varying:
        taken = value.take(rows)
        if taken.codes is None and value.python and value.array.dtype == object:
            taken.codes = rows
        return taken
    if kind is Ragged:
        return value.take(rows).copies()
    if kind is VaryingResult:
        return value.take(rows)
    if kind not in CONTAINERS or not is_varying(value):
        return value
    guard_tree(value)
    structure = STRUCTURES[kind]
    return structure.fill(value, structure.empty(value), [at(item, rows) for item in structure.held(value)])


def first_lane(value: Any) -> Any:
    """The plain Python value of the first lane."""
    return columns(at(value, np.zeros(1, dtype=np.intp)), 1)[0]


def restack(items: list[Any], sources: Sequence[Ragged] = ()) -> Any:
    """One value from the values of all lanes.

    Arrays of different shape or without axes, and those that are views of the lane's ``sources``, give a ragged value.

    Raises:
        Partition: their structure differs between lanes.
    """
    first = items[0]
    kind = type(first)
    if all(type(item) is kind for item in items):
        if kind is float or kind is bool:
            return Varying(np.array(items, dtype=np.float64 if kind is float else np.bool_), True)
        if kind in SCALARS or kind is Stream:
            small = kind is int and all(-(2**62) < item < 2**62 for item in items)
            return Varying(np.array(items, dtype=np.int64) if small else objects(items), True)
        if isinstance(first, np.generic):
            return Varying(np.array(items))
        outer = _outer(first)
        if all(_outer(item) == outer for item in items):
            if kind is np.ndarray:
                alike = first.ndim and all(item.shape == first.shape for item in items)
                whole = alike and not any(source is not None for source in shares(items, sources))
                return fresh(np.stack(items)) if whole else gathered(items, sources)
            if kind is list or kind is tuple:
                return kind(restack([item[j] for item in items], sources) for j in range(len(first)))
            if kind is dict:
                return {key: restack([item[key] for item in items], sources) for key in first}
            if kind is Result:
                return VaryingResult(Results.concatenate([item._results.take([item._index]) for item in items]))
            return first
    raise Partition([_form(item) for item in items])


def _outer(item: Any) -> Hashable:
    """Equal for plain values of one type that can be one value, as far as what they hold can."""
    kind = type(item)
    if kind is np.ndarray:
        return item.ndim, item.dtype
    if kind is Result:
        return item._results.primitive.name, item._results.unpacks
    if kind in (list, tuple, dict, set, range):
        return STRUCTURES[kind].token(item)
    return None if kind in SCALARS or kind is Stream or isinstance(item, np.generic) else id(item)


def _form(item: Any) -> Hashable:
    held = STRUCTURES[type(item)].held(item) if type(item) in (list, tuple, dict) else ()
    return type(item), _outer(item), tuple(map(_form, held))
