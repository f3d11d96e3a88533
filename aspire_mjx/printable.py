"""Text from programs as it is shown on a terminal, in a page, or to an agent."""

from __future__ import annotations

import re

#: what moves a cursor, changes colours or the direction of writing, or ends a line unseen; tabs and line ends may stay
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""The text with its control characters written out, such as ``\x1b``."""
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)


def source_lines(text: str) -> list[str]:
    """The lines of a program's text, to be shown."""
    return [printable(line) for line in text.splitlines()]
