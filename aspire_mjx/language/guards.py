"""Refuses operations on plain values whose result or whose work would be huge, before they are computed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from aspire_mjx.language.calls import CALLS
from aspire_mjx.language.limits import (
    MAX_INT_BITS,
    MAX_TEXT,
    extent,
    guard_tree,
    refuse_elements,
    refuse_items,
    refuse_size,
    tree_size,
)
from aspire_mjx.language.needs import plain, widest

_FIELD = re.compile(r"[#0\- +]*(\*|\d*)(?:\.(\*|\d*))?[hlL]?.?", re.DOTALL)
_NUMBER = re.compile(r"\d+")
_COMPARISONS = 10_000_000  #: of characters in one call, or, ten times as many, of elements
_DIGITS = 1_000  #: decimal places

# arrays ---------------------------------------------------------------------------------------------------------------


def guard_broadcast(*arrays: Any) -> None:
    """Refuse arrays whose shapes broadcast to something huge. Shapes that do not fit are numpy's to refuse."""
    size = widest(*arrays)
    if size > 64:
        refuse_elements("the result", size)


def guard_index(array: np.ndarray, index: Any) -> None:
    """Refuse an index with lists or arrays that picks more elements than a program may hold."""
    parts = index if isinstance(index, tuple) else (index,)
    if not any(isinstance(part, (list, np.ndarray)) for part in parts):
        return
    shapes: list[tuple[int, ...]] = []
    lengths: list[int] = []
    axis = 0
    try:
        taken = sum(_axes(part) for part in parts if part is not Ellipsis)
        for part in parts:
            if part is Ellipsis:
                lengths += array.shape[axis : axis + array.ndim - taken]
                axis += array.ndim - taken
                continue
            if isinstance(part, slice):
                lengths += array.shape[axis : axis + 1]
            elif isinstance(part, (list, np.ndarray)):
                where = np.asarray(part)
                shapes.append((int(where.sum()),) if where.dtype == np.bool_ else where.shape)
            axis += _axes(part)
        picked = extent(np.broadcast_shapes(*shapes))
    except (ValueError, TypeError):
        return  # numpy says what is wrong
    refuse_elements("the result", picked * extent((*lengths, *array.shape[axis:])))


def _axes(part: Any) -> int:
    """How many axes of an array one part of an index stands for."""
    if part is None:
        return 0
    if isinstance(part, (list, np.ndarray)):
        where = np.asarray(part)
        return where.ndim if where.dtype == np.bool_ else 1
    return 1


def guard_array_method(array: Any, name: str, args: Sequence[Any], keywords: Mapping[str, Any]) -> None:
    """Refuse a method of an array whose result or work would be huge, or that would write into its arguments."""
    guard_tree(args)
    CALLS["array"][name].check(args, keywords, receiver=array)


def guard_comparison(a: Any, b: Any) -> None:
    """Refuse the comparison of values that are huge, or whose arrays would broadcast to something huge."""
    containers = (list, tuple, dict, set)
    nested = isinstance(a, containers) or isinstance(b, containers)
    if nested:
        guard_tree(a)
        guard_tree(b)
        if _holds_array(a) or _holds_array(b):
            refuse_size("the comparison", tree_size(a) * tree_size(b), 10 * _COMPARISONS)
    elif isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        guard_broadcast(a, b)


def _holds_array(value: Any) -> bool:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, np.ndarray):
            return True
        if isinstance(item, (list, tuple)):
            pending.extend(item)
        elif isinstance(item, dict):
            pending.extend(item.values())
    return False


# operators ------------------------------------------------------------------------------------------------------------


def guard_arithmetic(name: str, a: Any, b: Any) -> None:
    """Refuse an operation on plain values whose result would be huge."""
    if name in ("*", "**", "<<", "%", "+"):
        _guard_scalars(name, a, b)
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        if name == "@":
            CALLS["np"]["matmul"].check((a, b), {})
        else:
            guard_broadcast(a, b)


