"""Calls of primitives by many lanes, whatever their program and task: those asked for and those that are over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from aspire_mjx.columns import SHARED, Columns
from aspire_mjx.machine.output import Outcome
from aspire_mjx.machine.requests import Request
from aspire_mjx.physics.engine import Readings
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.registry import Primitive
from aspire_mjx.primitives.results import Results
from aspire_mjx.status import Status


@dataclass(frozen=True, eq=False)
class Wave(Columns):
    """One primitive asked for by ``N`` lanes, from any number of strands and programs.

    Attributes:
        primitive: what is called.
        lanes: ``[N]`` lane numbers.
        arguments: one column for each parameter: ``[N, *shape]``, or ``N`` texts.
        lines: ``[N]`` source lines.
        paths: ``[N]`` strand paths, as numbers of the trace's texts.
    """

    primitive: Primitive = field(metadata=SHARED)
    lanes: np.ndarray
    arguments: Mapping[str, Any]
    lines: np.ndarray
    paths: np.ndarray

    @staticmethod
    def merge(requests: Sequence[Request], number: Callable[[str], int]) -> list[Wave]:
        """Requests of the same primitive become one wave, in the order they came; ``number`` numbers texts."""
        groups: dict[str, list[Wave]] = {}
        for request in requests:
            lines = np.full(len(request.lanes), request.lines)
            paths = np.full(len(request.lanes), number(request.path))
            wave = Wave(request.primitive, request.lanes, request.arguments, lines, paths)
            groups.setdefault(request.primitive.name, []).append(wave)
        return [Wave.concatenate(group) for group in groups.values()]


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
