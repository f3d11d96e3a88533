"""Calls that are known: a rollout is a function of its world and of what it has asked for, call by call.

So a rollout that begins as one which has run, in an equal world and with equal arguments, is given the same results and
stands where that one stood, bit for bit, with nothing simulated, seen or planned again. Programs that differ late, such
as the changed ones that faults are looked for with, share all that comes before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aspire_mjx.rollout.calls import FinishedCalls, Wave
from aspire_mjx.rollout.robots import Robots, Standing
from aspire_mjx.worlds.worlds import WorldSpec


@dataclass(frozen=True, eq=False)
class _Known:
    """One call that is over.

    Attributes:
        calls: it, one row.
        standing: the robot after it, one row.
    """

    calls: FinishedCalls
    standing: Standing


class KnownCalls:
    """What calls came to, by the world and by all calls before.

    Attributes:
        learning: whether what is not known is noted.
    """

    def __init__(self) -> None:
        self.learning = False
        self._known: dict[bytes, _Known] = {}
        self._worlds: dict[WorldSpec, int] = {}
        self._at: dict[int, bytes] = {}  # by lane: its world and the calls that are over

    def start(self, lanes: np.ndarray, specs: Sequence[WorldSpec]) -> None:
        """Lanes ``[N]`` begin in settled worlds."""
        numbers = [self._worlds.setdefault(spec, len(self._worlds)) for spec in specs]
        self._at |= {lane: b"%d" % number for lane, number in zip(lanes.tolist(), numbers, strict=True)}

    def asked(self, wave: Wave) -> list[bytes]:
        """Notes that the lanes of a wave ask for its calls; the keys of these."""
        arguments = [(name, wave.arguments[name]) for name in sorted(wave.arguments)]
        columns = [(name, column if isinstance(column, tuple) else list(column)) for name, column in arguments]
        keys = []
        for row, lane in enumerate(wave.lanes.tolist()):
            said = [part for name, column in columns for part in (name, _bytes(column[row]))]
            self._at[lane] = _digest(self._at[lane], wave.primitive.name, *said)
            keys.append(self._at[lane])
        return keys

    def answers(self, wave: Wave, keys: Sequence[bytes], robots: Robots) -> Iterator[FinishedCalls]:
        """The calls of a wave that are known; their robots are put where these end."""
        rows: dict[bytes, list[int]] = {}
        for row, key in enumerate(keys):
            if key in self._known:
                rows.setdefault(key, []).append(row)
        for key, own in rows.items():
            known, same = self._known[key], np.zeros(len(own), int)
            asked = wave.take(np.array(own))
            robots.stand(asked.lanes, known.standing.take(same))
            yield replace(known.calls.take(same), wave=asked)

    def unknown(self, keys: Sequence[bytes]) -> np.ndarray:
        """Rows of the keys of a wave that are not known."""
        return np.flatnonzero([key not in self._known for key in keys])

    def learn(self, calls: FinishedCalls, robots: Robots) -> None:
        """Calls are over."""
        if self.learning:
            standing = robots.standing(calls.wave.lanes)
            for row, lane in enumerate(calls.wave.lanes.tolist()):
                one = np.array([row])
                self._known[self._at[lane]] = _Known(calls.take(one), standing.take(one))


def _bytes(value: object) -> bytes:
    return value.encode() if isinstance(value, str) else np.asarray(value, float).tobytes()


def _digest(before: bytes, *parts: str | bytes) -> bytes:
    found = hashlib.blake2b(before, digest_size=16)
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        found.update(len(raw).to_bytes(8, "little") + raw)
    return found.digest()
