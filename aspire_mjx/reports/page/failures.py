"""The failed rollouts of a run: their faults and the first milestone that each missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from aspire_mjx.faults.fault import Fault
from aspire_mjx.faults.milestones import progress
from aspire_mjx.faults.report import analyse
from aspire_mjx.faults.signature import NONE, Signature
from aspire_mjx.traces.columns import TraceBatch

UNKNOWN = "not known"  #: in place of a milestone: the trace holds no goal


class FaultKind(NamedTuple):
    """A fault signature without the milestone: what happened, wherever in the task."""

    primitive: str
    status: str
    contact: str
    role: str
    error: str
    kind: str

    @classmethod
    def of(cls, signature: Signature) -> FaultKind:
        """Of a signature."""
        parts = (signature.primitive, signature.status, signature.contact, signature.role, signature.error)
        return cls(*parts, signature.kind)

    @property
    def words(self) -> str:
        """Which call, and how it ended."""
        if self.kind == "goal-not-met":
            return "no call failed, the goal was not met"
        if self.kind == "call-failed":
            return f"{self.primitive} answers {self.status}"
        if self.kind == "anomaly":
            return self.status if self.primitive == NONE else f"{self.status} in {self.primitive}"
        return f"{self.kind.replace('-', ' ')}{f' ({self.error})' if self.error else ''}"

    @property
    def detail(self) -> str:
        """The rest: about what, what was touched, and of what ended early the last call."""
        parts = [] if self.role == "none" else [f"about the {self.role}"]
        if self.contact != NONE:
            parts.append("touched itself" if self.contact == "self" else f"touched the {self.contact}")
        if self.kind not in ("call-failed", "anomaly") and self.primitive != NONE:
            parts.append(f"last call {self.primitive}")
        return ", ".join(parts)


@dataclass(frozen=True, eq=False)
class Failures:
    """What failed in a batch.

    Attributes:
        batch: the rollouts.
        passes: ``[B]`` bool, the benchmark's verdict.
        faults: of each failed rollout, by its number.
        milestones: the first that each failed rollout missed.
    """

    batch: TraceBatch
    passes: np.ndarray
    faults: dict[int, Fault]
    milestones: dict[int, str]

    @classmethod
    def of(cls, batch: TraceBatch) -> Failures:
        """Of all rollouts of a batch."""
        passes, came = np.asarray(batch.passes(), bool), progress(batch)
        faults = {fault.rollout: fault for fault in analyse(batch).faults}
        return cls(batch, passes, faults, {row: came.milestone(row) or UNKNOWN for row in faults})

    def failed(self, rows: np.ndarray) -> list[int]:
        """Those of some rollouts that failed."""
        return [row for row in rows.tolist() if row in self.faults]

    def by_kind(self, rows: Iterable[int]) -> list[tuple[FaultKind, list[int]]]:
        """Failed rollouts by what happened, the most frequent first."""
        found: dict[FaultKind, list[int]] = {}
        for row in rows:
            found.setdefault(FaultKind.of(self.faults[row].signature), []).append(row)
        return sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))

    def cells(self, rows: Iterable[int]) -> list[tuple[FaultKind, str, list[int]]]:
        """Failed rollouts by what happened and by the milestone that they missed first, the most frequent first."""
        found: dict[tuple[FaultKind, str], list[int]] = {}
        for row in rows:
            found.setdefault((FaultKind.of(self.faults[row].signature), self.milestones[row]), []).append(row)
        ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
        return [(kind, milestone, members) for (kind, milestone), members in ordered]

    def typical(self, rows: list[int]) -> int:
        """The failed rollout in the middle, by how far it was from the goal."""
        return self.worst(rows)[len(rows) // 2]

    def worst(self, rows: list[int]) -> list[int]:
        """Failed rollouts, those furthest from the goal first."""
        margins, seeds = self.batch.rollouts["margin"], self.batch.rollouts["seed"]
        tasks = self.batch.rollout_text("task")

        def order(row: int) -> tuple[float, str, int, int]:
            margin = float(margins[row])
            return (margin if margin == margin else -np.inf, str(tasks[row]), int(seeds[row]), row)

        return sorted(rows, key=order)
