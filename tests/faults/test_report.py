"""The fault report: counts, groups, order, and independence of the order of rollouts."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from rich.console import Console

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.faults.diagnosis import diagnose
from aspire_mjx.faults.report import FaultTally, analyse
from aspire_mjx.faults.statistics import wilson
from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from tests.support.handmade import DRAFT

OTHER = Program("pose = get_object_pose('milk')[0]\n", name="other")


@pytest.fixture
def batch(handmade):
    """30 rollouts of the draft (12 miss the grasp, 5 are blocked, 3 fail with every call OK), 4 of another one."""
    widths = iter(np.linspace(0.0, 0.0011, 12))
    for k in range(30):
        calls = handmade.draft_calls(close="EMPTY_GRASP" if k < 12 else "OK", carry="BLOCKED" if 12 <= k < 17 else "OK")
        if k < 12:
            calls[4] |= {"width": next(widths)}
        calls = handmade.judged(calls, held=() if k < 12 else (4, 5, 6), holds=(8,) if k >= 20 else ())
        handmade.add(calls, passed=k >= 20, strict=k >= 22, seed=80 - k, factors={"mass": float(k)})
    for k in range(4):
        handmade.add([], program=OTHER, passed=True, seed=51 + k)
    return handmade.build()


def test_counts_and_groups(batch):
    report = analyse(batch)
    draft, other = report.programs
    assert (draft.trials, draft.passes, draft.strict_passes, draft.interval) == (30, 10, 8, wilson(10, 30))
    assert [(g.signature.key, g.count) for g in draft.groups] == [
        ("touched/close_gripper/EMPTY_GRASP/-/target", 12),
        ("holds/goto_pose/BLOCKED/-/target", 5),
        ("holds/-/OK/-/none", 3),
    ]
    first = draft.groups[0]
    assert first.interval == wilson(12, 30) and first.share == pytest.approx(0.4)
    assert first.examples == (6, 5, 7)  # the widths nearest to the median, of equals the lowest seed first
    assert first.seeds == tuple(range(69, 81)) and first.members == ((first.signature, 12),)
    assert (first.line, first.source) == (5, "close_gripper()")
    assert first.medians["width"] == pytest.approx(0.00055) and first.medians["margin"] == pytest.approx(-0.04)
    assert draft.blame[0].line == 5 and draft.blame[0].spectrum == "not-ok"
    assert draft.effects[0].name == "mass" and draft.effects[0].significant
    assert (other.name, other.passes / other.trials, other.groups) == ("other", 1.0, ())
    assert [f.rollout for f in report.faults] == list(range(20))


def test_parts_give_the_report_of_the_whole_and_keep_no_calls(batch):
    whole, tally = analyse(batch), FaultTally()
    for start, end in ((0, 1), (1, 14), (14, 31), (31, 34)):
        tally.add(batch.select(range(start, end)))
    assert tally.report() == whole
    assert tally.report().to_json() == whole.to_json() and tally.report().text() == whole.text()
    kept = tally.rollouts()
    assert len(kept) == len(batch) and len(kept.calls["rollout"]) == 0
    for column in ("task", "factors", "error"):
        assert kept.rollout_text(column).tolist() == batch.rollout_text(column).tolist()


def test_strict_verdict(batch):
    assert analyse(batch, verdict="strict").programs[0].passes == 8
    with pytest.raises(UnknownNameError, match="strict"):
        analyse(batch, verdict="both")  # pyright: ignore[reportArgumentType]


def test_permuting_rollouts_permutes_the_report(batch):
    order = np.random.default_rng(0).permutation(len(batch))
    report, shuffled = analyse(batch).to_json(), analyse(batch.select(order)).to_json()
    where = {int(old): new for new, old in enumerate(order)}
    assert {(where[f["rollout"]], f["signature"], f["sentence"]) for f in report["faults"]} == {
        (f["rollout"], f["signature"], f["sentence"]) for f in shuffled["faults"]
    }
    for program in report["programs"]:
        for group in program["groups"]:
            group["examples"] = [where[r] for r in group["examples"]]
    by_name = {program["name"]: program for program in shuffled["programs"]}
    assert all(by_name[program["name"]] == program for program in report["programs"])


def test_text_is_short_and_says_line_source_and_numbers(batch):
    text = analyse(batch).text()
    assert "program draft" in text and "10/30 pass (95% 0.19-0.51), strict 8/30" in text
    fault = "fault touched/close_gripper/EMPTY_GRASP/-/target: 12/30 (95% 0.25-0.58), typical rollouts 6, 5, 7"
    assert fault in text and "rollout 6, line 5: close_gripper (object: target) returned EMPTY_GRASP" in text
    assert "first milestone missed (the judge's view): touched 12, holds 8" in text
    assert "line 5: close_gripper()" in text and "Ochiai" in text and "factor mass" in text
    assert len(text.splitlines()) < 30


def test_text_names_the_three_factors_that_tell_most(handmade):
    for k in range(20):
        handmade.add([], passed=k >= 10, factors={name: float(k) for name in ("mass", "size", "yaw", "fov")})
    assert analyse(handmade.build()).text().count("factor ") == 3


def test_table_shows_every_group_with_its_source(batch):
    shown = io.StringIO()
    Console(file=shown, width=80).print(analyse(batch).table())
    text = shown.getvalue()
    assert text.count("touched/close_gripper/EMPTY_GRASP/-/target") == 1 and "0.40 (0.25-0.58)" in text
    assert "line 7: goto_pose(place + [0.0, 0.0," in text and "other: 4/4 pass" in text


def test_a_program_error_shows_its_own_line_and_text(handmade):
    """Not the last call's; errors of one type are one group wherever they stand."""
    for line, count in ((7, 3), (2, 1)):
        for k in range(count):
            ended = {"outcome": Outcome.PROGRAM_ERROR, "error": "IndexError: list index out of range"}
            handmade.add(handmade.draft_calls()[:4], passed=False, seed=51 + k, error_line=line, **ended)
    report = analyse(handmade.build())
    (group,) = report.programs[0].groups
    assert group.signature.key == "-/-/PROGRAM_ERROR/-/none/IndexError" and group.count == 4
    assert (group.line, group.error) == (7, "draft:7: IndexError: list index out of range")
    assert group.source.startswith("goto_pose(place")
    shown = io.StringIO()
    Console(file=shown, width=120).print(report.table())
    for text in (report.text(), shown.getvalue()):
        assert "draft:7: IndexError: list index out of range" in text and "line 7: goto_pose(place" in text
    told = report.to_json()
    assert told["programs"][0]["groups"][0]["error"] == group.error
    assert {(fault["line"], fault["error"][:8]) for fault in told["faults"]} == {(7, "draft:7:"), (2, "draft:2:")}


