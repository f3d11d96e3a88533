"""Instructions that build, read, change and go through containers, and format text."""

from __future__ import annotations

from typing import Any

import numpy as np

from aspire_mjx.compiler.instruction_set import Op
from aspire_mjx.language.limits import check_result
from aspire_mjx.machine.builtins import keys_of
from aspire_mjx.machine.formatting import formatted
from aspire_mjx.machine.indexing import (
    delete,
    items_of,
    key_of,
    raise_partition,
    store,
    subscript,
    type_name,
    unpack,
    unpack_star,
)
from aspire_mjx.machine.instructions.arguments import elements_after_star
from aspire_mjx.machine.instructions.costs import values_in
from aspire_mjx.machine.instructions.handlers import handles, on_one, on_two
from aspire_mjx.machine.iterators import advance, iterator
from aspire_mjx.machine.methods import member
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.rules.ragged import lengths
from aspire_mjx.machine.strand import CallFrame, Strand
from aspire_mjx.machine.values import Varying


def _container(kind: str, items: list[Any], n: int) -> Any:
    match kind:
        case "list":
            return items
        case "tuple":
            return tuple(items)
        case "slice":
            return slice(*items)
        case "dict":
            return {}
    return keys_of(items, n)


@handles(Op.BUILD)
def _build(strand: Strand, frame: CallFrame, arg: tuple[str, int]) -> None:
    kind, count = arg
    first = len(frame.stack) - count
    frame.stack[first:] = [_container(kind, frame.stack[first:], strand.size)]


on_one(Op.BUILD_FROM, _container)


@handles(Op.APPEND)
def _append(strand: Strand, frame: CallFrame, arg: Any) -> None:
    item = frame.stack.pop()
    frame.stack[-1].append(item)
    check_result(frame.stack[-1])


@handles(Op.ADD)
def _add(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.stack[-2].update(keys_of([frame.stack[-1]], strand.size))
    frame.stack.pop()


@handles(Op.EXTEND, reads=-1)
def _extend(strand: Strand, frame: CallFrame, display: str | None) -> None:
    elements = items_of if display == "set" else elements_after_star
    frame.stack[-2].extend(list(elements(frame.stack[-1], strand.size)))
    check_result(frame.stack[-2])
    frame.stack.pop()


@handles(Op.INSERT)
def _insert(strand: Strand, frame: CallFrame, arg: Any) -> None:
    stack = frame.stack
    stack[-3][key_of(stack[-2], strand.size)] = stack[-1]
    del stack[-2:]


@handles(Op.MERGE)
def _merge(strand: Strand, frame: CallFrame, arg: Any) -> None:
    stack = frame.stack
    if type(stack[-1]) is not dict:
        raise TypeError(f"{type_name(stack[-1])!r} object is not a mapping")
    stack[-2].update(stack[-1])
    stack.pop()


@handles(Op.FSTRING)
def _fstring(strand: Strand, frame: CallFrame, parts: tuple[Any, ...]) -> None:
    stack = frame.stack
    first = len(stack) - values_in(parts)
    values = stack[first:]
    stack[first:] = [formatted(parts, values, strand.size)]


on_one(Op.MEMBER, lambda name, value, n: member(value, name, n))
on_one(Op.ITER, lambda _, value, n: iterator(value, n))
on_two(Op.SUBSCRIPT, lambda _, container, index, n: subscript(container, index, n))


def _assigned_to_slice(stack: list[Any], value_on_top: str | None) -> int | None:
    item, index = (-1, -2) if value_on_top else (-3, -1)
    return item if type(stack[index]) is slice else None


@handles(Op.STORE_SUBSCRIPT, reads=_assigned_to_slice)
def _store_subscript(strand: Strand, frame: CallFrame, value_on_top: str | None) -> None:
    stack = frame.stack
    item, container, index = (stack[-1], stack[-3], stack[-2]) if value_on_top else stack[-3:]
    store(container, index, item, strand.size)
    del stack[-3:]


@handles(Op.DELETE_SUBSCRIPT)
def _delete_subscript(strand: Strand, frame: CallFrame, arg: Any) -> None:
    delete(frame.stack[-2], frame.stack[-1], strand.size)
    del frame.stack[-2:]


@handles(Op.NEXT)
def _next(strand: Strand, frame: CallFrame, target: int) -> int | None:
    more, item = advance(frame.stack[-1], strand.size)
    if more:
        frame.stack.append(item)
        return None
    frame.stack.pop()
    return target


@handles(Op.IS_SEQUENCE)
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


@handles(Op.UNPACK, reads=-1, most=lambda count: count + 1)
def _unpack(strand: Strand, frame: CallFrame, count: int) -> None:
    items = unpack(frame.stack[-1], count, strand.size)
    frame.stack[-1:] = reversed(items)


@handles(Op.UNPACK_STAR, reads=-1)
def _unpack_star(strand: Strand, frame: CallFrame, arg: tuple[int, int]) -> None:
    items = unpack_star(frame.stack[-1], *arg, strand.size)
    frame.stack[-1:] = reversed(items)
