"""What rollouts hit: calls against a count by hand, lines, branches and loops as the machine counts them."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.faults.spectrum import Hits, Site, site_hits
from aspire_mjx.language.program import Program

BRANCHES = """\
seen = steps_left()
if seen > 100:
    wait(0.1)
else:
    wait(0.2)
for trip in range(int(seen) - 99):
    wait(0.1)
while seen > 200:
    seen = seen - 100
"""


def test_call_sites_agree_with_a_count_by_hand(handmade):
    generator, verdicts = np.random.default_rng(3), []
    for _ in range(40):
        blocked, empty = generator.random(2) < (0.3, 0.4)
        calls = handmade.draft_calls(reach="BLOCKED" if blocked else "OK", close="EMPTY_GRASP" if empty else "OK")
        calls = calls[: generator.integers(1, 10)] + calls[:1]  # line 1 runs twice
        verdicts.append(bool(generator.random() < 0.5))
        handmade.add(calls, passed=verdicts[-1])
    batch = handmade.build()
    late = batch.calls["call"] > 6
    hits: dict[Site, set[int]] = {}
    for row in range(len(batch.calls["rollout"])):
        line, name = int(batch.calls["line"][row]), str(batch.call_text("primitive")[row])
        rollout = int(batch.calls["rollout"][row])
        hits.setdefault(Site(line, name, "call"), set()).add(rollout)
        if batch.calls["status"][row]:
            hits.setdefault(Site(line, name, "not-ok"), set()).add(rollout)
        if late[row]:
            hits.setdefault(Site(line, f"{name}: late", "outcome"), set()).add(rollout)
    found = site_hits(batch, batch.passes(), outcomes={"late": late, "never": np.zeros(len(late), bool)})
    assert found == {
        site: Hits(sum(not verdicts[row] for row in members), sum(verdicts[row] for row in members))
        for site, members in hits.items()
    }


def test_lines_branches_and_loops(handmade):
    program = Program(BRANCHES, name="branches")
    for executed, passed in (
        ("1 2 3 6:3 7:3 8:2 9", True),
        ("1 2 5 6 8", False),
        ("1 2 5 6 7 8", False),
    ):
        handmade.add([], program=program, passed=passed, executed=executed)
    batch = handmade.build()
    found = site_hits(batch, batch.passes())
    lines = {site.line: hits for site, hits in found.items() if site.spectrum == "line"}
    assert lines == {1: (2, 1), 2: (2, 1), 3: (0, 1), 5: (2, 0), 6: (2, 1), 7: (1, 1), 8: (2, 1), 9: (0, 1)}
    branches = {(site.line, site.what): hits for site, hits in found.items() if site.spectrum == "branch"}
    assert branches == {
        (2, "if taken"): (0, 1),
        (2, "if not taken"): (2, 0),
        (6, "loop without a trip"): (1, 0),
        (6, "loop with several trips"): (0, 1),
        (8, "loop without a trip"): (2, 0),
    }
    assert Hits(1, 2).plus(Hits(3, 4)) == (4, 6)


@pytest.mark.parametrize("body", ["pass", "'words'"])
def test_a_body_that_is_nothing_is_no_branch(handmade, body):
    handmade.add([], program=Program(f"if steps_left() > 9:\n    {body}\n", name="idle"), executed="1")
    batch = handmade.build()
    assert site_hits(batch, batch.passes()) == {Site(1, "executed", "line"): (1, 0)}


def test_a_program_that_never_began_need_not_parse(handmade):
    handmade.add([], program=Program("if if\n", name="broken"))
    batch = handmade.build()
    assert site_hits(batch, batch.passes()) == {}
