"""Attributes and methods of values, closed by type."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from aspire_mjx.language import rotation
from aspire_mjx.language.dtypes import members_of
from aspire_mjx.language.guards import guard_array_method, guard_comparison, guard_method
from aspire_mjx.language.limits import check_result, guard_tree
from aspire_mjx.language.modules import Facade, FacadeFunction
from aspire_mjx.language.random import Stream
from aspire_mjx.language.rotation import Rotation
from aspire_mjx.language.types import PROTOCOLS, attribute_name, can, shown
from aspire_mjx.language.vocabulary import ARRAY_ATTRIBUTES, ARRAY_METHODS, METHODS, TYPES, word_set
from aspire_mjx.machine.builtins import NOTHING, builtin, call_builtin, keys_of, update
from aspire_mjx.machine.indexing import agreed, items_of, key_of, store, type_name, view_of_lanes
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.reflection import kind_of, title_of
from aspire_mjx.machine.results_view import result_member, single_value
from aspire_mjx.machine.rules.numpy import call_array_method
from aspire_mjx.machine.rules.ragged import EXTREMES, extreme, shape
from aspire_mjx.machine.rules.random import draw_lanes, is_stream
from aspire_mjx.machine.structure import columns, first_lane, is_varying
from aspire_mjx.machine.values import BoundMethod, Builtin, DictView, ExceptionValue, Varying, VaryingResult, is_array
from aspire_mjx.primitives.results import StatusName

_TEXT_METHODS = METHODS[str] | {"format"}
_OF_NUMBERS = "is_integer"  #: the method that numpy's numbers have and arrays do not


@cache
def builtin_of(name: str, plain: Any) -> Builtin:
    """The one Builtin of a plain object."""
    return Builtin(name, plain)


@cache
def rotation_function(name: str) -> FacadeFunction:
    """A static method of Rotation as a facade function."""
    return FacadeFunction(f"Rotation.{name}", getattr(Rotation, name))


def member(value: Any, name: str, n: int) -> Any:
    """``value.name``: a member, an attribute, or a bound method. AttributeError for anything else."""
    kind = type(value)
    if name == "__name__":
        return title_of(value)
    if kind is Facade:
        return facade_value(getattr(value, name))
    if kind is VaryingResult:
        if name in ("status", "message") or name in value.results.fields or len(value.results.unpacks or ()) != 1:
            return result_member(value, name)
        return member(single_value(value), name, n)
    if value is Rotation:
        if name in rotation.ROTATION_MEMBERS:
            return rotation_function(name)
    elif kind is Varying:
        return _of_varying(value, name, n)
    elif kind is Ragged:
        return _of_ragged(value, name)
    elif isinstance(value, (np.ndarray, np.generic)):
        if name in ARRAY_ATTRIBUTES:
            return getattr(value, name)
        if name in ARRAY_METHODS or (name == _OF_NUMBERS and hasattr(value, name)):
            return BoundMethod(value, name)
    elif kind is Builtin and name in METHODS.get(value.plain, ()):
        return builtin_of(f"{value.name}.{name}", getattr(value.plain, name))
    elif kind is ExceptionValue and name == "args":
        return value.args
    elif kind is Rotation:
        if name in rotation.ROTATION_MEMBERS:
            return BoundMethod(value, name)
    elif kind is StatusName and name == "name":
        return value.name
    elif name in members_of(value):
        return getattr(value, name)
    elif name in METHODS.get(kind, ()) or (isinstance(value, str) and name in _TEXT_METHODS):
        return BoundMethod(value, name)
    raise AttributeError(f"{type_name(value)!r} object has no attribute {name!r}")


@builtin("type")
def _type(n: int, object: Any, /) -> Any:
    return facade_value(kind_of(object))


@builtin("hasattr")
def _hasattr(n: int, object: Any, name: Any, /) -> bool:
    name = agreed(name, n)
    if name in PROTOCOLS:
        return can(kind_of(object), name)
    try:
        member(object, attribute_name(name), n)
    except AttributeError:
        return False
    return True


@builtin("getattr")
def _getattr(n: int, object: Any, name: Any, default: Any = NOTHING, /) -> Any:
    try:
        return member(object, attribute_name(agreed(name, n)), n)
    except AttributeError:
        if default is NOTHING:
            raise
        return default


def facade_value(found: Any) -> Any:
    """A member of a facade as a value of the machine."""
    if not isinstance(found, type) or found is Rotation:
        return found
    own = found.__module__ != "numpy" and not issubclass(found, np.linalg.LinAlgError)
    return builtin_of(found.__name__ if own else f"np.{found.__name__}", found)


def _of_varying(value: Varying, name: str, n: int) -> Any:
    array = value.array
    if value.python:
        sample = first_lane(value)
        if type(sample) is Stream:
            if name in sample.members:
                return BoundMethod(value, name)
            raise AttributeError(f"random generators have no {name!r} in programs")
        if isinstance(sample, StatusName) and name == "name":
            return lane_map(lambda s: s.name, (value,), n)
        member(sample, name, 1)
        return BoundMethod(value, name)
    if name == "T":
        if array.ndim < 3:
            return value
        return Varying(array.transpose(0, *range(array.ndim - 1, 0, -1)), owner=value.owner or value)
    if name in ARRAY_ATTRIBUTES:
        return getattr(array[0], name)
    return BoundMethod(value, name) if name == _OF_NUMBERS and hasattr(array[0], name) else _array_method(value, name)


def _of_ragged(value: Ragged, name: str) -> Any:
    if name == "shape":
        return shape(value)
    if name == "ndim":
        return value.ndim
    if name in ("size", "nbytes"):
        return Varying(value.sizes * (value.dtype.itemsize if name == "nbytes" else 1), True)
    if name in ("dtype", "itemsize"):
        return getattr(value.arrays[0], name)
    if name == "T":
        return value if value.ndim == 1 else Ragged([a.T for a in value.arrays], memory=value.memory)
    return _array_method(value, name)


def _array_method(value: Varying | Ragged, name: str) -> BoundMethod:
    if name in ARRAY_METHODS:
        return BoundMethod(value, name)
    raise AttributeError(f"'numpy.ndarray' object has no attribute {name!r}")


def bound(function: Builtin, args: Sequence[Any], n: int) -> BoundMethod:
    """The method that a function such as ``str.lower`` means for its first argument."""
    type_, _, name = function.name.rpartition(".")
    if not args:
        raise TypeError(f"unbound method {function.name}() needs an argument")
    first = first_lane(args[0]) if type(args[0]) is Varying else args[0]
    if not isinstance(first, TYPES[type_]):
        kind = type_name(args[0])
        raise TypeError(f"descriptor {name!r} for {type_!r} objects doesn't apply to a {kind!r} object")
    return BoundMethod(args[0], name)


def call_method(method: BoundMethod, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    """Call a bound method over n lanes (list.sort with a key goes through the prelude, not here)."""
    receiver, name = method.receiver, method.name
    kind = type(receiver)
    if kind in (list, tuple, dict, set):
        return _of_container(receiver, name, args, kwargs, n)
    if is_stream(receiver):
        return draw_lanes(receiver, name, args, kwargs, n)
    if name in ("fill", "sort") and (kind in (np.ndarray, Ragged) or is_array(receiver)):
        return _in_place(receiver, name, args, kwargs, n)
    args = [single_value(a) for a in args]
    if is_array(receiver):
        if name in _VIEWS and not is_varying((*args, *kwargs.values())):
            view = view_of_lanes(receiver, lambda array: call_guarded(name, array, *args, **kwargs))
            if view is not None:
                return view
        value = call_array_method(name, receiver, args, kwargs, n)
        if value is not None:
            return value
    if type(receiver) is Ragged and not args and not kwargs:
        if name == "copy":
            return receiver.copies()
        value = extreme(name, receiver) if name in EXTREMES else None
        if value is not None:
            return value
    if name == "join" and len(args) == 1:
        if not can(kind_of(args[0]), "__iter__"):
            raise TypeError("can only join an iterable")
        args = [list(items_of(args[0], n))]
    function = _formatted if name == "format" else partial(call_guarded, name)
    return lane_map(function, (receiver, *args), n, kwargs)


def _formatted(text: str, *args: Any, **kwargs: Any) -> str:
    """``text.format(...)``."""
    plain, written = call_guarded("format", text, *args, **kwargs), [shown(value) for value in args]
    return plain if all(map(operator.is_, written, args)) else text.format(*written, **kwargs)


_DICT_VIEWS = ("items", "keys", "values")
#: methods of arrays that may give a view
_VIEWS = word_set("reshape ravel transpose swapaxes squeeze")


def _in_place(receiver: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> None:
    """``fill`` and ``sort`` of arrays."""
    if name == "fill" and len(args) == 1 and not kwargs:
        store(receiver, Ellipsis, args[0], n)
    elif name == "sort":
        given = agreed((*args, *kwargs.values()), n)
        if type(receiver) is Varying:
            receiver.writable()
        for array in [receiver] if type(receiver) is np.ndarray else columns(receiver, n):
            call_guarded(name, array, *given[: len(args)], **dict(zip(kwargs, given[len(args) :], strict=True)))
    else:
        call_guarded(name, np.zeros(1), *[0] * len(args), **dict.fromkeys(kwargs))  # raises, in numpy's own words


def call_guarded(name: str, receiver: Any, /, *args: Any, **kwargs: Any) -> Any:
    """A whitelisted method of a plain value, with its guard."""
    if isinstance(receiver, str):
        guard_method(receiver, name, args)
    elif isinstance(receiver, (np.ndarray, np.generic)) and name != _OF_NUMBERS:
        guard_array_method(receiver, name, args, kwargs)
    value = getattr(receiver, name)(*args, **kwargs)
    return value if isinstance(value, tuple) else check_result(value)


# containers -----------------------------------------------------------------------------------------------------------

#: how many arguments the methods of containers take; none where not listed
_ARITY = {
    **dict.fromkeys(("append", "extend", "remove", "count", "add", "discard"), (1, 1)),
    **dict.fromkeys(("issubset", "issuperset", "isdisjoint"), (1, 1)),
    **dict.fromkeys(("symmetric_difference", "symmetric_difference_update"), (1, 1)),
    **dict.fromkeys(("get", "setdefault"), (1, 2)),
    **dict.fromkeys(("union", "intersection", "difference", "update"), (0, 255)),
    **dict.fromkeys(("intersection_update", "difference_update"), (0, 255)),
    "fromkeys": (1, 2),
    "insert": (2, 2),
    "popitem": (0, 0),
    "pop": (0, 2),
    "index": (1, 3),
}


def _of_container(receiver: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    """A method of a list, tuple, dict or set: Python's own, of arguments that are plain values as far as it needs."""
    kind = type(receiver)
    low, high = (0, 1) if (kind, name) == (dict, "update") else _ARITY.get(name, (0, 0))
    named = kwargs and (kind, name) not in ((dict, "update"), (list, "sort"))
    if named or not low <= len(args) <= high:
        getattr(kind(), name)(*[()] * len(args), **dict.fromkeys(kwargs))  # raises, in Python's own words
    own = _OWN.get((kind, name))
    if own is not None:
        return own(receiver, n, *args, **kwargs)
    plain = _ARGUMENTS.get((kind, name), ())
    answer = getattr(receiver, name)(*[plain[min(i, len(plain) - 1)](a, n) for i, a in enumerate(args)])
    if kind is list:
        check_result(receiver)
    return answer


