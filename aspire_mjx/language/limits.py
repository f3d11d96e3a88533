"""What a program may use: sizes of its text and of its values, instructions, memory, depth of calls.

What depends on the budgets of the program that runs is asked of :func:`limits`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_SOURCE = 65_536  #: characters of program text
MAX_NESTING = 80  #: levels of nested syntax
MAX_LEVELS = 200  #: levels of values nested in values
MAX_INT_BITS = 1_024  #: size of an integer
MAX_TEXT = 100_000  #: characters of a text
MAX_PRINTS = 20_000  #: characters of captured output kept for each lane
MAX_INSTRUCTION_COUNT = 20_000  #: instructions of a schedule
ATOMS = frozenset({float, int, bool, type(None)})  #: types whose values hold nothing and cost nothing
TOO_LARGE = "(too large to write out)"  #: in place of the text of an exception


@dataclass(frozen=True)
class ProgramLimits:
    """Budgets of one lane.

    Attributes:
        instructions: how many instructions a lane may execute. Work that takes longer counts as several: about one for
            each microsecond.
        memory: how many bytes its values may take. One array may take an eighth of it.
        looks: how often it may look through a camera.
        depth: how many calls of program functions may be nested.
    """

    instructions: int = 30_000_000
    memory: int = 256 << 20
    looks: int = 240
    depth: int = 100

    @classmethod
    def of_flags(cls, flags: Mapping[str, int]) -> ProgramLimits:
        """The budgets that flags name."""
        return cls(flags["max_instructions"], flags["max_memory"] << 20, flags["max_looks"])

    def as_flags(self) -> dict[str, int]:
        """The budgets by the names of the flags that set them, memory in MB."""
        return {"max_instructions": self.instructions, "max_memory": self.memory >> 20, "max_looks": self.looks}

    @property
    def first(self) -> int:
        """How many instructions a lane may execute before it looks or moves for the first time."""
        return max(self.instructions // 30, min(self.instructions, 1_000_000))

    @property
    def first_memory(self) -> int:
        """How many bytes its values may take before it looks or moves for the first time."""
        return max(self.memory * 3 // 8, min(self.memory, 96 << 20))

    @property
    def between(self) -> int:
        """The same between two looks or motions: enough to walk over every pixel of an image of 800x512."""
        return max(self.instructions // 2, min(self.instructions, 6_000_000))

    @property
    def elements(self) -> int:
        """How many elements an array may have, or a nested value when written out."""
        return self.memory // 64

    @property
    def items(self) -> int:
        """How many elements a list, tuple, dict or set may have."""
        return self.memory // 512


_USUAL = ProgramLimits()
_LIMITS: ContextVar[ProgramLimits] = ContextVar("limits of the program that runs", default=_USUAL)
limits = _LIMITS.get  #: those of the program that runs


@contextmanager
def limited(to: ProgramLimits) -> Iterator[None]:
    """What runs inside has these limits."""
    token = _LIMITS.set(to)
    try:
        yield
    finally:
        _LIMITS.reset(token)


class Compound:
    """A value of the machine that stands for elements of its own or holds other values."""

    __slots__ = ()

    def inside(self) -> tuple[int, Iterable[Any]]:
        """How many elements it has in one lane, and the values that it holds."""
        raise NotImplementedError


def refuse_size(what: str, size: float, limit: int) -> None:
    """Raise MemoryError (in the program) when something would be larger than allowed."""
    if size > limit:
        raise MemoryError(f"{what} would have {size:.6g} elements; a program may use at most {limit}")


def refuse_elements(what: str, size: float) -> None:
    """Raise MemoryError (in the program) when an array would be larger than its memory allows."""
    if size > limits().elements:
        raise _too_large(what, size, limits().elements)


def refuse_items(what: str, size: float) -> None:
    """Raise MemoryError (in the program) when a container would be larger than its memory allows."""
    if size > limits().items:
        raise _too_large(what, size, limits().items)


def _too_large(what: str, size: float, limit: int) -> MemoryError:
    memory = limits().memory >> 20
    return MemoryError(
        f"{what} would have {size:.6g} elements; at most {limit} with {memory} MB of memory (--max_memory raises it)"
    )


def check_result(value: Any) -> Any:
    """Refuse a value that is larger than a program may hold; returns it unchanged otherwise."""
    if isinstance(value, int):
        if value.bit_length() > MAX_INT_BITS:
            refuse_size("the integer (in bits)", value.bit_length(), MAX_INT_BITS)
    elif isinstance(value, str):
        refuse_size("the str", len(value), MAX_TEXT)
    elif isinstance(value, (list, tuple, dict, set)):
        refuse_items(f"the {type(value).__name__}", len(value))
    elif isinstance(value, np.ndarray):
        refuse_elements("the array", extent(value.shape))
        if value.dtype.kind not in "fiub":
            raise TypeError(f"arrays hold numbers, not {str(value.dtype)[:20]}")
    return value


def extent(shape: tuple[int, ...]) -> int:
    """How many elements an array of a shape has; an empty axis counts as one, as results may have its length."""
    return math.prod([max(axis, 1) for axis in shape])


def tree_size(value: Any) -> int:
    """How many elements a nested value has when written out (printed, compared, hashed), however much it shares."""
    return sum(tree_parts(value))


def tree_parts(value: Any) -> tuple[int, int]:
    """:func:`tree_size` in two parts: everything but the numbers of arrays, and those.

    Eight characters of text count as one. Counting stops a little above what is allowed, or below MAX_LEVELS levels.
    """
    size, numbers, level, most = 0, 0, [value], limits().elements
    for _ in range(MAX_LEVELS):
        size += len(level)
        below: list[Any] = []
        for item in level:
            kind = type(item)
            if kind in ATOMS:
                continue
            if kind is list or kind is tuple or kind is set:
                below.extend(item)
            elif kind is dict:
                below.extend(item)
                below.extend(item.values())
            elif isinstance(item, str):
                size += len(item) // 8
            elif isinstance(item, np.ndarray):
                numbers += item.size
            elif kind is range:
                size += max(0, (item.stop - item.start) // item.step)
            elif isinstance(item, BaseException):
                below.extend(item.args)
            elif isinstance(item, Compound):
                own, held = item.inside()
                numbers += own
                below.extend(held)
            if size + numbers + len(below) > most:
                return most + 1, 0
        if not below:
            return size, numbers
        level = below
    return most + 1, 0


def guarded_key(value: Any) -> Any:
    """A value that is to be hashed. MemoryError for one that is nested too deeply."""
    if isinstance(value, tuple):
        guard_tree(value)
    return value


def guard_tree(value: Any) -> None:
    """Refuse a nested value that is huge when written out."""
    if is_huge(value):
        raise MemoryError(
            f"a nested value written out would have more than {limits().elements} elements or {MAX_LEVELS} levels"
        )


def is_huge(value: Any) -> bool:
    """Whether a nested value is too large to be written out."""
    return tree_size(value) > limits().elements
