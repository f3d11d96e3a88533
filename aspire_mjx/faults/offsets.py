"""How far off looks are over many rollouts: the judge's places of things less those that were seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.tasks import Task

_FEWEST = 8  # rollouts with looks, fewer tell nothing of a system in it
_OFF = 0.015  # m: a look without noise is within 1 cm of the middle of a thing that stands free
_MOST = 0.8  # share of rollouts that are off the same way
_FAR = 0.1  # m, what was seen farther from a thing is not that thing


@dataclass(frozen=True)
class SeenOffset:
    """Where things are, seen from where looks reported them, in most rollouts.

    Attributes:
        axis: along which it is the same in most of them, "x" or "y"; "" where it has no direction.
        median: m, along the axis, signed; without a direction its length.
        rollouts: in which things are off so.
        of: rollouts with looks at things that can be carried.
    """

    axis: str
    median: float
    rollouts: int
    of: int

    @property
    def sentence(self) -> str:
        """The offset in words."""
        off = f"{abs(100 * self.median):.1f} cm"
        if not self.axis:
            return f"[judge: looks are {off} off in the median of {self.of} rollouts, in no one direction]"
        sign = "+" if self.median > 0 else "-"
        return (
            f"[judge: things are {off} further {sign}{self.axis} than seen, in {self.rollouts} of {self.of} rollouts]"
        )


def seen_offsets(batch: TraceBatch) -> np.ndarray:
    """``[B, 2]`` m, along x and y: from where looks reported things to where they were, median of a rollout; or NaN.

    Doors, drawers and knobs are left out: a look finds their handle, and the judge knows their middle.
    """
    calls = batch.calls
    movable = [
        name
        for definition in np.unique(batch.rollouts["definition"]).tolist()
        if definition >= 0
        for name, _ in Task.from_json(batch.strings[definition]).objects
    ]
    numbers = [number for number, text in enumerate(batch.strings) if text in set(movable)]
    looks = np.isin(calls["true_near"], numbers) & (calls["text"] >= 0)
    rows = np.flatnonzero(looks & (np.linalg.norm(calls["true_near_offset"], axis=1) < _FAR))
    found = np.full((len(batch), 2), np.nan)
    if len(rows):
        owner, begins = np.unique(calls["rollout"][rows], return_index=True)
        off = -calls["true_near_offset"][rows, :2].astype(float)
        found[owner] = [np.median(part, axis=0) for part in np.split(off, begins[1:])]
    return found


def systematic(offsets: np.ndarray) -> tuple[SeenOffset, ...]:
    """What is systematic in the offsets ``[B, 2]`` of rollouts: along each axis, else their length."""
    known = offsets[~np.isnan(offsets[:, 0])]
    if len(known) < _FEWEST:
        return ()
    found = []
    for axis, values in zip("xy", known.T, strict=True):
        median = float(np.median(values))
        same = int((values * np.sign(median) > abs(median) / 2).sum())
        if abs(median) >= _OFF and same >= _MOST * len(known):
            found.append(SeenOffset(axis, median, same, len(known)))
    length = float(np.median(np.linalg.norm(known, axis=1)))
    return tuple(found) or ((SeenOffset("", length, len(known), len(known)),) if length >= _OFF else ())
