"""Case of the planted faults: how often the fault report says what is known to be wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product
from pathlib import Path
from typing import Any

import numpy as np

from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.worlds import refusals
from experiments.studies.planted.planted_fault import LANES, SPLITS, Family, Mutant, PlantedFault, families
from experiments.studies.planted.reading import (
    cause_class,
    diagnosis,
    missing_call,
    named_factor,
    ranked_lines,
    repaired,
)

_BASE_PASSES = 0.8  # of the lanes, without the fault
_COSTS = 0.6  # of those passes at most, with the fault
_SHOWN = 5
BUDGET = 300  #: edits of a program that a diagnosis tries at most


@dataclass(frozen=True)
class Judged:
    """A planted fault and what the report says of its rollouts.

    Attributes:
        family: kind of task.
        mutant: the fault and its program.
        trials: rollouts with it and without it; worlds that a dose makes impossible are left out of both.
        base: passes without it.
        passes: passes with it.
        ranked: lines in the report's order.
        missing: call that the report misses.
        said: cause class that the report states.
        factor: factor that the report names.
        repaired: share of the forked failures that the change which it names turns into passes.
    """

    family: str
    mutant: Mutant
    trials: int
    base: int
    passes: int
    ranked: tuple[int, ...] = ()
    missing: str | None = None
    said: str | None = None
    factor: str | None = None
    repaired: float = 0.0

    @property
    def fault(self) -> PlantedFault:
        """The fault."""
        return self.mutant.fault

    @property
    def counts(self) -> bool:
        """Whether the fault costs so many passes that a report can be asked about it."""
        return self.base >= _BASE_PASSES * self.trials and self.passes <= _COSTS * self.base

    def line_within(self, first: int, *, consequences: bool = False) -> bool:
        """Whether a true line, or the missing call, is among the first lines of the report."""
        true = {*self.mutant.lines, *(self.mutant.near_lines if consequences else ())}
        named = bool(self.fault.missing) and self.missing == self.fault.missing
        return named or not true.isdisjoint(self.ranked[:first])

    @property
    def class_right(self) -> bool:
        """Whether the cause class is the true one."""
        return self.said == self.fault.cause_class

    @property
    def class_near(self) -> bool:
        """Whether the cause class is the true one or one that can be defended."""
        return self.said in (self.fault.cause_class, *self.fault.near_classes)

    @property
    def misleads(self) -> bool:
        """Whether hidden dynamics is blamed on program logic."""
        return self.fault.cause_class == "hidden dynamics" and self.said == "program logic"

    @classmethod
    def of_row(cls, family: Family, fault: PlantedFault, row: dict[str, Any]) -> Judged:
        """What :meth:`row` wrote of a fault, as far as scores go by it."""
        base, passes, trials = row["passes"]
        found = {"ranked": tuple(row["ranked"]), "said": row["class"][1], "repaired": row["repaired"]}
        named = {"missing": row.get("missing", [None, None])[1], "factor": row.get("factor", [None, None])[1]}
        return cls(family.name, family.mutant(fault), trials, base, passes, **found, **named)

    def row(self) -> dict[str, Any]:
        """The figures of a record."""
        return {
            "fault": self.fault.name,
            "split": self.fault.split,
            "passes": [self.base, self.passes, self.trials],
            "lines": list(self.mutant.lines),
            "ranked": list(self.ranked[:_SHOWN]),
            "class": [self.fault.cause_class, self.said],
            "repaired": round(self.repaired, 3),
            **({"missing": [self.fault.missing, self.missing]} if self.fault.missing else {}),
            **({"factor": [list(self.fault.doses), self.factor]} if self.fault.doses else {}),
        }


def planted(engine: str, lanes: int = LANES, *, budget: int = BUDGET, kept: Path | None = None) -> dict[str, Any]:
    """The study: the score on each split and on each family, and what was said of every fault.

    Args:
        engine: its name.
        lanes: rollouts of each program and fault.
        budget: edits of a program that a diagnosis tries at most.
        kept: file that what was said of each fault is written to, one a line, as soon as it is known; faults that are
            in it are not run again. The study deletes it when it ends.
    """
    known = _read(kept) if kept is not None and kept.exists() else {}
    begun = time.process_time()
    for split, family in product(reversed(SPLITS), families()):
        wanted = [fault for fault in family.faults if fault.split == split and fault.name not in known]
        for one in judge(family, engine, lanes=lanes, faults=wanted, budget=budget):
            known[one.fault.name] = one
            if kept is not None:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"family": family.name, **one.row()}) + "\n")
    if kept is not None:
        kept.unlink(missing_ok=True)
    ran = {"lanes": lanes, "budget": budget, "cpu_s": round(time.process_time() - begun)}
    return {**ran, **figures([known[fault.name] for family in families() for fault in family.faults])}


def _read(kept: Path) -> dict[str, Judged]:
    """What was said of faults, by name."""
    rows = {row["fault"]: row for row in map(json.loads, kept.read_text(encoding="utf-8").splitlines())}
    return {
        fault.name: Judged.of_row(family, fault, rows[fault.name])
        for family in families()
        for fault in family.faults
        if fault.name in rows
    }


def judge(
    family: Family,
    engine: str,
    *,
    lanes: int = LANES,
    faults: Sequence[PlantedFault] | None = None,
    budget: int = BUDGET,
) -> Iterator[Judged]:
    """Runs a family without and with each of some of its faults, or all, together; what is said, fault by fault."""
    faults = family.faults if faults is None else faults
    if not faults:
        return
    base = family.jobs(lanes=lanes)
    mutated = [
        (fault, lane, job) for fault in faults for lane, job in enumerate(family.mutated_jobs(fault, lanes=lanes))
    ]
    impossible = refusals(job.world for _, _, job in mutated)
    mutated = [each for each in mutated if each[2].world not in impossible]
    batch = Simulators(engine).run([*base, *(job for _, _, job in mutated)])
    verdicts = batch.passes()[: len(base)]
    for fault in faults:
        rows = [row for row, each in enumerate(mutated, start=len(base)) if each[0] is fault]
        lane_of = [mutated[row - len(base)][1] for row in rows]
        yield asked(family, family.mutant(fault), batch.select(rows), verdicts[lane_of], budget=budget)


def asked(family: Family, mutant: Mutant, batch: TraceBatch, verdicts: np.ndarray, *, budget: int = BUDGET) -> Judged:
    """What the diagnosis says of a fault's rollouts ``batch``; ``verdicts`` ``[B]`` are those without the fault.

    A fault that does not count is not diagnosed.
    """
    base, passes = int(verdicts.sum()), int(batch.passes().sum())
    judged = Judged(family.name, mutant, len(batch), base, passes)
    if not judged.counts:
        return judged
    found = diagnosis(batch, budget=budget)
    return replace(
        judged,
        ranked=tuple(ranked_lines(found)),
        missing=missing_call(found),
        said=cause_class(found),
        factor=named_factor(found, batch),
        repaired=repaired(found),
    )


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Scores of faults that cost passes, and a row for each fault."""
    strong = [one for one in judged if one.counts]
    by_family = {name: list(group) for name, group in groupby(strong, key=lambda one: one.family)}
    return {
        "faults": len(judged),
        "score": {
            "all": score(strong),
            **{split: score([one for one in strong if one.fault.split == split]) for split in SPLITS},
        },
        "families": {name: score(group) for name, group in by_family.items()},
        "too_weak": [one.fault.name for one in judged if not one.counts],
        "rows": [one.row() for one in judged],
    }


