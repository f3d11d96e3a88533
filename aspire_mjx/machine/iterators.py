"""Iterators that make their elements from those of others: zip, enumerate, map and filter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aspire_mjx.machine.values import Holder, IteratorValue, Signal


@dataclass(eq=False, slots=True)
class Pipe(Holder):
    """An iterator over other iterators. It is lazy, as in Python: nothing is read or called before it is needed.

    Attributes:
        kind: the built-in function that made it: "zip", "enumerate", "map" or "filter".
        parts: the iterators it reads, :class:`IteratorValue` or Pipe.
        function: what map and filter call.
        start: the first number of enumerate.
        strict: whether zip demands equal lengths.
        ready: the elements that map and filter have made so far.
        index: how many elements were taken.
        ended: whether map or filter have read all of their parts.
    """

    kind: str
    parts: list[Any]
    function: Any = None
    start: Any = 0
    strict: bool = False
    ready: list[Any] = field(default_factory=list)
    index: int = 0
    ended: bool = False
    holds = ("parts", "function", "start", "ready")

    def __repr__(self) -> str:
        """As programs print it."""
        return f"<{self.kind} object>"


class Pull(Signal):
    """Call the function of a map or filter for its next element, or for all of them; then execute again."""

    def __init__(self, pipe: Pipe, *, whole: bool) -> None:
        """The map or filter, and whether it is read to its end."""
        self.pipe = pipe
        self.whole = whole


def is_iterator(value: Any) -> bool:
    """Whether a value is an iterator: next() takes its elements, which are gone then."""
    return type(value) is Pipe or type(value) is IteratorValue


def retreat(position: Pipe | IteratorValue) -> None:
    """Undo the last advance, which gave an element."""
    position.index -= 1
    if isinstance(position, Pipe) and position.kind in ("zip", "enumerate"):
        for part in position.parts:
            retreat(part)


def pending(position: Pipe | IteratorValue) -> Pipe | None:
    """The innermost map or filter that has calls to make before all elements of an iterator are there."""
    if not isinstance(position, Pipe):
        return None
    inner = next((found for part in position.parts if (found := pending(part)) is not None), None)
    return inner or (position if position.kind in ("map", "filter") and not position.ended else None)
