"""Two programs on the same worlds: what the second gained and lost, task by task and pooled, with the exact test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich import box
from rich.table import Table

from aspire_mjx.checked import checked
from aspire_mjx.errors import TraceError
from aspire_mjx.faults.statistics import Interval, flipped_seeds, paired_difference
from aspire_mjx.html import as_html
from aspire_mjx.skills.admission import PairedTrials
from aspire_mjx.traces.columns import TraceBatch, Verdict


@dataclass(frozen=True)
class Difference:
    """Pairs of rollouts in the same worlds.

    Attributes:
        task: key of the task; of pooled pairs "all".
        trials: pairs.
        before: passes of the first program.
        after: passes of the second.
        gains: pairs that the second passes and the first does not.
        losses: the other way round.
        interval: 95 % interval of ``(after - before) / trials``; pooled pairs of one seed are drawn together.
        p_value: two-sided, exact, that both pass equally often; pooled pairs of one seed are exchanged together.
    """

    task: str
    trials: int
    before: int
    after: int
    gains: int
    losses: int
    interval: Interval
    p_value: float

    @classmethod
    def of(cls, pairs: Sequence[PairedTrials], task: str) -> Difference:
        """Of the pairs of some tasks together."""
        before = [verdict for each in pairs for verdict in each.baseline]
        after = [verdict for each in pairs for verdict in each.repaired]
        seeds = [seed for each in pairs for seed in each.seeds]
        by_seed = dict.fromkeys(seeds, 0)
        for seed, old, new in zip(seeds, before, after, strict=True):
            by_seed[seed] += int(new) - int(old)
        return cls(
            task=task,
            trials=len(seeds),
            before=sum(before),
            after=sum(after),
            gains=sum(each.gains for each in pairs),
            losses=sum(each.losses for each in pairs),
            interval=paired_difference(before, after, seeds),
            p_value=flipped_seeds(list(by_seed.values())),
        )

    @property
    def rate(self) -> float:
        """Rate of the second program less that of the first."""
        return (self.after - self.before) / self.trials


@dataclass(frozen=True)
class Comparison:
    """What :func:`compare` finds.

    Attributes:
        programs: names of both; their hashes too where the names are the same.
        verdict: that is compared.
        tasks: one entry a task, by key.
        pooled: all pairs together.
    """

    programs: tuple[str, str]
    verdict: Verdict
    tasks: tuple[Difference, ...]
    pooled: Difference

    def text(self) -> str:
        """The pooled difference in one sentence."""
        pooled, (first, second) = self.pooled, self.programs
        low, high = pooled.interval
        return (
            f"{second} passes {pooled.after}, {first} {pooled.before} of {pooled.trials} worlds ({self.verdict}): "
            f"{pooled.gains} gained, {pooled.losses} lost, difference {pooled.rate:+.3f} "
            f"(95 % interval {low:+.3f} to {high:+.3f}), exact two-sided p = {pooled.p_value:.3g}."
        )

    def table(self) -> Table:
        """One row a task, and the pooled pairs at the end."""
        first, second = self.programs
        table = Table(title=f"{first} and {second} on the same worlds, {self.verdict} verdict", box=box.SIMPLE_HEAD)
        table.add_column("task", overflow="fold")
        for heading in ("worlds", first, second, "fixed", "broken", "unchanged", "difference (95 %)", "p"):
            table.add_column(heading, justify="right")
        for each in self.tasks:
            table.add_row(*_cells(each))
        if len(self.tasks) > 1:
            table.add_section()
            table.add_row(*_cells(self.pooled), style="bold")
        return table

    def _repr_html_(self) -> str:
        return as_html(self.table())

    def to_json(self) -> dict[str, Any]:
        """The form in ``summary.json``."""
        return {
            "programs": list(self.programs),
            "verdict": self.verdict,
            "tasks": [_to_json(each) for each in self.tasks],
            "pooled": _to_json(self.pooled),
        }


@checked
def compare(first: TraceBatch, second: TraceBatch, *, verdict: Verdict = "benchmark") -> Comparison:
    """Two programs on the same worlds, by the exact paired test.

    Args:
        first: rollouts of one program on any tasks and seeds, each world once.
        second: rollouts of the other program in the same worlds.
        verdict: "benchmark" or "strict".

    Raises:
        SkillError: worlds that only one batch holds, or that a batch holds twice; more than one program in a batch.
        TraceError: no rollouts, or worlds of the same seed that are perturbed differently.
    """
    if not len(first) or not len(second):
        raise TraceError("compare() was given a batch without rollouts; run both programs on the same worlds")
    pairs = PairedTrials.of(first, second, verdict=verdict)
    doses = [
        {(task, seed): batch.factors(row) for row, (task, seed) in enumerate(_worlds(batch))}
        for batch in (first, second)
    ]
    for world, dose in doses[0].items():
        if doses[1][world] != dose:
            raise TraceError(
                f"task {world[0]} seed {world[1]} is perturbed by {dose or 'nothing'} in one batch and by "
                f"{doses[1][world] or 'nothing'} in the other; run both programs in the same worlds"
            )
    names, hashes = ([str(getattr(batch.programs[0], of)) for batch in (first, second)] for of in ("name", "hash"))
    if names[0] == names[1]:
        names = [f"{name} ({digest})" for name, digest in zip(names, hashes, strict=True)]
    return Comparison(
        (names[0], names[1]),
        verdict,
        tuple(Difference.of([each], each.task) for each in pairs),
        Difference.of(pairs, "all"),
    )


def _worlds(batch: TraceBatch) -> list[tuple[str, int]]:
    return list(zip(batch.rollout_text("task").tolist(), batch.rollouts["seed"].tolist(), strict=True))


def _cells(each: Difference) -> tuple[str, ...]:
    low, high = each.interval
    counts = (each.trials, each.before, each.after, each.gains, each.losses, each.trials - each.gains - each.losses)
    return (each.task, *map(str, counts), f"{each.rate:+.3f} ({low:+.3f} to {high:+.3f})", f"{each.p_value:.3g}")


def _to_json(each: Difference) -> dict[str, Any]:
    return {**asdict(each), "interval": [round(end, 4) for end in each.interval], "rate": round(each.rate, 4)}
