"""Statistical blame: the formulas on known counts and against other definitions, ranks, and what cannot be compared."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import cosine

from aspire_mjx.faults.blame import blame_hits, blame_sites, comparison, ochiai, tarantula
from aspire_mjx.faults.spectrum import Hits, Site
from aspire_mjx.faults.statistics import holm
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


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_ochiai_is_the_cosine_of_hits_and_failures_and_tarantula_a_share_of_rates(rows):
    hit, bad = np.array(rows, bool).T
    ef, ep, failed, passed = (int(count.sum()) for count in (hit & bad, hit & ~bad, bad, ~bad))
    expected = 1.0 - cosine(hit.astype(float), bad.astype(float)) if hit.any() and bad.any() else 0.0
    assert ochiai(ef, failed, ep) == pytest.approx(expected, abs=1e-12)
    if failed and passed and ef + ep:
        odds = (ef * passed) / (ep * failed) if ep else math.inf
        share = odds / (1.0 + odds) if ep else 1.0
        assert tarantula(ef, failed, ep, passed) == pytest.approx(share, abs=1e-12)


def test_p_values_are_fishers_one_sided_after_holm():
    hits = {
        Site(line, "executed", "line"): Hits(*count) for line, count in enumerate([(9, 1), (5, 5), (9, 1), (10, 20)])
    }
    found = {site.line: site for site in blame_hits(hits, 10, 20)}
    tables = ([[9, 1], [1, 19]], [[5, 5], [5, 15]], [[10, 20], [0, 0]])
    fisher = [stats.fisher_exact(table, alternative="greater").pvalue for table in tables]  # pyright: ignore[reportAttributeAccessIssue]
    assert [found[line].p_value for line in (0, 1, 3)] == pytest.approx(holm(fisher))
    assert found[0].tells_apart and not found[3].tells_apart and found[3].p_value == 1.0


def test_equally_suspicious_sites_share_the_first_of_their_places():
    counts = {1: (20, 20), 2: (18, 2), 3: (18, 2), 4: (12, 0), 5: (0, 9)}
    hits = {Site(line, "executed", "line"): Hits(*count) for line, count in counts.items()}
    sites = blame_hits(hits, 20, 20)
    assert [(site.line, site.rank, site.ties) for site in sites] == [
        (2, 1, 2),
        (3, 1, 2),
        (4, 3, 1),
        (1, 4, 1),
        (5, 5, 1),
    ]
    assert "(rank 1, shared by 2; p = " in sites[0].sentence


def test_a_line_of_all_rollouts_is_no_news_and_few_rollouts_tell_nothing():
    everywhere = {Site(1, "executed", "line"): Hits(60, 4)}
    (site,) = blame_hits(everywhere, 60, 4)
    assert site.ochiai > 0.9 and site.p_value == 1.0 and not site.tells_apart
    (few,) = blame_hits({Site(1, "executed", "line"): Hits(2, 0)}, 2, 2)
    assert few.ochiai == few.tarantula == 1.0 and few.p_value == pytest.approx(1 / 6) and not few.tells_apart


def test_where_all_fail_or_pass_it_says_that_there_is_no_comparison():
    hits = {Site(1, "executed", "line"): Hits(8, 0)}
    sites = blame_hits(hits, 8, 0)
    assert not any(site.tells_apart for site in sites)
    (said,) = comparison(sites, 8, 0, shown=3)
    assert "no rollout passes" in said and "cannot be compared" in said and "milestones" in said and "--forks" in said
    assert comparison(blame_hits({}, 0, 8), 0, 8, shown=3) == []
    assert "more often than chance explains" in comparison((), 8, 8, shown=3)[0]


def test_what_tells_failures_apart_comes_first_and_is_said(handmade):
    for k in range(20):
        handmade.add(handmade.draft_calls(close="EMPTY_GRASP" if k % 2 else "OK"), passed=not k % 2)
    batch = handmade.build()
    sites = blame_sites(batch, batch.passes())
    assert (sites[0].line, sites[0].what, sites[0].spectrum, sites[0].ochiai) == (5, "close_gripper", "not-ok", 1.0)
    assert not any(site.tells_apart for site in sites[1:])
    (said,) = comparison(sites, 10, 10, shown=3)
    assert said.startswith(
        "line 5 close_gripper not OK: in 10/10 failed, 0/10 passed; Ochiai 1.00, Tarantula 1.00 (rank 1;"
    )


def test_only_the_asked_program_counts(handmade):
    handmade.add(handmade.draft_calls(), passed=True)
    handmade.add(handmade.draft_calls(close="EMPTY_GRASP"), program=Program("other\n", name="other"))
    batch = handmade.build()
    assert all(s.failed == 0 and s.passed == 1 for s in blame_sites(batch, batch.passes(), program=0))
    assert all(s.failed == 1 and s.failed_hits == 1 for s in blame_sites(batch, batch.passes(), program=1))


def test_no_rollouts(handmade):
    batch = handmade.build()
    assert blame_sites(batch, batch.passes()) == ()
