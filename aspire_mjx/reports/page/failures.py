"""The failed rollouts of a run: their faults and the first milestone that each missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from aspire_mjx.faults.anomalies import ANOMALIES
from aspire_mjx.faults.fault import Fault
from aspire_mjx.faults.groups import alike
from aspire_mjx.faults.report import analyse
from aspire_mjx.faults.roles import NONE
from aspire_mjx.faults.signature import Signature
from aspire_mjx.traces.columns import TraceBatch

_NAMES = {"other": "something else", "self": "itself"}  # of roles and contacts that are no things of the task
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
            return "no call stands out, the goal was not met"
        if self.kind == "call-failed":
            return f"{self.primitive} answers {self.status}"
        if self.kind == "anomaly":
            return f"{self.primitive} {ANOMALIES[self.status].words}" if self.primitive != NONE else self.status
        return f"{self.kind.replace('-', ' ')}{f' ({self.error})' if self.error else ''}"

    @property
    def detail(self) -> str:
        """The rest: about what, what was touched, and of what ended early the last call."""
        parts = [] if self.role == "none" else [f"about {_NAMES.get(self.role, f'the {self.role}')}"]
        if self.contact != NONE:
            parts.append(f"touched {_NAMES.get(self.contact, f'the {self.contact}')}")
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
        heads: of each failed rollout the signature of the group of faults alike that it is in.
    """

    batch: TraceBatch
    passes: np.ndarray
    faults: dict[int, Fault]
    heads: dict[int, Signature]

    @classmethod
    def of(cls, batch: TraceBatch) -> Failures:
        """Of all rollouts of a batch."""
        faults = analyse(batch).faults
        heads = alike(Counter(fault.signature for fault in faults))
        kinds = {fault.rollout: heads[fault.signature] for fault in faults}
        return cls(batch, np.asarray(batch.passes(), bool), {fault.rollout: fault for fault in faults}, kinds)

    def milestone(self, row: int) -> str:
        """The first that a failed rollout missed."""
        missed = self.faults[row].signature.milestone
        return UNKNOWN if missed == NONE else missed

    def failed(self, rows: np.ndarray) -> list[int]:
        """Those of some rollouts that failed."""
        return [row for row in rows.tolist() if row in self.faults]

    def by_kind(self, rows: Iterable[int]) -> list[tuple[FaultKind, list[int]]]:
        """Failed rollouts by what happened, the most frequent first."""
        found: dict[FaultKind, list[int]] = {}
        for row in rows:
            found.setdefault(FaultKind.of(self.heads[row]), []).append(row)
        return sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))

    def cells(self, rows: Iterable[int]) -> list[tuple[FaultKind, str, list[int]]]:
        """Failed rollouts by what happened and by the milestone that they missed first, the most frequent first."""
        found: dict[tuple[FaultKind, str], list[int]] = {}
        for row in rows:
            found.setdefault((FaultKind.of(self.heads[row]), self.milestone(row)), []).append(row)
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
