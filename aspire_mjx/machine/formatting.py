"""F-strings and ``print`` over lanes: each number is formatted in its lane, everything else once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from aspire_mjx.language.guards import guard_format
from aspire_mjx.language.limits import MAX_TEXT, check_result, guard_tree, refuse_size, tree_size
from aspire_mjx.language.types import shown
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.output import printed
from aspire_mjx.machine.results_view import texts
from aspire_mjx.machine.values import Varying

_CONVERSIONS: dict[int, Callable[[Any], str]] = {ord("r"): repr, ord("s"): str, ord("a"): ascii}
_SIMPLE = frozenset({int, float, bool, str, type(None)})
_CONTAINERS = frozenset({list, tuple, dict})
_LARGEST = 1_000  #: elements of what a template is made for
_LONGEST_CHARACTER = 10  #: characters that stand for one, as in '\\U0001f600'
_LONGEST_NUMBER = 2_000  #: characters of a formatted number: 309 digits and a width or precision of at most 1000


def formatted(parts: Sequence[Any], values: Sequence[Any], n: int) -> Any:
    """The text of an f-string over n lanes.

    Args:
        parts: texts, and ``(conversion, whether a format specification follows)`` for each value.
        values: the values in order, each followed by its format specification where it has one.
        n: the number of lanes.
    """

    def many(values: Sequence[Any], n: int) -> Varying | None:
        if not _quick(values):
            return None
        rest, written, columns = iter(values), "", []
        try:
            for part in parts:
                if isinstance(part, str):
                    written += _escaped(part)
                else:
                    written += _written(next(rest), next(rest) if part[1] else "", part[0], columns)
            return _texts(written, columns)
        except Exception:  # lane by lane it is found out which lanes raise it
            return None

    return lane_map(lambda *row: _format(parts, row), values, n, many=many)


def lines(given: Sequence[Any], n: int) -> Any:
    """What ``print`` writes over n lanes, given ``sep``, ``end`` and the values."""

    def line(sep: Any, end: Any, *values: Any) -> str:
        guard_tree(values)
        refuse_size("the text", (len(sep) if isinstance(sep, str) else 0) * len(values), MAX_TEXT)
        return check_result(printed(map(shown, values), sep, end))

    def many(given: Sequence[Any], n: int) -> Varying | None:
        between, after = (" " if given[0] is None else given[0]), ("\n" if given[1] is None else given[1])
        values = given[2:]
        if not (isinstance(between, str) and isinstance(after, str) and _quick(values)):
            return None
        if len(between) * len(values) + len(after) > MAX_TEXT // 2:
            return None
        columns: list[list[Any]] = []
        written = _escaped(between).join([_written(value, "", ord("s"), columns) for value in values])
        return _texts(written + _escaped(after), columns)

    return lane_map(line, given, n, many=many)


def _quick(values: Sequence[Any]) -> bool:
    """Whether a template can hold values: numbers, texts, and lists, tuples and dicts of them, all short together."""
    return tree_size(values) <= _LARGEST and sum(map(_longest, values)) < MAX_TEXT // 2


def _longest(value: Any) -> float:
    """The most characters that a value is written with; infinite when no template can hold it."""
    kind = type(value)
    if kind in _CONTAINERS:
        return 2 + sum([2 + _longest(item) for item in (*value, *(value.values() if kind is dict else ()))])
    if kind is Varying and value.array.ndim == 1:
        if value.array.dtype != object:
            return _LONGEST_NUMBER
        return _LONGEST_CHARACTER * max(map(len, value.array.tolist())) if type(value.array[0]) is str else math.inf
    if kind is str:
        return _LONGEST_CHARACTER * len(value)
    return _LONGEST_NUMBER if kind in _SIMPLE else math.inf


def _written(value: Any, spec: Any, conversion: int, columns: list[list[Any]]) -> str:
    """The part of a template that writes a value; what differs between lanes is added to the columns."""
    if not isinstance(spec, str) or "{" in spec or "}" in spec:
        raise TypeError("a specification that no template can hold")
    guard_format(spec)
    if type(value) in _CONTAINERS and not spec and conversion != ord("a"):
        return _listed(value, columns)
    if type(value) is not Varying:
        convert = _CONVERSIONS.get(conversion)
        return _escaped(format(value if convert is None else convert(value), spec))
    columns.append(value.array.tolist() if value.python else list(value.array))
    return "{" + (f"!{chr(conversion)}" if conversion in _CONVERSIONS else "") + f":{spec}}}"


def _listed(value: Any, columns: list[list[Any]]) -> str:
    """The part of a template that writes a value inside a container, or a container."""
    if type(value) not in _CONTAINERS:
        return _written(value, "", ord("r"), columns)
    items = [_listed(item, columns) for item in (value.values() if type(value) is dict else value)]
    if type(value) is dict:
        pairs = zip(value, items, strict=True)
        return "{{" + ", ".join([f"{_escaped(repr(key))}: {item}" for key, item in pairs]) + "}}"
    inner = ", ".join(items)
    return f"[{inner}]" if type(value) is list else f"({inner},)" if len(items) == 1 else f"({inner})"


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _texts(template: str, columns: list[list[Any]]) -> Varying:
    """The texts of all lanes: one call a lane."""
    return texts(list(map(template.format, *columns)))


def _format(parts: Sequence[Any], row: tuple[Any, ...]) -> str:
    guard_tree(row)
    pieces, values, size = [], iter(row), 0
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        value = shown(next(values))
        spec = next(values) if part[1] else ""
        guard_format(spec)
        text = format(_CONVERSIONS[part[0]](value) if part[0] in _CONVERSIONS else value, spec)
        size += len(text)
        refuse_size("the text", size, MAX_TEXT)
        pieces.append(text)
    return check_result("".join(pieces))
