"""Statistical blame: the formulas on known counts, and call sites against a count by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspire_mjx.faults.blame import blame_sites, ochiai, tarantula
from aspire_mjx.language.program import Program

COUNTS = st.integers(0, 20)


def test_formulas_on_worked_counts():
    # 4 of 5 failing and 1 of 10 passing rollouts hit the site.
    assert ochiai(4, 5, 1) == pytest.approx(4 / math.sqrt(5 * 5))
    assert tarantula(4, 5, 1, 10) == pytest.approx(0.8 / (0.8 + 0.1))
    assert ochiai(5, 5, 0) == tarantula(5, 5, 0, 10) == 1.0
    assert ochiai(0, 5, 3) == tarantula(0, 5, 3, 10) == 0.0
    assert ochiai(0, 0, 3) == tarantula(0, 0, 3, 3) == ochiai(0, 3, 0) == tarantula(0, 3, 0, 0) == 0.0


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_scores_stay_in_range_and_grow_with_failed_hits(ef, nf, ep, np_):
    failed, passed = ef + nf, ep + np_
    assert 0 <= ochiai(ef, failed, ep) <= 1 and 0 <= tarantula(ef, failed, ep, passed) <= 1
    if nf:
        assert ochiai(ef + 1, failed, ep) >= ochiai(ef, failed, ep)
        assert tarantula(ef + 1, failed, ep, passed) >= tarantula(ef, failed, ep, passed)


def test_sites_agree_with_a_count_by_hand(handmade):
    generator = np.random.default_rng(3)
    verdicts = []
    for _ in range(40):
        blocked, empty = generator.random(2) < (0.3, 0.4)
        calls = handmade.draft_calls(reach="BLOCKED" if blocked else "OK", close="EMPTY_GRASP" if empty else "OK")
        calls = calls[: generator.integers(1, 10)] + calls[:1]  # line 1 runs twice
        verdicts.append(bool(generator.random() < 0.5))
        handmade.add(calls, passed=verdicts[-1])
    batch = handmade.build()
    passes = batch.passes()
    hits: dict[tuple, set[int]] = {}
    for row in range(len(batch.calls["rollout"])):
        site = int(batch.calls["line"][row]), str(batch.call_text("primitive")[row])
        rollout = int(batch.calls["rollout"][row])
        hits.setdefault((*site, "executed"), set()).add(rollout)
        if batch.calls["status"][row]:
            hits.setdefault((*site, "not-ok"), set()).add(rollout)
    sites = blame_sites(batch, passes)
    assert {(s.line, s.primitive, s.spectrum) for s in sites} == set(hits)
    for site in sites:
        members = hits[site.line, site.primitive, site.spectrum]
        assert site.failed_hits == sum(not verdicts[r] for r in members)
        assert site.passed_hits == sum(verdicts[r] for r in members)
        assert site.failed == verdicts.count(False) and site.passed == verdicts.count(True)
        assert site.ochiai == ochiai(site.failed_hits, site.failed, site.passed_hits)
        assert site.tarantula == tarantula(site.failed_hits, site.failed, site.passed_hits, site.passed)
    order = [(s.spectrum == "executed", -s.ochiai) for s in sites]
    assert order == sorted(order)


def test_the_call_that_tells_failures_apart_comes_first(handmade):
    for k in range(10):
        handmade.add(handmade.draft_calls(close="EMPTY_GRASP" if k % 2 else "OK"), passed=not k % 2)
    top = blame_sites((batch := handmade.build()), batch.passes())[0]
    assert (top.line, top.primitive, top.spectrum, top.ochiai) == (5, "close_gripper", "not-ok", 1.0)
    assert top.tells_apart and not any(s.tells_apart for s in blame_sites(batch, batch.passes())[1:])


def test_only_the_asked_program_counts(handmade):
    handmade.add(handmade.draft_calls(), passed=True)
    handmade.add(handmade.draft_calls(close="EMPTY_GRASP"), program=Program("other\n", name="other"))
    batch = handmade.build()
    assert all(s.failed == 0 and s.passed == 1 for s in blame_sites(batch, batch.passes(), program=0))
    assert blame_sites(batch, batch.passes(), program=1)[0].failed_hits == 1


def test_no_rollouts(handmade):
    batch = handmade.build()
    assert blame_sites(batch, batch.passes()) == ()
