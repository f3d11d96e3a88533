"""Subscripts, elements, unpacking and dict keys of values."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeGuard

import numpy as np

from aspire_mjx.language.guards import guard_index
from aspire_mjx.language.limits import check_result, guarded_key, refuse_items
from aspire_mjx.language.types import in_order
from aspire_mjx.machine.copying import offset_in, view_of
from aspire_mjx.machine.gather import can_pick, pick, row_of
from aspire_mjx.machine.lane_map import distinct, lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.results_view import column, single_value, unpacked
from aspire_mjx.machine.rules.operands import number_of
from aspire_mjx.machine.rules.ragged import lengths, selected
from aspire_mjx.machine.structure import at, columns, first_lane, is_varying
from aspire_mjx.machine.values import (
    DictView,
    ExceptionValue,
    GeneratorValue,
    IteratorValue,
    Partition,
    Pipe,
    Promote,
    Varying,
    VaryingResult,
    fresh,
    is_array,
    is_iterator,
)


def subscript(value: Any, index: Any, n: int) -> Any:
    """``value[index]``. Basic indexing of an array gives a view, as in numpy."""
    kind = type(value)
    if kind is VaryingResult:
        return _of_result(value, index, n)
    index = single_value(index)
    if kind is dict:
        return item_of(value, key_of(index, n))
    if kind in (list, tuple):
        return _element(value, index, n)
    if is_array(value) and _basic(index):
        try:
            array = value.array[_in_each(index)]
        except IndexError:
            pass  # lane by lane, so that the error speaks of the axes of one lane
        else:
            if array.ndim == 1 and _keeps_axes(index):
                raise Promote(value)  # a view without axes
            return Varying(array, owner=value.owner or value) if array.ndim > 1 else fresh(array)
    if kind is Ragged or type(index) is Varying:
        answer = selected(value, index)
        if answer is not None:
            return answer
    if kind in (np.ndarray, Varying) and is_varying(index):
        return _by_varying_index(value, index, n)
    if kind not in (Varying, Ragged) and not is_varying(index):
        return item_of(value, index)
    return lane_map(item_of, (value, index), n)


def _by_varying_index(value: np.ndarray | Varying, index: Any, n: int) -> Any:
    """``value[index]`` lane by lane. A basic index gives a view, which every lane has of an array of its own."""
    if n == 1:
        return subscript(value, first_lane(index), n)
    if is_array(value) and _is_place(index):
        row = row_of(value, index.array, n)
        if row is not None:
            return row
    answer = lane_map(item_of, (value, index), n)
    if (type(answer) is Ragged or is_array(answer)) and _basic(first_lane(index)):
        raise Promote(value)
    return answer


def _is_place(index: Any) -> TypeGuard[Varying]:
    """Whether an index is an integer in each lane."""
    return type(index) is Varying and index.array.dtype == np.int64 and index.array.ndim == 1


def _in_each(index: Any) -> tuple[Any, ...]:
    """An index of the array of each lane as one of ``[N, ...]``."""
    return (slice(None), *index) if isinstance(index, tuple) else (slice(None), index)


def _of_result(value: VaryingResult, index: Any, n: int) -> Any:
    names = value.results.unpacks or ()
    if len(names) > 1 and type(index) is int and -len(names) <= index < len(names):
        return column(value.results, names[index])
    return subscript(unpacked(value), index, n)


def view_of_lanes(value: Varying, function: Callable[[np.ndarray], Any]) -> Varying | None:
    """The view of every lane's array that a function gives; None when it gives anything else."""
    first, owner = value.array[0], value.owner or value
    view = function(first)
    if type(view) is not np.ndarray or not np.shares_memory(view, first):
        return None
    if not view.ndim:
        raise Promote(value)
    return view_of(owner, offset_in(owner.array, view), view.shape, view.strides, view.dtype)


def _basic(index: Any) -> bool:
    if isinstance(index, tuple):
        return all(_basic(part) for part in index)
    if isinstance(index, slice):
        return all(
            part is None or isinstance(part, (int, np.integer)) for part in (index.start, index.stop, index.step)
        )
    return index is None or index is Ellipsis or (isinstance(index, (int, np.integer)) and not isinstance(index, bool))


