"""Values of a call's arguments in failed and passed rollouts, against medians and a test computed apart."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from aspire_mjx.faults.diagnosis import diagnose
from aspire_mjx.faults.values import call_values
from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome


@pytest.fixture
def heights(handmade):
    """Ten rollouts that reach 5 cm high and pass, ten that reach 12 cm high and fail, each a little higher."""
    found = []
    for k in range(20):
        height = (0.12 if k % 2 else 0.05) + 0.0001 * k
        calls = handmade.draft_calls()
        calls[3]["at"] = np.array([0.5 + 0.001 * (k // 2), 0.1, height])
        handmade.add(calls, passed=not k % 2, executed="1 2 3 4 5 6 7 8 9")
        found.append(height)
    return handmade.build(), np.array(found, np.float32)


def test_the_number_that_differs_comes_first_with_both_medians(heights):
    batch, values = heights
    first, *others = call_values(batch, batch.passes(), 4)
    assert (first.name, first.line) == ("position.2", 4) and first.p_value < 0.01
    assert (first.failed, first.passed) == pytest.approx((np.median(values[1::2]), np.median(values[::2])))
    assert first.sentence == "position.2 0.121 failed, 0.0509 passed"
    alone = stats.mannwhitneyu(values[1::2], values[::2]).pvalue
    assert first.p_value == pytest.approx(alone * (1 + len(others))) and all(other.p_value > 0.05 for other in others)
    assert 1 in first.sources  # pick, down = get_object_pose("alphabet soup")


def test_where_the_call_was_about_is_told_beside_the_thing(heights):
    batch, _ = heights
    batch.calls["true_near_offset"][:] = np.where(batch.passes()[batch.calls["rollout"], None], 0.0, 0.03)
    names = {value.name: value for value in call_values(batch, batch.passes(), 4)}
    assert names["beside the thing x"].failed == pytest.approx(0.03) and names["beside the thing z"].p_value < 0.01


def test_what_passed_rollouts_never_gave_has_no_test(heights):
    batch, _ = heights
    failed = batch.select(~batch.passes())
    values = call_values(failed, failed.passes(), 4)
    assert values and all(math.isnan(v.passed) and v.p_value == 1.0 for v in values)
    assert "passed" not in values[0].sentence
    assert call_values(batch, batch.passes(), 99) == ()


def test_the_diagnosis_tells_them(heights):
    batch, _ = heights
    (found,) = diagnose(batch)
    assert "  line 4 was given position.2 0.121 failed, 0.0509 passed (computed at lines: 1)" in found.text()


def test_a_program_that_does_not_parse_has_its_error_line(handmade):
    broken = Program("if if\n", name="broken")
    handmade.add([], program=broken, outcome=Outcome.REFUSED, error="SyntaxError: invalid syntax", error_line=1)
    (found,) = diagnose(handmade.build(), forks=True)
    assert found.suspects == (1,) and "look at line 1: if if" in found.text()
