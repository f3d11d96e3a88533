"""The cost model: what is charged does not ask whether values differ between lanes, and covers what they take."""

from __future__ import annotations

import pytest

from experiments.studies import costs

_MOST = 8.0  # us for one instruction; the study says what it is, a busy machine is slower


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "TIMES", {4: 20})
    monkeypatch.setattr(costs, "_REPEATS", 1)
    costs._run.cache_clear()


@pytest.mark.parametrize("kind", [kind for kind in costs.WORK if kind != "text"])
def test_a_charge_does_not_depend_on_whether_lanes_differ(kind: str) -> None:
    """Texts are counted by their length where they are the same in all lanes."""
    for work in costs.WORK[kind]:
        uniform, varying = (costs.of(work, 4, w)[1] for w in costs.NUMBERS.values())
        assert varying == pytest.approx(uniform), work


@pytest.mark.parametrize("kind", costs.WORK)
def test_no_work_takes_much_longer_than_it_counts(kind: str) -> None:
    for work in costs.WORK[kind]:
        for _ in range(9):
            took, counted = costs.of(work, 4, costs.NUMBERS["varying"])
            if took <= _MOST * counted:
                break
            costs._run.cache_clear()  # a busy machine slows a single try
        else:
            raise AssertionError(f"{work} takes {took:.0f} us and counts {counted:.0f}")
