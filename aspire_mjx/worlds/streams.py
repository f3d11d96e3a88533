"""The random streams of a world, each keyed by what it is for.

A stream is numpy's generator started from a hash of task, seed and purpose. Streams of other tasks, seeds or purposes
share no numbers, so that rollouts of one seed are as good as independent, and a draw for one thing moves no other.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import NamedTuple

import numpy as np

_BYTES = 16  # of a hash: so many that no two streams of any experiment meet


class WorldSeed(NamedTuple):
    """Where the random streams of a world start.

    Attributes:
      task: its key, e.g. ``libero_goal/3``.
      seed: a number from 0.
    """

    task: str
    seed: int

    def stream(self, *purpose: str) -> np.random.Generator:
        """The random numbers of a purpose, from the first; the words of one are those of no other."""
        return np.random.default_rng(_hashed(self.task, self.seed, purpose))

    def key(self, *purpose: str) -> tuple[int, int]:
        """Two 32-bit words for a counter-based generator."""
        words = _hashed(self.task, self.seed, purpose)
        return words & 0xFFFFFFFF, (words >> 32) & 0xFFFFFFFF


@lru_cache(maxsize=4096)
def _hashed(task: str, seed: int, purpose: tuple[str, ...]) -> int:
    parts = (task, str(seed), *purpose)
    text = "".join(f"{len(part)}:{part}" for part in parts)  # the lengths keep ("ab", "c") and ("a", "bc") apart
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=_BYTES).digest(), "little")