def _keeps_axes(index: Any) -> bool:
    """Whether a basic index that leaves no axes over gives an array all the same."""
    return index is Ellipsis or (isinstance(index, tuple) and Ellipsis in index)


def item_of(value: Any, index: Any) -> Any:
    """``value[index]`` of plain values."""
    if not hasattr(value, "__getitem__"):
        raise TypeError(f"{type_name(value)!r} object is not subscriptable")
    if isinstance(value, np.ndarray):
        guard_index(value, index)
    return check_result(value[index])


def _element(items: list | tuple, index: Any, n: int) -> Any:
    """An element of a list or tuple. A varying index splits the strand only where lanes cannot pick."""
    index = number_of(index)
    if n > 1 and _is_place(index) and len(items):
        places = index.array
        if ((places >= -len(items)) & (places < len(items))).all():
            asked, rows = np.unique(places % len(items), return_inverse=True)
            few = [items[i] for i in asked.tolist()]  # the list may be long
            if can_pick(few):
                return pick(few, rows, n)
    return item_of(items, agreed(index, n))


def agreed(value: Any, n: int) -> Any:
    """The value of all lanes; splits the strand where they differ."""
    if not is_varying(value):
        return value
    if n == 1 and (type(value) is tuple or (type(value) is Varying and value.python)):
        return columns(value, 1)[0]
    raise_partition(value, n)
    return first_lane(value)


def raise_partition(value: Any, n: int) -> None:
    """Split the strand by a value, unless all lanes agree on it."""
    if n == 1 or not is_varying(value):
        return
    few = distinct((value,), n)
    own = value if few is None else at(value, few[0])
    labels = [_label(item) for item in columns(own, n if few is None else len(few[0]))]
    if any(label != labels[0] for label in labels):
        split = Partition(labels)
        raise split if few is None else Partition(split.labels[few[1]])


def _label(value: Any) -> Hashable:
    if isinstance(value, slice):
        return "slice", _label(value.start), _label(value.stop), _label(value.step)
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    if isinstance(value, (list, tuple)):
        return type(value), tuple(map(_label, value))
    try:
        hash(value)
    except TypeError:
        return id(value)
    return type(value), value


def key_of(key: Any, n: int) -> Any:
    """A dict key or set element as one plain value; splits the strand where lanes differ."""
    return agreed(guarded_key(key), n)


def store(value: Any, index: Any, item: Any, n: int) -> None:
    """``value[index] = item``."""
    index = single_value(index)
    if isinstance(value, np.ndarray | Varying | Ragged):
        _store_in_array(value, index, single_value(item), n)
    elif type(value) is dict:
        value[key_of(index, n)] = item
    elif type(value) is list:
        index = agreed(index, n)
        value[index] = list(items_of(item, n)) if isinstance(index, slice) else item
    else:
        raise TypeError(f"{type_name(value)!r} object does not support item assignment")
    check_result(value)


def _store_in_array(value: np.ndarray | Varying | Ragged, index: Any, item: Any, n: int) -> None:
    if isinstance(value, np.ndarray):
        if is_varying(item) or is_varying(index):
            if n > 1:
                raise Promote(value)
            item, index = first_lane((item, index))
        guard_index(value, index)
        value[index] = item
        return
    if type(value) is Varying:
        if value.array.ndim == 1:
            raise TypeError(f"{type_name(value)!r} object does not support item assignment")
        array = value.writable().array
        if _basic(index) and (type(item) is Varying and not item.python or isinstance(item, (int, float, np.number))):
            whole = _in_each(index)
            part = item
            try:
                if type(item) is Varying:
                    axes = array[whole].ndim
                    part = item.array.reshape(n, *(1,) * (axes - item.array.ndim), *item.array.shape[1:])
                array[whole] = part
                return
            except (IndexError, ValueError):
                pass  # lane by lane, so that the error speaks of the shapes of one lane
    overwrite(value, _with_item, (index, item), n)


