"""JSON as programs have it: the text of a value and the value of a text, of bounded size and depth."""

from __future__ import annotations

import itertools
import json
from typing import Any

from aspire_mjx.language.limits import MAX_LEVELS, MAX_TEXT, check_result, guard_tree, refuse_size, tree_size

_WIDEST = 20  #: characters of an indent or a separator


def written(obj: Any, ensure_ascii: Any, allow_nan: Any, indent: Any, separators: Any, sort_keys: Any) -> str:
    """``json.dumps`` of a value that consists of what JSON has."""
    guard_tree(obj)
    for part in (indent, *(separators or ())):
        width = len(part) if isinstance(part, str) else int(part or 0)
        refuse_size("an indent or a separator", width, _WIDEST)
    refuse_size("the text", tree_size(obj), MAX_TEXT)
    encoder = json.JSONEncoder(
        ensure_ascii=bool(ensure_ascii),
        allow_nan=bool(allow_nan),
        indent=indent,
        separators=separators,
        sort_keys=bool(sort_keys),
    )
    parts, length = list[str](), 0
    for part in encoder.iterencode(obj):  # with an indent, many small ones
        parts.append(part)
        length += len(part)
        refuse_size("the text", length, MAX_TEXT)
    return "".join(parts)


def read(s: Any) -> Any:
    """``json.loads`` of a text.

    Raises:
        TypeError: it is no text.
        ValueError: it is no JSON, or nested too deeply.
    """
    if not isinstance(s, str):
        raise TypeError(f"the JSON object must be str, not {type(s).__name__}")
    steps = ({"[": 1, "{": 1, "]": -1, "}": -1}.get(character, 0) for character in s)
    if max(itertools.accumulate(steps), default=0) > MAX_LEVELS:
        raise ValueError(f"JSON nested more than {MAX_LEVELS} levels deep")
    try:
        return json.loads(s, parse_int=lambda digits: check_result(int(digits)))
    except json.JSONDecodeError as error:
        raise ValueError(str(error)) from None
