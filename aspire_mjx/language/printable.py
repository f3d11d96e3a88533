"""The text of a program as it is shown to a person or an agent."""

from __future__ import annotations

from aspire_mjx.printable import printable

__all__ = ["printable", "source_lines"]


def source_lines(text: str) -> list[str]:
    """The lines of a program's text, to be shown."""
    return [printable(line) for line in text.splitlines()]
