"""Latency: servos obey a command some control ticks after it was given."""

from __future__ import annotations

import numpy as np

from aspire_mjx.worlds.episode import TICK
from aspire_mjx.worlds.perturbation import Perturbation


def latency_ticks(perturbation: Perturbation) -> int:
    """The latency of a world in whole control ticks."""
    return round(perturbation.latency / TICK)


class DelayLine:
    """The commands on their way to each lane's servos. With no latency anywhere it passes them on untouched.

    Args:
        lanes: how many.
        longest: ticks of the longest delay that will be asked for.
    """

    def __init__(self, lanes: int, longest: int) -> None:
        self._delay = np.zeros(lanes, int)
        self._past = np.zeros((lanes, longest, 9))

    def reset(self, lanes: np.ndarray, command: np.ndarray, delay: np.ndarray) -> None:
        """Lanes ``[N]`` start afresh: ``command [N, 9]`` have always been in force, and take ``delay [N]`` ticks."""
        self._past[lanes], self._delay[lanes] = command[:, None], delay

    def through(self, ctrl: np.ndarray) -> np.ndarray:
        """What reaches the servos, ``[B, T, 9]``, while ``ctrl [B, T, 9]`` is given."""
        longest = self._past.shape[1]
        if not longest:
            return ctrl
        line, lanes = np.concatenate([self._past, ctrl], axis=1), np.arange(len(ctrl))[:, None]
        return line[lanes, longest - self._delay[:, None] + np.arange(ctrl.shape[1])]

    def passed(self, ctrl: np.ndarray, ticks: np.ndarray) -> None:
        """``ticks [B]`` of the T ticks of ``ctrl [B, T, 9]`` are over."""
        if longest := self._past.shape[1]:
            line, lanes = np.concatenate([self._past, ctrl], axis=1), np.arange(len(ctrl))[:, None]
            self._past = line[lanes, ticks[:, None] + np.arange(longest)]

    def past(self, lanes: np.ndarray) -> np.ndarray:
        """``[N, longest, 9]`` commands on their way to the servos of lanes ``[N]``."""
        return self._past[lanes]

    def put(self, lanes: np.ndarray, past: np.ndarray) -> None:
        """Lanes ``[N]`` have ``past [N, T, 9]`` on their way, in a line of any length; none has a longer delay."""
        longest, have = self._past.shape[1], past.shape[1]
        if longest and have:
            known = past[:, max(have - longest, 0) :]
            self._past[lanes, longest - known.shape[1] :] = known
