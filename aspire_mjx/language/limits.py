"""What a program may use: sizes of its text and of its values, instructions, depth of calls."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_SOURCE = 65_536  #: characters of program text
MAX_NESTING = 80  #: levels of nested syntax
MAX_LEVELS = 200  #: levels of values nested in values
MAX_INT_BITS = 1_024  #: size of an integer
MAX_ITEMS = 100_000  #: elements of an array, list, tuple, dict or set
MAX_TEXT = 100_000  #: characters of a text
MAX_PRINTS = 20_000  #: characters of captured output kept for each lane
MAX_INSTRUCTION_COUNT = 20_000  #: instructions of a schedule
_ATOMS = frozenset({float, int, bool, type(None)})
TOO_LARGE = "(too large to write out)"  #: in place of the text of an exception


@dataclass(frozen=True)
class ProgramLimits:
    """Budgets of one lane.

    Attributes:
        instructions: how many instructions a lane may execute; work on large values counts as several.
        depth: how many calls of program functions may be nested.
    """

    instructions: int = 200_000
    depth: int = 100


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


def check_result(value: Any) -> Any:
    """Refuse a value that is larger than a program may hold; returns it unchanged otherwise."""
    if isinstance(value, int):
        if value.bit_length() > MAX_INT_BITS:
            refuse_size("the integer (in bits)", value.bit_length(), MAX_INT_BITS)
    elif isinstance(value, (str, list, tuple, dict, set)):
        refuse_size(f"the {type(value).__name__}", len(value), MAX_TEXT if isinstance(value, str) else MAX_ITEMS)
    elif isinstance(value, np.ndarray):
        refuse_size("the array", extent(value.shape), MAX_ITEMS)
        if value.dtype.kind not in "fiub":
            raise TypeError(f"arrays hold numbers, not {value.dtype.name[:20]}")
    return value


def extent(shape: tuple[int, ...]) -> int:
    """How many elements an array of a shape has; an empty axis counts as one, as results may have its length."""
    return math.prod([max(axis, 1) for axis in shape])


def requested(shape: Any) -> float:
    """How many elements an array of a shape that a program asks for would have; an axis counts as at least one."""
    return float(np.prod(np.maximum(np.asarray(shape, dtype=float), 1.0)))


def tree_size(value: Any) -> int:
    """How many elements a nested value has when written out (printed, compared, hashed), however much it shares.

    Eight characters of text count as one. Counting stops a little above MAX_ITEMS, or below MAX_LEVELS levels.
    """
    size, level = 0, [value]
    for _ in range(MAX_LEVELS):
        size += len(level)
        below: list[Any] = []
        for item in level:
            kind = type(item)
            if kind in _ATOMS:
                continue
            if kind is list or kind is tuple or kind is set:
                below.extend(item)
            elif kind is dict:
                below.extend(item)
                below.extend(item.values())
            elif isinstance(item, str):
                size += len(item) // 8
            elif isinstance(item, np.ndarray):
                size += item.size
            elif kind is range:
                size += max(0, (item.stop - item.start) // item.step)
            elif isinstance(item, BaseException):
                below.extend(item.args)
            elif isinstance(item, Compound):
                own, held = item.inside()
                size += own
                below.extend(held)
            if size + len(below) > MAX_ITEMS:
                return MAX_ITEMS + 1
        if not below:
            return size
        level = below
    return MAX_ITEMS + 1


def guarded_key(value: Any) -> Any:
    """A value that is to be hashed. MemoryError for one that is nested too deeply."""
    if isinstance(value, tuple):
        guard_tree(value)
    return value


def guard_tree(value: Any) -> None:
    """Refuse a nested value that is huge when written out."""
    if tree_size(value) > MAX_ITEMS:
        raise MemoryError(
            f"a nested value written out would have more than {MAX_ITEMS} elements or {MAX_LEVELS} levels"
        )
