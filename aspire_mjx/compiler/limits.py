"""What a program may use: sizes of its text and of its values, instructions, depth of calls."""

from __future__ import annotations

import re
from collections.abc import Sized
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

MAX_SOURCE = 65_536  #: characters of program text
MAX_NESTING = 80  #: levels of nested syntax
MAX_INT_BITS = 1_024  #: size of an integer
MAX_ITEMS = 100_000  #: elements of an array, list, tuple, dict or set
MAX_TEXT = 100_000  #: characters of a text
MAX_PRINTS = 20_000  #: characters of captured output kept for each lane
MAX_INSTRUCTION_COUNT = 20_000  #: instructions of a schedule
_PERCENT = re.compile(r"%(?:\([^)]*\))?[#0\- +]*(\*|\d*)(?:\.(\*|\d*))?")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Limits:
    """Budgets of one lane.

    Attributes:
        instructions: how many instructions a lane may execute; work on large values counts as several.
        depth: how many calls of program functions may be nested.
    """

    instructions: int = 200_000
    depth: int = 100


def refuse_size(what: str, size: float, limit: int) -> None:
    """Raise MemoryError (in the program) when something would be larger than allowed."""
    if size > limit:
        raise MemoryError(f"{what} would have {size:.6g} elements; a program may use at most {limit}")


def guard_arithmetic(name: str, a: Any, b: Any) -> None:
    """Refuse an operation on plain values whose result would be huge, before it is computed."""
    if name in ("*", "**", "<<", "%", "+"):
        _guard_scalars(name, a, b)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if name == "@":
            refuse_size("the product", a.size / max(1, a.shape[-1] if a.ndim else 1) * b.size, MAX_ITEMS * 100)
        elif a.ndim and b.ndim and a.size > 1 and b.size > 1 and a.size * b.size > MAX_ITEMS:
            refuse_size("the result", float(np.prod(np.broadcast_shapes(a.shape, b.shape), dtype=float)), MAX_ITEMS)


def _guard_scalars(name: str, a: Any, b: Any) -> None:
    if name == "*":
        for sequence, times in ((a, b), (b, a)):
            if isinstance(sequence, (str, list, tuple)) and isinstance(times, (int, np.integer)):
                refuse_size("the repeated sequence", len(sequence) * max(0, int(times)), MAX_ITEMS)
        if isinstance(a, int) and isinstance(b, int):
            refuse_size("the integer (in bits)", a.bit_length() + b.bit_length() - 1, MAX_INT_BITS)
    elif name == "**" and isinstance(a, int) and isinstance(b, int) and b > 0:
        refuse_size("the integer (in bits)", max(0, a.bit_length() - 1) * b, MAX_INT_BITS)
    elif name == "<<" and isinstance(a, int) and isinstance(b, int):
        refuse_size("the integer (in bits)", a.bit_length() + b, MAX_INT_BITS)
    elif name == "%" and isinstance(a, str):
        for width, precision in _PERCENT.findall(a):
            guard_format(width)
            guard_format(precision)
    elif name == "+" and isinstance(a, (str, list, tuple)) and isinstance(b, Sized):
        refuse_size("the joined sequence", len(a) + len(b), MAX_ITEMS)


@lru_cache(maxsize=256)  # the same few are checked for every lane
def guard_format(spec: str) -> None:
    """Refuse a format specification that asks for a huge width or precision."""
    if spec == "*":
        raise ValueError("a width given by * is not supported in % formatting; write the number")
    for number in _NUMBER.findall(spec):
        if len(number) > 4 or int(number) > 1_000:
            raise ValueError(f"format width or precision {number[:12]} is larger than 1000")


def check_result(value: Any) -> Any:
    """Refuse a value that is larger than a program may hold; returns it unchanged otherwise."""
    if isinstance(value, int):
        if value.bit_length() > MAX_INT_BITS:
            refuse_size("the integer (in bits)", value.bit_length(), MAX_INT_BITS)
    elif isinstance(value, (str, list, tuple, dict, set)):
        refuse_size(f"the {type(value).__name__}", len(value), MAX_TEXT if isinstance(value, str) else MAX_ITEMS)
    elif isinstance(value, np.ndarray):
        refuse_size("the array", value.size, MAX_ITEMS)
        if value.dtype.kind not in "fiub":
            raise TypeError(f"arrays hold numbers, not {value.dtype}")
    return value


def tree_size(value: Any) -> int:
    """How many elements a nested value has when written out (printed, compared, hashed), however much it shares.

    Eight characters of text count as one. Counting stops a little above MAX_ITEMS.
    """
    size, pending = 0, [value]
    while pending and size <= MAX_ITEMS:
        item = pending.pop()
        size += 1
        if isinstance(item, (list, tuple, set, dict)):
            if len(item) + len(pending) > MAX_ITEMS:
                return MAX_ITEMS + 1
            pending.extend(item.values() if isinstance(item, dict) else item)
        elif isinstance(item, str):
            size += len(item) // 8
        elif isinstance(item, np.ndarray):
            size += item.size
    return size


def guard_tree(value: Any) -> None:
    """Refuse a nested value that is huge when written out."""
    if tree_size(value) > MAX_ITEMS:
        raise MemoryError(f"a nested value written out would have more than {MAX_ITEMS} elements")
