"""Looking on while rollouts run: what films and truth checks are told, and programs never are."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from aspire_mjx.primitives.motion import Motion
from aspire_mjx.rollout.calls import FinishedCalls


class RolloutObserver(Protocol):
    """Is told what happens in a wave loop and changes nothing of it. ``jobs [N]`` are the rollouts' numbers.

    ``stride`` is the most control ticks that pass between two looks at a moving lane.
    """

    stride: int

    def planned(self, jobs: np.ndarray, motion: Motion) -> None:
        """Motions of ``N`` lanes, those that were refused among them, before the first tick."""

    def moved(self, jobs: np.ndarray, ticks: np.ndarray, qpos: np.ndarray) -> None:
        """Where ``N`` lanes are, ``qpos [N, nq]``, after ``ticks [N]`` of their episodes."""

    def called(self, jobs: np.ndarray, calls: FinishedCalls) -> None:
        """Calls of ``N`` lanes are over."""
