"""Instructions that build, read, change and go through containers, and format text."""

from __future__ import annotations

from typing import Any

import numpy as np

from aspire_mjx.language.limits import check_result
from aspire_mjx.machine.builtins import keys_of
from aspire_mjx.machine.formatting import formatted
from aspire_mjx.machine.indexing import (
    advance,
    delete,
    drained,
    items_of,
    iterator,
    key_of,
    raise_partition,
    store,
    subscript,
    type_name,
    unpack,
    unpack_star,
)
from aspire_mjx.machine.instructions.core import Handlers, charge, charge_tree, charge_writing, drain_top
from aspire_mjx.machine.iterators import is_iterator
from aspire_mjx.machine.methods import member
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.rules.ragged import lengths
from aspire_mjx.machine.strand import CallFrame, Strand
from aspire_mjx.machine.values import DictView, Varying, raised

HANDLERS = Handlers()


@HANDLERS.handles("BUILD")
def _build(strand: Strand, frame: CallFrame, arg: tuple[str, int]) -> None:
    kind, count = arg
    stack = frame.stack
    items = stack[len(stack) - count :]
    value: Any
    if kind == "list":
        value = items
    elif kind == "tuple":
        value = tuple(items)
    elif kind == "slice":
        value = slice(*items)
    elif kind == "dict":
        value = {}
    else:
        value = keys_of(items, strand.size)
    stack[len(stack) - count :] = [value]


@HANDLERS.handles("BUILD_FROM")
def _build_from(strand: Strand, frame: CallFrame, kind: str) -> None:
    items = frame.stack[-1]
    frame.stack[-1] = tuple(items) if kind == "tuple" else keys_of(items, strand.size) if kind == "set" else items


@HANDLERS.handles("APPEND")
def _append(strand: Strand, frame: CallFrame, arg: Any) -> None:
    item = frame.stack.pop()
    frame.stack[-1].append(item)
    check_result(frame.stack[-1])