def _guard_scalars(name: str, a: Any, b: Any) -> None:
    fixed = isinstance(a, np.generic) and isinstance(b, np.generic)  # of fixed width
    a, b = plain(a), plain(b)
    whole = isinstance(a, int) and isinstance(b, int) and not fixed
    if name == "*":
        for sequence, times in ((a, b), (b, a)):
            if isinstance(sequence, (str, list, tuple)) and isinstance(times, int):
                refuse_items("the repeated sequence", len(sequence) * max(0, times))
        if whole:
            refuse_size("the integer (in bits)", a.bit_length() + b.bit_length() - 1, MAX_INT_BITS)
    elif name == "**" and whole and b > 0:
        refuse_size("the integer (in bits)", max(0, a.bit_length() - 1) * b, MAX_INT_BITS)
    elif name == "<<" and whole:
        refuse_size("the integer (in bits)", a.bit_length() + b, MAX_INT_BITS)
    elif name == "%" and isinstance(a, str):
        _guard_percent(a, b)
    elif name == "+" and isinstance(a, (str, list, tuple)) and isinstance(b, (str, list, tuple)):
        refuse_items("the joined sequence", len(a) + len(b))


def _guard_percent(template: str, values: Any) -> None:
    fields = list(_fields(template))
    for width, precision in fields:
        guard_format(width)
        guard_format(precision or "")
    guard_tree(values)
    once = isinstance(values, tuple)
    written = sum(map(_written, values)) if once else _written(values) * (len(fields) if fields else 1)
    refuse_size("the text", len(template) + written, MAX_TEXT * 10)


def _fields(template: str) -> Iterator[tuple[str, str | None]]:
    """Width and precision of every field of a template, read as Python reads them: names may hold parentheses."""
    at = template.find("%") + 1
    while at:
        depth = 0
        while at < len(template) and (depth or template[at] == "("):
            depth += {"(": 1, ")": -1}.get(template[at], 0)
            at += 1
        field = _FIELD.match(template, at)
        assert field is not None
        yield field[1], field[2]
        at = template.find("%", field.end()) + 1


def _written(value: Any) -> int:
    return len(value) if isinstance(value, str) else 0 if isinstance(value, (int, float)) else 8 * tree_size(value)


def guard_round(digits: Any) -> None:
    """Refuse rounding to more decimal places than any number has: Python would compute that power of ten."""
    digits = plain(digits)
    if isinstance(digits, int) and abs(digits) > _DIGITS:
        raise ValueError(f"round() to {digits:.6g} decimal places; at most {_DIGITS}")


# text -----------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)  # the same few are checked for every lane
def guard_format(spec: str) -> None:
    """Refuse a format specification that asks for a huge width or precision."""
    if spec == "*":
        raise ValueError("a width given by * is not supported in % formatting; write the number")
    for number in _NUMBER.findall(spec):
        if len(number) > 4 or int(number) > 1_000:
            raise ValueError(f"format width or precision {number[:12]} is larger than 1000")


def guard_search(text: str, pattern: Any) -> None:
    """Refuse to look for a long text in another: in the worst case every character is compared with every other."""
    if isinstance(pattern, str) and len(pattern) > 8:
        refuse_size("the search (in comparisons)", len(text) * len(pattern), _COMPARISONS)


def guard_method(text: str, name: str, args: Sequence[Any]) -> None:
    """Refuse a method of a text whose result or work would be huge."""
    args = [plain(a) for a in args]
    if name in ("ljust", "rjust", "center", "zfill"):
        if args and isinstance(args[0], int):
            refuse_size("the text", args[0], MAX_TEXT)
    elif name == "replace":
        if len(args) > 1 and isinstance(args[0], str) and isinstance(args[1], str):
            guard_search(text, args[0])
            places = len(text) // len(args[0]) if args[0] else len(text) + 1
            refuse_size("the text", len(text) + places * len(args[1]), MAX_TEXT * 10)
    elif name == "join":
        if args and isinstance(args[0], (list, tuple)):
            refuse_size("the text", sum(len(s) + len(text) for s in args[0] if isinstance(s, str)), MAX_TEXT)
    elif name == "format":
        guard_tree(tuple(args))
        refuse_size("the text", len(text) + text.count("{") * max(map(_written, args), default=0), MAX_TEXT * 10)
    elif name in ("startswith", "endswith"):
        guard_tree(tuple(args))
    else:
        for pattern in args:
            guard_search(text, pattern)
