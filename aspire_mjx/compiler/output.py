"""How a rollout ended, and what it printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

import numpy as np

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


def kept(text: str, size: int) -> str:
    """What is kept of a text by a lane that has printed ``size`` characters: at most MAX_PRINTS in all."""
    room = MAX_PRINTS - size
    return text if len(text) <= room else text[:room] + "[...]\n" if room > 0 else ""


@dataclass
class Output:
    """Text printed by one program, cut off at MAX_PRINTS characters."""

    parts: list[str] = field(default_factory=list)
    size: int = 0

    def write(self, text: str) -> None:
        """Append text, as far as there is room."""
        self.parts.append(kept(text, self.size))
        self.size += len(text)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.parts)


class Prints:
    """What lanes have printed, each cut off as ``Output`` is: columns indexed by lane, so that a line costs no loop."""

    def __init__(self) -> None:
        self._text = np.empty(0, dtype=object)
        self._size = np.zeros(0, dtype=np.int64)

    def write(self, lanes: np.ndarray, texts: list[str]) -> None:
        """Append one text in each of ``[N]`` lanes."""
        missing = int(lanes.max()) + 1 - len(self._text)
        if missing > 0:
            self._text = np.append(self._text, np.full(missing, "", dtype=object))
            self._size = np.append(self._size, np.zeros(missing, dtype=np.int64))
        size = self._size[lanes]
        after = size + np.fromiter(map(len, texts), np.int64, len(texts))
        if after.max() > MAX_PRINTS:
            texts = list(map(kept, texts, size.tolist()))
        column = np.empty(len(texts), dtype=object)
        column[:] = texts
        self._text[lanes] += column
        self._size[lanes] = after

    def take(self, lanes: np.ndarray) -> list[str]:
        """What lanes have printed; they start anew."""
        silent = lanes >= len(self._text)
        known = lanes[~silent]
        texts = np.full(len(lanes), "", dtype=object)
        texts[~silent] = self._text[known]
        self._text[known], self._size[known] = "", 0
        return texts.tolist()
