"""Anomalies: what went wrong in a call although its status need not say so, from the judge's view of the thing.

Each is a vectorised test over all calls. A threshold marks what is worth a look; whether it matters is then told by
how much more often it stands in failed rollouts than in passed ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from aspire_mjx.faults.handling import Goals, Handling
from aspire_mjx.traces.columns import TraceBatch

_BESIDE = 0.05  # m: half the width of the things that are carried
_ABOVE = 0.22  # m: programs that pass let go of cans from 20 cm above the basket's middle
_DISPLACED = 0.01  # m: more than a finger's thickness, and a grasp planned on the old place misses its middle
_DRIFT = 0.02  # m or rad: settling after a release is less
_FORCE, _TORQUE = 400.0, 60.0  # N and N m: beyond wiping (200 N), and beyond the guard of motions (50 N m)

Test = Callable[[TraceBatch, Goals, Handling], np.ndarray]


class Anomaly(NamedTuple):
    """One anomaly: in words, and the test ``[C]`` bool that finds the calls in which it happened."""

    words: str
    test: Test


def _offset(story: Handling) -> np.ndarray:
    """``[C, 3]`` m, from its place to the thing when a call began; 0 where that is not known."""
    return np.nan_to_num(story.at_before - story.place)


def _displaced(batch: TraceBatch, goals: Goals, story: Handling) -> np.ndarray:
    return story.placed & story.arm & ~story.picked & ~story.held & (story.shifted > _DISPLACED)


def _neighbour_fell(batch: TraceBatch, goals: Goals, story: Handling) -> np.ndarray:
    return (batch.calls["true_fell"] >= 0) & (batch.calls["true_fell"] != story.thing)


def _wrong_thing(batch: TraceBatch, goals: Goals, story: Handling) -> np.ndarray:
    return ~goals.right


def _slipped(batch: TraceBatch, goals: Goals, story: Handling) -> np.ndarray:
    return story.lost


def _beside(batch: TraceBatch, goals: Goals, story: Handling) -> np.ndarray:
    return story.let_go & (np.linalg.norm(_offset(story)[:, :2], axis=1) > _BESIDE)


def _above(batch: TraceBatch, goals: Goals, story: Handling) -> np.ndarray:
    return story.let_go & (_offset(story)[:, 2] > _ABOVE)


def _undone(batch: TraceBatch, goals: Goals, story: Handling) -> np.ndarray:
    return (story.margin_before > 0.0) & (story.margin <= 0.0) & ~story.held_before


def _drifts(batch: TraceBatch, goals: Goals, story: Handling) -> np.ndarray:
    return story.placed & story.free & (story.shifted > _DRIFT)


def _spike(batch: TraceBatch, goals: Goals, story: Handling) -> np.ndarray:
    return (batch.calls["peak_force"] > _FORCE) | (batch.calls["peak_torque"] > _TORQUE)


#: By name, those first that explain more. Of a rollout that ran out of steps the status says so.
ANOMALIES: dict[str, Anomaly] = {
    "wrong-thing": Anomaly("held something that the goal does not move", _wrong_thing),
    "displaced": Anomaly("moved the thing before it was held", _displaced),
    "slip-after-grasp": Anomaly("lost the thing although it had been held well", _slipped),
    "released-beside": Anomaly("let the thing go beside its place", _beside),
    "released-above": Anomaly("let the thing go above its place", _above),
    "goal-undone": Anomaly("undid what had been right", _undone),
    "late-drift": Anomaly("the thing moved after it had been let go", _drifts),
    "neighbour-fell": Anomaly("knocked over something else", _neighbour_fell),
    "force-spike": Anomaly("pressed harder than any task asks for", _spike),
}