def score(judged: Sequence[Judged]) -> dict[str, list[int]]:
    """How often the report is right, each ``[right, of]``.

    ``line``: its first line or missing call; ``in_three``: one of its first three; ``.._with_consequences``: the same,
    direct consequences allowed; ``class``, ``class_near``: the cause class, and with those that can be defended;
    ``repaired``: faults of programs where the change that is named turns at least half of the failures;
    ``factor``: of faults in worlds whose dose differs between lanes, the factor named; ``hidden_on_logic``: faults of
    hidden dynamics that are blamed on program logic.
    """
    lines = [one for one in judged if one.fault.in_program]
    swept = [one for one in judged if any(low != high for low, high in one.fault.doses.values())]
    hidden = [one for one in judged if one.fault.cause_class == "hidden dynamics"]
    return {
        "line": [sum(one.line_within(1) for one in lines), len(lines)],
        "in_three": [sum(one.line_within(3) for one in lines), len(lines)],
        "line_with_consequences": [sum(one.line_within(1, consequences=True) for one in lines), len(lines)],
        "in_three_with_consequences": [sum(one.line_within(3, consequences=True) for one in lines), len(lines)],
        "class": [sum(one.class_right for one in judged), len(judged)],
        "class_near": [sum(one.class_near for one in judged), len(judged)],
        "repaired": [sum(one.repaired >= 0.5 for one in lines), len(lines)],
        "factor": [sum(one.factor in one.fault.doses for one in swept), len(swept)],
        "hidden_on_logic": [sum(one.misleads for one in hidden), len(hidden)],
    }
