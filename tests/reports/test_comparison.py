"""Comparisons of two programs: counts, exact tests, pooled figures that respect shared seeds, and refusals."""

from __future__ import annotations

import pytest

from aspire_mjx.errors import SkillError, TraceError
from aspire_mjx.faults.statistics import mcnemar
from aspire_mjx.language.program import Program
from aspire_mjx.reports.comparison import compare
from aspire_mjx.traces.columns import RolloutRow, TraceBatch, TraceBuilder


def batch(program: str, verdicts: dict[tuple[str, int], bool], *, name: str = "p.py", **factors: float) -> TraceBatch:
    """Rollouts without calls: (task, seed) to verdict."""
    builder = TraceBuilder()
    number = builder.program(Program(program, name))
    for row, ((task, seed), passed) in enumerate(verdicts.items()):
        builder.rollout(
            RolloutRow(
                rollout=row,
                program=number,
                task=task,
                seed=seed,
                outcome=0,
                benchmark=passed,
                strict=False,
                margin=0.0,
                ticks=1,
                factors=factors,
            )
        )
    return builder.build()


def test_one_task_is_the_exact_two_sided_test_of_mcnemar():
    before = batch("wait(1)", {("t/0", seed): seed < 4 for seed in range(20)}, name="a.py")
    after = batch("wait(2)", {("t/0", seed): seed > 1 for seed in reversed(range(20))}, name="b.py")
    found = compare(before, after)
    (only,) = found.tasks
    assert (only.trials, only.before, only.after, only.gains, only.losses) == (20, 4, 18, 16, 2)
    assert only.p_value == pytest.approx(2 * mcnemar(16, 2)) and 0.3 < only.interval.low < 0.7 < only.interval.high
    assert "b.py passes 18, a.py 4 of 20 worlds" in found.text() and "16 gained, 2 lost" in found.text()
    back = compare(after, before)
    assert back.pooled.p_value == only.p_value and back.pooled.interval.high == pytest.approx(-only.interval.low)


def test_tasks_that_share_seeds_are_not_counted_as_if_each_told_something_new():
    """Ten tasks that gain and lose together on six seeds tell no more than six pairs."""
    worlds = [(f"t/{task}", seed) for task in range(10) for seed in range(6)]
    before, after = (batch(f"wait({k})", dict.fromkeys(worlds, bool(k))) for k in (0, 1))
    found = compare(before, after)
    assert [each.task for each in found.tasks] == [f"t/{task}" for task in range(10)]
    assert found.pooled.gains == 60 and found.pooled.p_value == pytest.approx(2 / 2**6)
    assert found.to_json()["pooled"]["rate"] == 1.0
    assert found.programs == tuple(f"p.py ({each.programs[0].hash})" for each in (before, after))


def test_the_verdict_can_be_the_strict_one():
    one, other = (batch(f"wait({k})", {("t/0", 1): True}) for k in (0, 1))
    assert compare(one, other, verdict="strict").pooled.before == 0


def test_what_is_not_paired_is_refused():
    one = batch("wait(1)", {("t/0", 1): True})
    with pytest.raises(SkillError, match="t/0 seed 2 is in one batch only"):
        compare(one, batch("wait(2)", {("t/0", 1): True, ("t/0", 2): True}))
    with pytest.raises(TraceError, match="seed 1 is perturbed by nothing in one batch and by {'friction': 0.5}"):
        compare(one, batch("wait(2)", {("t/0", 1): True}, friction=0.5))
    with pytest.raises(TraceError, match="without rollouts"):
        compare(one, batch("wait(2)", {}))
