"""F-strings and ``print`` over lanes: each number is formatted in its lane, everything else once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Any

from aspire_mjx.compiler.guards import guard_format
from aspire_mjx.compiler.lane_map import lane_map
from aspire_mjx.compiler.limits import MAX_TEXT, check_result, guard_tree, refuse_size
from aspire_mjx.compiler.output import printed
from aspire_mjx.compiler.values import Laned, columns, restack

_CONVERSIONS: dict[int, Callable[[Any], str]] = {ord("r"): repr, ord("s"): str, ord("a"): ascii}
_SIMPLE = frozenset({int, float, bool, str, type(None)})
_LONGEST_NUMBER = 2_000  #: characters of a formatted number: 309 digits and a width or precision of at most 1000


def formatted(parts: Sequence[Any], values: Sequence[Any], n: int) -> Any:
    """The text of an f-string over n lanes.

    Args:
        parts: texts, and ``(conversion, whether a format specification follows)`` for each value.
        values: the values in order, each followed by its format specification where it has one.
    """
    if _quick(values):
        rest = iter(values)
        pieces: list[str | list[str]] = []
        try:
            for part in parts:
                pieces.append(
                    part if isinstance(part, str) else _piece(next(rest), next(rest) if part[1] else "", part[0])
                )
        except Exception:  # lane by lane it is found out which lanes raise it
            return lane_map(lambda *row: _format(parts, row), values, n)
        return restack(["".join(row) for row in _rows(pieces, n)])
    return lane_map(lambda *row: _format(parts, row), values, n)


def lines(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> list[str]:
    """What ``print`` writes in each of n lanes."""
    sep, end = kwargs.get("sep"), kwargs.get("end")
    if _quick(args) and isinstance(sep, (str, type(None))) and isinstance(end, (str, type(None))):
        between, after = (" " if sep is None else sep), ("\n" if end is None else end)
        if len(between) * len(args) + len(after) < MAX_TEXT // 2:
            pieces = [_piece(value, "", ord("s")) for value in args]
            return [between.join(row) + after for row in _rows(pieces, n)]

    def line(sep: Any, end: Any, *values: Any) -> str:
        guard_tree(values)
        refuse_size("the text", len(sep or "") * len(values), MAX_TEXT)
        return check_result(printed(values, sep, end))

    return columns(lane_map(line, (sep, end, *args), n), n)


def _quick(values: Sequence[Any]) -> bool:
    """Whether values are numbers and short texts, and numbers among them differ between lanes."""
    numbers, length = False, 0
    for value in values:
        if type(value) is Laned:
            if value.array.ndim != 1:
                return False
            if value.array.dtype != object:
                numbers, length = True, length + _LONGEST_NUMBER
            elif type(value.array[0]) is str:
                length += max(map(len, value.array.tolist()))
            else:
                return False
        elif type(value) in _SIMPLE:
            length += len(value) if isinstance(value, str) else _LONGEST_NUMBER
        else:
            return False
    return numbers and length < MAX_TEXT // 2


def _piece(value: Any, spec: Any, conversion: int) -> str | list[str]:
    if not isinstance(spec, str):
        raise TypeError("a specification that differs between lanes")
    guard_format(spec)
    convert = _CONVERSIONS.get(conversion)
    if type(value) is not Laned:
        return format(value if convert is None else convert(value), spec)
    items = value.array.tolist() if value.python else list(value.array)
    if convert is not None:
        items = list(map(convert, items))
    return items if not spec and isinstance(items[0], str) else [format(item, spec) for item in items]


def _rows(pieces: Sequence[str | list[str]], n: int) -> Any:
    return zip(*(repeat(piece, n) if isinstance(piece, str) else piece for piece in pieces), strict=True)


def _format(parts: Sequence[Any], row: tuple[Any, ...]) -> str:
    guard_tree(row)
    texts, values, size = [], iter(row), 0
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        value = next(values)
        spec = next(values) if part[1] else ""
        guard_format(spec)
        text = format(_CONVERSIONS[part[0]](value) if part[0] in _CONVERSIONS else value, spec)
        size += len(text)
        refuse_size("the text", size, MAX_TEXT)
        texts.append(text)
    return check_result("".join(texts))