@HANDLERS.handles("ADD")
def _add(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.stack[-2].update(keys_of([frame.stack[-1]], strand.size))
    frame.stack.pop()


@HANDLERS.handles("EXTEND")
def _extend(strand: Strand, frame: CallFrame, arg: Any) -> None:
    drain_top(strand, frame)
    charge(strand, frame.stack[-1])
    frame.stack[-2].extend(list(items_of(frame.stack[-1], strand.size)))
    check_result(frame.stack[-2])
    frame.stack.pop()


@HANDLERS.handles("INSERT")
def _insert(strand: Strand, frame: CallFrame, arg: Any) -> None:
    stack = frame.stack
    charge_tree(strand, stack[-2])
    try:
        stack[-3][key_of(stack[-2], strand.size)] = stack[-1]
    except TypeError as error:
        raise raised(error) from error
    del stack[-2:]


@HANDLERS.handles("INSERT_NEW")
def _insert_new(strand: Strand, frame: CallFrame, arg: Any) -> None:
    stack = frame.stack
    if stack[-2] in stack[-3]:
        raise raised(TypeError(f"got multiple values for keyword argument {stack[-2]!r}"))
    stack[-3][stack[-2]] = stack[-1]
    del stack[-2:]


@HANDLERS.handles("MERGE")
def _merge(strand: Strand, frame: CallFrame, arg: Any) -> None:
    stack = frame.stack
    if type(stack[-1]) is not dict:
        raise raised(TypeError(f"{type_name(stack[-1])!r} object is not a mapping"))
    charge(strand, stack[-1])
    stack[-2].update(stack[-1])
    stack.pop()


@HANDLERS.handles("MERGE_NEW")
def _merge_new(strand: Strand, frame: CallFrame, arg: Any) -> None:
    stack = frame.stack
    if type(stack[-1]) is not dict or not all(isinstance(key, str) for key in stack[-1]):
        raise raised(TypeError("argument after ** must be a dict with text keys"))
    twice = [key for key in stack[-1] if key in stack[-2]]
    if twice:
        raise raised(TypeError(f"got multiple values for keyword argument {twice[0]!r}"))
    _merge(strand, frame, arg)


@HANDLERS.handles("FSTRING")
def _fstring(strand: Strand, frame: CallFrame, parts: tuple[Any, ...]) -> None:
    stack = frame.stack
    count = sum(1 + part[1] for part in parts if not isinstance(part, str))
    values = stack[len(stack) - count :]
    charge_writing(strand, values)
    stack[len(stack) - count :] = [formatted(parts, values, strand.size)]


@HANDLERS.handles("MEMBER")
def _member(strand: Strand, frame: CallFrame, name: str) -> None:
    frame.stack[-1] = member(frame.stack[-1], name, strand.size)


@HANDLERS.handles("SUBSCRIPT")
def _subscript(strand: Strand, frame: CallFrame, arg: Any) -> None:
    stack = frame.stack
    charge_tree(strand, stack[-1], simple=True)
    value = subscript(stack[-2], stack[-1], strand.size)
    charge(strand, value, simple=True)
    stack[-2:] = [value]


@HANDLERS.handles("STORE_SUBSCRIPT")
def _store_subscript(strand: Strand, frame: CallFrame, value_on_top: str | None) -> None:
    stack = frame.stack
    place = -1 if value_on_top else -3
    if is_iterator(stack[place]) and type(stack[-2 if value_on_top else -1]) is slice:
        stack[place] = drained(stack[place], strand.size)
    item, value, index = (stack[-1], stack[-3], stack[-2]) if value_on_top else stack[-3:]
    charge_tree(strand, index)
    if type(index) is slice:
        charge(strand, value)
        charge(strand, item)
    store(value, index, item, strand.size)
    del stack[-3:]


@HANDLERS.handles("DELETE_SUBSCRIPT")
def _delete_subscript(strand: Strand, frame: CallFrame, arg: Any) -> None:
    delete(frame.stack[-2], frame.stack[-1], strand.size)
    del frame.stack[-2:]


@HANDLERS.handles("ITER")
def _iter(strand: Strand, frame: CallFrame, arg: Any) -> None:
    if type(frame.stack[-1]) in (dict, set, DictView, str):
        charge(strand, frame.stack[-1])
    frame.stack[-1] = iterator(frame.stack[-1], strand.size)


@HANDLERS.handles("NEXT")
def _next(strand: Strand, frame: CallFrame, target: int) -> int | None:
    more, item = advance(frame.stack[-1], strand.size)
    if more:
        frame.stack.append(item)
        return None
    frame.stack.pop()
    return target


@HANDLERS.handles("IS_SEQUENCE")
def _is_sequence(strand: Strand, frame: CallFrame, arg: tuple[int, bool]) -> None:
    count, more = arg
    length = _sequence_length(frame.stack[-1], strand.size)
    frame.stack[-1] = length is not None and (length >= count if more else length == count)


def _arrays_match() -> bool:
    """Whether numpy's arrays match sequence patterns, as they do in later versions."""
    match np.zeros(1):
        case [_]:
            return True
    return False


_ARRAYS_MATCH = _arrays_match()


def _sequence_length(value: Any, n: int) -> int | None:
    """The length of what a sequence pattern may match; None for anything else."""
    if isinstance(value, (list, tuple, range)):
        return len(value)
    if _ARRAYS_MATCH and type(value) is np.ndarray:
        return len(value)
    if _ARRAYS_MATCH and type(value) is Varying and not value.python and value.array.ndim > 1:
        return value.array.shape[1]
    if _ARRAYS_MATCH and type(value) is Ragged:
        raise_partition(lengths(value), n)
        return int(value.counts[0])
    return None


@HANDLERS.handles("UNPACK")
def _unpack(strand: Strand, frame: CallFrame, count: int) -> None:
    drain_top(strand, frame)
    items = unpack(frame.stack[-1], count, strand.size)
    frame.stack[-1:] = reversed(items)


@HANDLERS.handles("UNPACK_STAR")
def _unpack_star(strand: Strand, frame: CallFrame, arg: tuple[int, int]) -> None:
    drain_top(strand, frame)
    charge(strand, frame.stack[-1])
    items = unpack_star(frame.stack[-1], *arg, strand.size)
    frame.stack[-1:] = reversed(items)