def _as_it_is(value: Any, n: int) -> Any:
    return value


def _listed(value: Any, n: int) -> list[Any]:
    return list(items_of(value, n))


def _as_set(value: Any, n: int) -> set[Any]:
    return keys_of(items_of(value, n), n)


#: what is made of each argument (the last stands for all further ones) before Python's own method gets it
_ARGUMENTS: dict[tuple[type, str], tuple[Callable[[Any, int], Any], ...]] = {
    **{(set, name): (_as_set,) for name in METHODS[set]},
    **{(set, name): (key_of,) for name in ("add", "discard", "remove")},
    **{(dict, name): (key_of, _as_it_is) for name in ("get", "pop", "setdefault")},
    (list, "append"): (_as_it_is,),
    (list, "extend"): (_listed,),
    (list, "insert"): (agreed, _as_it_is),
    (list, "pop"): (agreed,),
}


def _searched(name: str, receiver: list | tuple, n: int, *args: Any) -> Any:
    """``index`` or ``count``."""

    def search(row: list | tuple, item: Any, *bounds: Any) -> int:
        guard_comparison(row, item)
        return getattr(row, name)(item, *bounds)

    return lane_map(search, (receiver, *args), n)


def _remove(receiver: list, n: int, item: Any) -> None:
    if not is_varying(receiver) and not is_varying(item):
        guard_comparison(receiver, item)
        receiver.remove(item)
        return
    guard_tree(receiver)
    del receiver[agreed(lane_map(_place_of, (list(receiver), item), n), n)]


