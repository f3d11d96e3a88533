"""How a rollout ended, and what it printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from aspire_mjx.compiler.limits import MAX_PRINTS


def printed(parts: Iterable[object], sep: object = None, end: object = None) -> str:
    """What ``print`` writes."""
    for name, value in (("sep", sep), ("end", end)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{name} must be None or a string, not {type(value).__name__}")
    return (" " if sep is None else str(sep)).join(map(str, parts)) + ("\n" if end is None else str(end))


class Outcome(IntEnum):
    """How a program ended in one lane. The integer is the code in trace files; never renumber."""

    DONE = 0  #: it ran to its end
    PROGRAM_ERROR = 1  #: an exception that the program did not catch
    OUT_OF_STEPS = 2  #: the episode's control steps ran out
    OUT_OF_INSTRUCTIONS = 3  #: it executed more instructions than allowed: an endless loop, most likely
    DIVERGED = 4  #: the physics of its world became non-finite


class LaneEnd(NamedTuple):
    """The end of one lane: why, at which source line (0 for DONE), with which message, and all it printed."""

    lane: int
    outcome: Outcome
    line: int
    message: str
    prints: str


@dataclass
class Output:
    """Text printed by one lane, cut off at MAX_PRINTS characters."""

    parts: list[str] = field(default_factory=list)
    size: int = 0

    def write(self, text: str) -> None:
        """Append text, as far as there is room."""
        if self.size < MAX_PRINTS:
            room = MAX_PRINTS - self.size
            self.parts.append(text if len(text) <= room else text[:room] + "[...]\n")
        self.size += len(text)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.parts)