def overwrite(value: Varying | Ragged, function: Callable[..., np.ndarray], args: tuple[Any, ...], n: int) -> None:
    """Put what a function makes of every lane's array, and of its own arguments, in that array's place."""
    changed = columns(lane_map(function, (value, *args), n), n)
    for array, new in zip(columns(value, n), changed, strict=True):
        array[...] = new


def _with_item(array: np.ndarray, index: Any, item: Any) -> np.ndarray:
    guard_index(array, index)
    changed = array.copy()
    changed[index] = item
    return changed


def delete(value: Any, index: Any, n: int) -> None:
    """``del value[index]``."""
    index = key_of(index, n) if type(value) is dict else agreed(index, n)
    if isinstance(value, (np.ndarray, Ragged)) or is_array(value):
        raise ValueError("cannot delete array elements")
    if not isinstance(value, (dict, list)):
        does_not = "doesn't" if hasattr(first_lane(value), "__len__") else "does not"
        raise TypeError(f"{type_name(value)!r} object {does_not} support item deletion")
    del value[index]


def items_of(value: Any, n: int) -> list | tuple:
    """The elements of an iterable, each uniform or varying."""
    kind = type(value)
    if kind in (list, tuple):
        return value
    if is_iterator(value):
        raise RuntimeError("an iterator must be drained before its elements are used")
    if kind is VaryingResult:
        value = unpacked(value)
        return items_of(value, n)
    if kind is DictView:
        return list(value.plain(value.source))
    if kind is set:
        return in_order(value)
    if is_array(value):
        refuse_items("the sequence", value.array.shape[1])
        return [subscript(value, i, n) for i in range(value.array.shape[1])]
    if kind is Ragged:
        if not value.ndim:
            raise TypeError("iteration over a 0-d array")
        raise_partition(lengths(value), n)
        return [subscript(value, i, n) for i in range(int(value.counts[0]))]
    if kind is range or (kind is np.ndarray and value.ndim):
        refuse_items("the sequence", len(value))
    return lane_map(list, (value,), n) if kind is Varying else _plain_list(value)


def _plain_list(value: Any) -> list[Any]:
    if not isinstance(value, (str, dict, range, np.ndarray)):
        raise TypeError(f"{type_name(value)!r} object is not iterable")
    return list(value)


def type_name(value: Any) -> str:
    """The name of a value's type as Python would say it."""
    names = {"FunctionValue": "function", "Builtin": "function", "BoundMethod": "method", "RobotFunction": "function"}
    names |= {"VaryingResult": "Result"}
    kind = type(value)
    if kind is Varying:
        kind = type(first_lane(value))
    elif kind is Ragged:
        kind = np.ndarray
    elif kind is Pipe:
        return value.kind
    elif kind is ExceptionValue:
        return value.type.__name__
    elif kind is GeneratorValue:
        return "generator"
    elif kind is IteratorValue:
        return f"{type_name(value.source)}_iterator"
    name = kind.__name__
    return f"numpy.{name}" if kind.__module__ == "numpy" else names.get(name, name)


def unpack(value: Any, count: int, n: int) -> list[Any]:
    """Exactly ``count`` elements. ValueError otherwise, as Python says it."""
    items = _unpackable(value, n)
    if len(items) != count:
        message = f"too many values to unpack (expected {count})"
        if len(items) < count:
            message = f"not enough values to unpack (expected {count}, got {len(items)})"
        raise ValueError(message)
    return list(items)


def _unpackable(value: Any, n: int) -> list | tuple:
    iterable = type(value) in (list, tuple, dict, set, DictView) or is_array(value)
    if not iterable and not hasattr(first_lane(value), "__iter__"):
        raise TypeError(f"cannot unpack non-iterable {type_name(value)} object")
    return items_of(value, n)


def unpack_star(value: Any, before: int, after: int, n: int) -> list[Any]:
    """Elements before, the list of those between, elements after a starred target."""
    items = list(_unpackable(value, n))
    if len(items) < before + after:
        raise ValueError(f"not enough values to unpack (expected at least {before + after}, got {len(items)})")
    end = len(items) - after
    return [*items[:before], items[before:end], *items[end:]]