def _place_of(items: list, item: Any) -> int:
    if item not in items:
        raise ValueError("list.remove(x): x not in list")
    return items.index(item)


def _sort(receiver: list, n: int, **kwargs: Any) -> None:
    receiver[:] = call_builtin("sorted", (receiver,), kwargs, n)


def _update(receiver: dict, n: int, *sources: Any, **named: Any) -> None:
    for source in sources:
        update(receiver, source, n)
    receiver.update(named)


def _set_pop(receiver: set, n: int, *args: Any) -> Any:
    if args:
        raise TypeError(f"set.pop() takes no arguments ({len(args)} given)")
    if not receiver:
        raise KeyError("pop from an empty set")
    item = items_of(receiver, n)[0]
    receiver.remove(item)
    return item


_OWN: dict[tuple[type, str], Callable[..., Any]] = {
    **{(kind, name): partial(_searched, name) for kind in (list, tuple) for name in ("index", "count")},
    (list, "remove"): _remove,
    (list, "sort"): _sort,
    **{(dict, name): partial(lambda kind, receiver, n: DictView(receiver, kind), name) for name in _DICT_VIEWS},
    (dict, "fromkeys"): lambda receiver, n, *args: call_builtin("dict.fromkeys", args, {}, n),
    (dict, "update"): _update,
    (set, "pop"): _set_pop,
}
