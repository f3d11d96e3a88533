"""Why the rollouts of a program failed: how far they came, which lines to look at, and the change that turns them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aspire_mjx.faults.cause import Cause, cause
from aspire_mjx.faults.forks import ForkOutcome, spread
from aspire_mjx.faults.localise import Localisation, localise
from aspire_mjx.faults.milestones import progress
from aspire_mjx.faults.missing import MissingCall, find_missing
from aspire_mjx.faults.suspects import suspects
from aspire_mjx.faults.values import CallValue, call_values
from aspire_mjx.machine.output import Outcome
from aspire_mjx.printable import source_lines
from aspire_mjx.traces.columns import TraceBatch, Verdict

_LOOKED_AT = 40  # failed rollouts whose calls are gone through
_LINES, _CHANGES, _VALUES = 3, 5, 3  #: shown
_ASKED = 10  # suspected lines whose calls' numbers are compared
_SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Diagnosis:
    """Why rollouts of one program failed.

    Attributes:
        program: its name.
        source: its lines.
        passes: rollouts that passed.
        trials: rollouts.
        missed: how many failed rollouts missed which milestone first, most frequent first.
        suspects: source lines to look at, most suspicious first.
        missing: a call that the program lacks, None for none that is known.
        values: what failed rollouts gave the first suspected call and passed ones did not.
        cause: what forks found; None without forks.
        forks: what they did; None without forks.
    """

    program: str
    source: tuple[str, ...]
    passes: int
    trials: int
    missed: tuple[tuple[str, int], ...]
    suspects: tuple[int, ...]
    missing: MissingCall | None = None
    values: tuple[CallValue, ...] = ()
    cause: Cause | None = None
    forks: Localisation | None = None

    def text(self) -> str:
        """A few lines of words and numbers."""
        lines = [f"{self.program}: {self.passes} of {self.trials} pass"]
        if not self.missed and not self.suspects:
            return lines[0]
        first = ", ".join(f"{name or 'none'} {count}" for name, count in self.missed)
        lines.append(f"  first milestone missed (the judge's view): {first}")
        if self.cause is not None:
            lines.append(f"  {self.cause.sentence}")
            lines += [f"    {self._quoted(self.cause.line)}"] if self.cause.line else []
        lines += [f"  {self.missing.sentence}"] if self.missing else []
        lines += [f"  look at {self._quoted(line)}" for line in self.suspects[:_LINES]]
        if self.values:
            sources = ", ".join(map(str, self.values[0].sources)) or "none"
            told = "; ".join(value.sentence for value in self.values[:_VALUES])
            lines.append(f"  line {self.values[0].line} was given {told} (computed at lines: {sources})")
        if self.forks is not None:
            turned = [each for each in (*self.forks.program, *self.forks.world) if each.effect > 0]
            luck = f"; noise drawn anew has an effect of up to {self.forks.luck:.2f}" if self.forks.luck else ""
            lines.append(f"  changes that turn failures ({self.forks.tried} edits tried{luck}):")
            lines += [f"    {_said(each)}" for each in turned[:_CHANGES]] or ["    none"]
        return "\n".join(lines)

    def _quoted(self, line: int) -> str:
        text = self.source[line - 1].strip() if 0 < line <= len(self.source) else ""
        return f"line {line}: {text}"


def _said(outcome: ForkOutcome) -> str:
    edit = outcome.fork.edit
    where = f"line {edit.line}: " if edit else ""
    return f"{where}{outcome.fork.words} {outcome.words} (effect {outcome.effect:.2f})"


def diagnose(
    batch: TraceBatch,
    *,
    verdict: Verdict = "benchmark",
    forks: bool = False,
    budget: int = 600,
    told: Callable[[str], None] | None = None,
) -> list[Diagnosis]:
    """A diagnosis for each program of a batch that has rollouts in it.

    Args:
        batch: traces.
        verdict: which verdict is to be explained.
        forks: also run failed rollouts again, each with one thing changed.
        budget: edits of each program that are tried at most.
        told: told what is under way.

    Raises:
        AspireError: forks of rollouts that all are on seeds which may not drive edits.
    """
    found, passes = [], np.asarray(batch.passes(verdict), bool)
    for index in range(len(batch.programs)):
        rows = np.flatnonzero(batch.rollouts["program"] == index)
        if len(rows):
            one = _of_one(batch.select(rows), verdict, forks, budget, told)
            values = _told_values(batch, passes, index, one.suspects)
            found.append(replace(one, missing=find_missing(batch, passes, index), values=values))
    return found


def _told_values(batch: TraceBatch, passes: np.ndarray, program: int, lines: Sequence[int]) -> tuple[CallValue, ...]:
    """The numbers that differ of the first of some lines that is a call given any, corrected for the lines asked."""
    first = lines[:_ASKED]
    for line in first:
        values = call_values(batch, passes, line, program=program)
        if differing := tuple(value for value in values if value.p_value < _SIGNIFICANT / len(first)):
            return differing
    return ()


def _of_one(
    batch: TraceBatch, verdict: Verdict, forks: bool, budget: int, told: Callable[[str], None] | None
) -> Diagnosis:
    program, passes = batch.programs[0], np.asarray(batch.passes(verdict), bool)
    failed = np.flatnonzero(~passes).tolist()
    numbers = program.name, tuple(source_lines(program.text)), int(passes.sum()), len(passes)
    if not failed:
        return Diagnosis(*numbers, (), ())
    came = progress(batch)
    missed = tuple(Counter(came.milestone(row) for row in failed).most_common())
    refused = batch.rollouts["outcome"][failed] == Outcome.REFUSED
    if refused.all():  # the program need not even parse
        lines = Counter(batch.rollouts["error_line"][failed].tolist())
        return Diagnosis(*numbers, missed, tuple(line for line, _ in lines.most_common() if line))
    if not forks:
        return Diagnosis(*numbers, missed, tuple(suspects(batch, came, spread(failed, _LOOKED_AT), program.text)))
    studied = localise(batch, came, verdict=verdict, budget=budget, told=told)
    return Diagnosis(*numbers, missed, studied.lines, None, (), cause(batch, came, failed, studied), studied)
