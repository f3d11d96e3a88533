"""How a rollout ended, and what it printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple, Self

import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.language.limits import MAX_PRINTS
from aspire_mjx.machine.lane_columns import compact, objects, reaching
from aspire_mjx.printable import printable

_ROOM = 64  #: shared texts that are kept although no lane has them


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
    REFUSED = 5  #: it did not begin: the compiler refused the program, or its tunables do not fit it
    ENGINE_FAULT = 6  #: the machine failed, or took far more than it declares: no fault of the program


class LaneEnd(NamedTuple):
    """The end of one lane: why, at which source line (0 for DONE), with which message, and all it printed.

    ``executed`` says which lines it came to (see coverage.py); a plain runner does not know.
    """

    lane: int
    outcome: Outcome
    line: int
    message: str
    prints: str
    executed: str = ""


@dataclass(frozen=True, eq=False)
class LaneEnds(Columns):
    """The ends of N lanes as columns; looked at one by one they are ``LaneEnd``.

    Attributes:
        lanes: ``[N]`` int lane numbers.
        outcomes: ``[N]`` int codes of ``Outcome``.
        lines: ``[N]`` int source lines, 0 for DONE.
        messages: ``[N]`` texts; empty for DONE.
        prints: ``[N]`` texts, all that was printed.
        executed: ``[N]`` texts, the lines that were executed (see coverage.py).
    """

    lanes: np.ndarray
    outcomes: np.ndarray
    lines: np.ndarray
    messages: np.ndarray
    prints: np.ndarray
    executed: np.ndarray

    @classmethod
    def alike(
        cls,
        lanes: np.ndarray,
        outcome: Outcome,
        line: int,
        messages: Sequence[str],
        prints: np.ndarray,
        executed: np.ndarray,
    ) -> Self:
        """Lanes that end at the same line, with one message for all or one for each."""
        n = len(lanes)
        return cls(lanes, np.full(n, outcome), np.full(n, line), objects(messages, n), prints, executed)

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """The lanes of any number of parts, one after the other."""
        if not parts:
            return cls.alike(np.zeros(0, dtype=np.int64), Outcome.DONE, 0, [""], objects([""], 0), objects([""], 0))
        return super().concatenate(parts)

    def without(self, rows: np.ndarray) -> Self:
        """The other lanes."""
        return self.take(np.delete(np.arange(len(self)), rows))

    def __getitem__(self, index: int) -> LaneEnd:
        outcome, line = Outcome(self.outcomes[index]), int(self.lines[index])
        words = self.messages[index], self.prints[index], self.executed[index]
        return LaneEnd(int(self.lanes[index]), outcome, line, *words)

    def __iter__(self) -> Iterator[LaneEnd]:
        return map(self.__getitem__, range(len(self)))


def kept(text: str, size: int) -> str:
    """What is kept of a text by a lane that has printed ``size`` characters: at most MAX_PRINTS in all."""
    room = MAX_PRINTS - size
    return text if len(text) <= room else text[:room] + "[...]\n" if room > 0 else ""


def last_words(text: str) -> str:
    """What is printed of the text of the SystemExit that ends a program: nothing of None or a number, as in Python."""
    return "" if text in ("", "None", "True", "False") or text.lstrip("-").isdecimal() else f"{text}\n"


class Prints:
    """What lanes have printed, each cut off at MAX_PRINTS characters.

    A lane has a text of its own, followed by one that it shares with others: a line costs a loop over lanes only where
    they print different texts.
    """

    def __init__(self) -> None:
        self._own = objects([""], 0)  # of every lane
        self._shared = np.zeros(0, dtype=np.int64)  # of every lane, which of the texts
        self._size = np.zeros(0, dtype=np.int64)  # of every lane, characters with those that were cut off
        self._texts = [""]

    def start(self, lanes: np.ndarray) -> None:
        """There are these lanes ``[N]``; they have printed nothing."""
        self._own = reaching(self._own, lanes, "")
        self._shared, self._size = reaching(self._shared, lanes), reaching(self._size, lanes)

    def write(self, lanes: np.ndarray, texts: str | np.ndarray, codes: np.ndarray | None = None) -> None:
        """Append a text in ``[N]`` lanes: the same in all, or ``[N]`` of which those with equal codes are equal."""
        size = self._size[lanes]
        after = size + (len(texts) if isinstance(texts, str) else np.fromiter(map(len, texts), np.int64, len(texts)))
        self._size[lanes] = after
        if after.max() > MAX_PRINTS:
            listed = [texts] * len(lanes) if isinstance(texts, str) else texts.tolist()
            texts, codes = objects(list(map(kept, listed, size.tolist()))), None
        if isinstance(texts, str):
            self._share(lanes, self._shared[lanes], texts)
        elif codes is not None:
            self._share(lanes, self._shared[lanes] * (int(codes.max()) + 1) + codes, texts)
        else:
            self._own[lanes] += objects(self._texts)[self._shared[lanes]] + texts
            self._shared[lanes] = 0

    def take(self, lanes: np.ndarray) -> np.ndarray:
        """What ``[N]`` lanes have printed, control characters written out; they start anew."""
        texts = self._own[lanes] + objects(self._texts)[self._shared[lanes]]
        texts = objects([printable(text) for text in texts.tolist()])
        self._own[lanes], self._shared[lanes], self._size[lanes] = "", 0, 0
        return texts

    def _share(self, lanes: np.ndarray, alike: np.ndarray, texts: str | np.ndarray) -> None:
        """Append texts to what is shared, once for all lanes with equal ``[N]`` codes."""
        firsts, numbers = compact(alike)
        before = self._shared[lanes[firsts]].tolist()
        added = [texts] * len(firsts) if isinstance(texts, str) else texts[firsts].tolist()
        self._shared[lanes] = numbers + len(self._texts)
        self._texts += [self._texts[number] + text for number, text in zip(before, added, strict=True)]
        if len(self._texts) > 2 * len(self._shared) + _ROOM:  # most are of no lane any more
            used, self._shared = np.unique(np.append(0, self._shared), return_inverse=True)
            self._texts, self._shared = [self._texts[number] for number in used.tolist()], self._shared[1:]