def test_an_error_after_a_failed_call_shows_both_lines(handmade):
    """The call is the cause that is blamed; the error's own line is the one to look at first."""
    calls = handmade.draft_calls(look="NOT_FOUND")[:1]
    ended = {"outcome": Outcome.PROGRAM_ERROR, "error": "TypeError: unsupported operand type(s)", "error_line": 4}
    handmade.add(calls, passed=False, seed=51, **ended)
    (group,) = analyse(handmade.build()).programs[0].groups
    assert group.where[0] == "draft:4: TypeError: unsupported operand type(s)"
    assert group.where[1].startswith("line 4: goto_pose(pick, down") and len(group.where) == 3
    assert group.where[2].startswith("line 1: pick, down")


def test_signatures_that_differ_in_the_primitive_or_the_contact_alone_are_one_group(handmade):
    for k in range(6):
        name = "goto_home_joint_position" if k == 5 else "goto_pose"
        calls = handmade.draft_calls()[:4]
        call = handmade.call(name, "BLOCKED", line=4, contact_a="hand", contact_b="milk" if k == 4 else "floor")
        handmade.add(handmade.judged([*calls, call]))
    (group,) = analyse(handmade.build()).programs[0].groups
    assert group.signature.key == "touched/goto_pose/BLOCKED/support/target" and group.count == 6
    assert [count for _, count in group.members] == [4, 1, 1]
    text = analyse(handmade.build()).text()
    assert "with touched/goto_home_joint_position/BLOCKED/support/target 1, touched/goto_pose/BLOCKED/other" in text


def test_a_report_keeps_within_its_tokens_and_counts_what_it_leaves_out(handmade):
    names = ("NOT_FOUND", "AMBIGUOUS", "IK_INFEASIBLE", "IN_COLLISION", "PLANNING_ERROR", "BLOCKED", "TIMEOUT")
    for k in range(35):
        handmade.add([handmade.call("goto_pose", names[k % 7], line=4, message="why " * 300)])
    text = analyse(handmade.build()).text()
    assert len(text) <= 1_500 * 4 + 80 and text.startswith("program draft")
    assert "left out for length: " in text.splitlines()[-1]
    assert len(analyse(handmade.build()).text(tokens=100_000).splitlines()) > len(text.splitlines())


def test_a_diagnosis_stands_in_the_report_in_place_of_its_own_findings(batch):
    report = analyse(batch)
    (line, source), *_ = report.programs[0].suspects
    assert f"look at line {line}: {source}" in report.text() and "first milestone missed" in report.text()
    told = report.text(diagnose(batch))
    assert told.count("first milestone missed") == 1 and told.startswith(report.text().splitlines()[0])


def test_json_is_plain(batch):
    report = analyse(batch)
    assert json.loads(json.dumps(report.to_json())) == report.to_json()
    assert report.to_json()["programs"][0]["effects"][0]["interval_high"] < -0.5


def test_empty_batch(handmade):
    report = analyse(handmade.build())
    assert report.programs == () and report.text() == "" and report.to_json()["faults"] == []


def test_rates_over_several_tasks_draw_seeds_as_wholes(handmade):
    for task in range(5):
        for seed in range(20):
            calls = handmade.draft_calls(close="EMPTY_GRASP" if seed < 8 else "OK")
            handmade.add(calls, task=f"libero_object/{task}", seed=seed, passed=seed >= 8)
    (draft,) = analyse(handmade.build()).programs
    for interval, bound in ((draft.interval, wilson(60, 100)), (draft.groups[0].interval, wilson(40, 100))):
        assert interval.low < bound.low and bound.high < interval.high
        assert interval.high - interval.low > 1.8 * (bound.high - bound.low)
    (values,) = analyse(handmade.build()).to_json()["programs"]
    assert (values["interval_low"], values["interval_high"]) == draft.interval


def test_a_call_that_most_failed_rollouts_lack_is_named(handmade):
    without = Program("".join(line for n, line in enumerate(DRAFT.text.splitlines(True)) if n != 4), name="no_close")
    for _ in range(6):
        calls = [call for call in handmade.draft_calls() if call["primitive"] != "close_gripper"]
        handmade.add(handmade.judged(calls), program=without)
    report = analyse(handmade.build())
    assert "missing call: close_gripper after line 4" in report.text()
    assert report.to_json()["programs"][0]["missing"]["call"] == "close_gripper"
