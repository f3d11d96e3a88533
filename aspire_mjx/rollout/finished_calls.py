"""Calls that are over: what was asked, what came of it, and the lanes before and after."""

from __future__ import annotations

from dataclasses import dataclass

from aspire_mjx.columns import Columns
from aspire_mjx.machine.output import Outcome
from aspire_mjx.physics.engine import Readings
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.results import Results
from aspire_mjx.rollout.wave import Wave
from aspire_mjx.status import Status

#: The statuses after which a program gets no further: how its rollout ends.
ENDS = {Status.DIVERGED: Outcome.DIVERGED, Status.OUT_OF_STEPS: Outcome.OUT_OF_STEPS}


@dataclass(frozen=True, eq=False)
class FinishedCalls(Columns):
    """Calls of one primitive by ``N`` lanes.

    Attributes:
        wave: who asked for what.
        results: what came of it.
        before: the lanes when the call began.
        after: the lanes when it ended.
        readings: what was felt meanwhile; None for calls without motion.
    """

    wave: Wave
    results: Results
    before: Lanes
    after: Lanes
    readings: Readings | None = None
