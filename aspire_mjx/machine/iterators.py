"""Iteration: what loops go through, and the iterators that make their elements from those of others."""

from __future__ import annotations

from typing import Any

import numpy as np

from aspire_mjx.language.limits import check_result
from aspire_mjx.machine.indexing import item_of, items_of, subscript
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.values import (
    DictView,
    GeneratorValue,
    IteratorValue,
    Partition,
    Pipe,
    Signal,
    Varying,
    is_array,
    is_iterator,
)

Position = IteratorValue | Pipe | GeneratorValue


class Pull(Signal):
    """Let a map, filter or generator make its next element, or all of them; then execute again."""

    def __init__(self, pipe: Pipe | GeneratorValue, *, whole: bool) -> None:
        self.pipe = pipe
        self.whole = whole


def retreat(position: Position) -> None:
    """Undo the last advance, which gave an element."""
    position.index -= 1
    if isinstance(position, Pipe) and position.kind in ("zip", "enumerate"):
        for part in position.parts:
            retreat(part)


def pending(position: Position) -> Pipe | GeneratorValue | None:
    """The innermost map, filter or generator that has work to do before all elements of an iterator are there."""
    if type(position) is GeneratorValue:
        return None if position.ended else position
    if not isinstance(position, Pipe):
        return None
    inner = next((found for part in position.parts if (found := pending(part)) is not None), None)
    return inner or (position if position.kind in ("map", "filter") and not position.ended else None)


def iterator(value: Any, n: int) -> Position:
    """What a for loop goes through."""
    kind = type(value)
    if is_iterator(value):
        return value
    if kind in (list, tuple, str, range) or (kind in (np.ndarray, Ragged) and value.ndim) or is_array(value):
        return IteratorValue(value)
    if kind is DictView:
        return IteratorValue(list(value.source), value.source, value.kind)
    return IteratorValue(items_of(value, n), value if kind in (dict, set) else None)


def advance(position: Position, n: int) -> tuple[bool, Any]:
    """The next item of a loop, or (False, None) at its end."""
    if isinstance(position, Pipe):
        return _advance_pipe(position, n)
    if isinstance(position, GeneratorValue):
        return _advance_generator(position)
    source, index = position.source, position.index
    if position.watched is not None and len(position.watched) != position.size:
        what = "dictionary" if isinstance(position.watched, dict) else "Set"
        raise RuntimeError(f"{what} changed size during iteration")
    if type(source) is Ragged:
        more = source.counts > index
        if more.any() and not more.all():
            raise Partition(more)
        ended = not more.all()
    else:
        ended = index >= (source.array.shape[1] if type(source) is Varying else len(source))
    if ended:  # for good, even if what it went through grows
        position.source, position.watched = (), None
        return False, None
    item = subscript(source, index, n) if isinstance(source, Varying | Ragged) else source[index]
    if position.kind != "keys":
        found = item_of(position.watched, item)
        item = found if position.kind == "values" else (item, found)
    position.index = index + 1
    return True, item


def _advance_generator(generator: GeneratorValue) -> tuple[bool, Any]:
    if generator.index == len(generator.ready):
        if generator.ended:
            return False, None
        raise Pull(generator, whole=False)
    generator.index += 1
    return True, generator.ready[generator.index - 1]


def _advance_pipe(pipe: Pipe, n: int) -> tuple[bool, Any]:
    if pipe.kind in ("map", "filter"):
        if pipe.index == len(pipe.ready):
            if pipe.ended:
                return False, None
            raise Pull(pipe, whole=False)
        item = pipe.ready[pipe.index]
    else:
        row = _row(pipe, n)
        if row is None:
            return False, None
        item = (_number(pipe.start, pipe.index, n), row[0]) if pipe.kind == "enumerate" else tuple(row)
    pipe.index += 1
    return True, item


def _number(start: Any, index: int, n: int) -> Any:
    return start + index if type(start) is int else lane_map(lambda s: s + index, (start,), n)


def _row(pipe: Pipe, n: int) -> list[Any] | None:
    """One element of each part of a pipe; None when one of them has ended."""
    row: list[Any] = []
    try:
        for part in pipe.parts:
            more, item = advance(part, n)
            if not more:
                if pipe.strict:
                    _check_lengths(pipe, len(row), n)
                return None
            row.append(item)
    except Signal:
        for part in pipe.parts[: len(row)]:
            retreat(part)
        raise
    return row or None


def _check_lengths(pipe: Pipe, ended: int, n: int) -> None:
    """ValueError, as zip says it, when not all parts end where one has ended."""
    others = range(1, len(pipe.parts)) if ended == 0 else ()
    longer = next((i for i in others if advance(pipe.parts[i], n)[0]), None)
    if ended or longer is not None:
        place, what = (ended, "shorter") if longer is None else (longer, "longer")
        before = "argument 1" if place == 1 else f"arguments 1-{place}"
        raise ValueError(f"zip() argument {place + 1} is {what} than {before}")


def rows_to_call(pipe: Pipe, n: int, *, whole: bool) -> list[Any]:
    """The arguments for which a map or filter calls its function next, or all of them. Taken from its parts."""
    rows: list[tuple[Any, ...]] = []
    try:
        while not rows or whole:
            row = _row(pipe, n)
            if row is None:
                pipe.ended = True
                break
            rows.append(tuple(row))
            check_result(rows)
    except Signal:
        for part in pipe.parts * len(rows):
            retreat(part)
        raise
    return rows if pipe.kind == "map" else [row[0] for row in rows]


def drained(position: Position, n: int, most: int | None = None) -> list[Any]:
    """All elements that an iterator still has, or ``most`` of them. Taken from it, unless lanes must be split first."""
    source = pending(position) if most is None else None
    if source is not None:
        raise Pull(source, whole=True)
    items: list[Any] = []
    try:
        while most is None or len(items) < most:
            more, item = advance(position, n)
            if not more:
                break
            items.append(item)
            check_result(items)
    except Signal:
        for _ in items:
            retreat(position)
        raise
    return items
