"""The fault of one rollout, case by case. Each case is a call sequence and the signature a person would give it."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.faults.fault import find_faults
from aspire_mjx.machine.output import Outcome

#: Calls of the draft: look, look_place, open, reach, close, lift, carry, release, home.
CLOSE, LIFT, CARRY, RELEASE, HOME = 4, 5, 6, 7, 8
BESIDE = np.array([0.4, -0.14, 0.2])  # 16 cm from its place


def fault(handmade, calls, **columns):
    row = handmade.add(calls, **columns)
    return find_faults(handmade.build(), [row])[0]


def key(handmade, calls, **columns) -> str:
    return fault(handmade, calls, **columns).signature.key


def draft(handmade, *, held=(), at=None, holds=(), **statuses):
    """The calls of the draft with what the judge saw."""
    calls = handmade.draft_calls(**statuses)
    for call in calls:
        if call["status"] in ("NOT_FOUND", "AMBIGUOUS"):
            call["seen"] = None
    return handmade.judged(calls, held=held, at=at, holds=holds)


@pytest.mark.parametrize(
    ("statuses", "held", "at", "expected"),
    [
        ({"close": "EMPTY_GRASP"}, (), {}, "touched/close_gripper/EMPTY_GRASP/-/target"),
        ({"close": "EMPTY_GRASP", "carry": "BLOCKED"}, (), {}, "touched/close_gripper/EMPTY_GRASP/-/target"),
        ({"reach": "BLOCKED", "close": "EMPTY_GRASP"}, (), {}, "touched/goto_pose/BLOCKED/-/target"),
        ({"reach": "BLOCKED"}, (4, 5, 6), {}, "holds/-/OK/-/none"),  # the grasp closed all the same
        ({"carry": "IK_INFEASIBLE"}, (4, 5, 6), {}, "holds/goto_pose/IK_INFEASIBLE/-/target"),
        ({"lift": "SLIPPED"}, (4,), {}, "lifted/goto_pose/slip-after-grasp/-/target"),
        ({"carry": "SLIPPED"}, (4, 5), {}, "carried/goto_pose/slip-after-grasp/-/target"),
        ({"home": "BLOCKED"}, (4, 5, 6), {}, "holds/goto_home_joint_position/BLOCKED/-/target"),
        ({}, (4, 5, 6), {6: BESIDE}, "holds/open_gripper/released-beside/-/target"),
        ({}, (4, 5, 6, 7, 8), {}, "released/-/OK/-/none"),
        ({}, (), {}, "touched/-/OK/-/none"),
    ],
)
def test_draft_program(handmade, statuses, held, at, expected):
    assert key(handmade, draft(handmade, held=held, at=at, **statuses)) == expected


def test_a_look_that_finds_nothing(handmade):
    assert key(handmade, draft(handmade, look="NOT_FOUND")[:1]) == "seen/get_object_pose/NOT_FOUND/-/target"


def test_without_the_judges_view_no_milestone_is_known(handmade):
    calls = handmade.draft_calls(close="EMPTY_GRASP", home="BLOCKED")
    assert key(handmade, calls) == "-/close_gripper/EMPTY_GRASP/-/none"
    assert key(handmade, handmade.draft_calls()) == key(handmade, []) == "-/-/OK/-/none"


def test_what_passing_rollouts_have_too_is_not_blamed(handmade):
    """All slip on the way, harmlessly; those that fail let go beside the basket."""
    for number in range(20):
        passed = number < 8
        calls = draft(handmade, held=(4, 5, 6), at={} if passed else {6: BESIDE}, holds=(8,) if passed else ())
        calls[CARRY] |= {"status": "SLIPPED"}
        handmade.add(calls, passed=passed)
    found = find_faults(handmade.build(), range(8, 20))
    assert {each.signature.key for each in found} == {"holds/open_gripper/released-beside/-/target"}


def test_what_few_rollouts_have_is_blamed_less_than_what_all_have(handmade):
    for number in range(10):
        calls = draft(handmade, close="EMPTY_GRASP")
        calls[3] |= {"status": "BLOCKED" if number == 3 else "OK"}
        handmade.add(calls)
    found = find_faults(handmade.build(), range(10))
    assert {each.signature.key for each in found} == {"touched/close_gripper/EMPTY_GRASP/-/target"}


def test_contact_is_part_of_a_blocked_call_only(handmade):
    calls = draft(handmade, held=(4, 5, 6), carry="BLOCKED")
    for call in calls[4:]:
        call |= {"contact_a": "hand", "contact_b": "basket"}
    assert key(handmade, calls) == "holds/goto_pose/BLOCKED/container/target"
    empty = draft(handmade, close="EMPTY_GRASP")
    empty[CLOSE] |= {"contact_a": "hand", "contact_b": "basket"}
    assert key(handmade, empty).endswith("EMPTY_GRASP/-/target")


def test_a_slip_names_what_was_hit_but_not_what_was_held(handmade):
    calls = draft(handmade, held=(4, 5, 6, 7, 8), carry="SLIPPED")
    for hit, contact in (("alphabet_soup", "-"), ("milk", "other")):
        calls[CARRY] |= {"contact_a": "finger_left_pad", "contact_b": hit}
        assert key(handmade, calls) == f"released/goto_pose/SLIPPED/{contact}/target"


def test_program_error_after_a_failed_look_is_the_look(handmade):
    lost = draft(handmade, look="NOT_FOUND")[:1]
    columns = {"outcome": Outcome.PROGRAM_ERROR, "error": "PerceptionError: no value", "error_line": 1}
    found = fault(handmade, lost, **columns)
    assert found.signature.key == "seen/get_object_pose/NOT_FOUND/-/target"
    assert found.sentence.endswith(" It ended with draft:1: PerceptionError: no value.")


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.PROGRAM_ERROR, "carried/-/PROGRAM_ERROR/-/none/IndexError"),
        (Outcome.OUT_OF_STEPS, "carried/-/OUT_OF_STEPS/-/none"),
        (Outcome.OUT_OF_INSTRUCTIONS, "carried/-/OUT_OF_INSTRUCTIONS/-/none"),
        (Outcome.DIVERGED, "carried/-/DIVERGED/-/none"),
        (Outcome.ENGINE_FAULT, "carried/-/ENGINE_FAULT/-/none"),
    ],
)
def test_early_ends_have_their_own_kind(handmade, outcome, expected):
    error = "IndexError: list index out of range"
    calls = draft(handmade, held=(4, 5))[:6]
    found = fault(handmade, calls, outcome=outcome, error=error, error_line=6)
    assert found.signature.key == expected and found.signature.kind == outcome.name.lower().replace("_", "-")
    assert f"line 6: {error}" in found.sentence and (found.line, found.error) == (6, f"draft:6: {error}")
    assert key(handmade, [], outcome=outcome) == f"-/-/{outcome.name}/-/none"


def test_role_follows_the_place_a_motion_aims_at(handmade):
    # Both objects are looked at before the first motion: the last prompt is the basket, the reach is for the target.
    calls = handmade.draft_calls()[:3]
    reach = handmade.call("goto_pose", "TIMEOUT", line=4, at=handmade.pick + [0, 0, 0.05])
    assert key(handmade, handmade.judged([*calls, reach])) == "touched/goto_pose/TIMEOUT/-/target"
    reach = handmade.call("goto_pose", "TIMEOUT", line=4, at=handmade.place + [0, 0, 0.05])
    assert key(handmade, handmade.judged([*calls, reach])) == "reached/goto_pose/TIMEOUT/-/container"


def test_program_text_and_line_do_not_change_the_signature(handmade):
    calls = draft(handmade, close="EMPTY_GRASP")
    moved = [call | {"line": call["line"] + 100, "path": "pick:3>inner:103"} for call in calls]
    assert key(handmade, calls) == key(handmade, moved)
    ended = {"outcome": Outcome.PROGRAM_ERROR, "error": "IndexError: list index out of range"}
    assert key(handmade, calls, **ended, error_line=6) == key(handmade, moved, **ended, error_line=106)


def test_a_miss_says_how_far_the_thing_was_from_where_it_was_seen_and_where_the_hand_was(handmade):
    calls = draft(handmade, at={2: handmade.pick + [0.032, 0.0, 0.0]}, close="EMPTY_GRASP")
    sentence = fault(handmade, calls).sentence
    assert sentence.startswith("line 5: close_gripper (object: target) returned EMPTY_GRASP: the gripper closed on")
    assert "[judge: the thing was 3.2 cm from where it was seen (+x 3.2)" in sentence
    assert "by a look 3.0 s old at line 1; the fingertips ended 3.2 cm beside (-x 3.2) its middle" in sentence


def test_a_goal_that_is_not_met_has_a_direction(handmade):
    sentence = fault(handmade, draft(handmade, held=(4, 5, 6), at={6: BESIDE})).sentence
    assert "let the thing go beside its place" in sentence and "16.0 cm beside (+y 16.0) and 15.0 cm above" in sentence
    high = handmade.place + [0.0, 0.0, 0.3]
    sentence = fault(handmade, draft(handmade, held=(4, 5, 6), at={6: high, 7: high})).sentence
    assert "let the thing go above its place" in sentence and "at the end it was 30.0 cm above its place" in sentence


def test_numbers_of_the_judge_stand_in_brackets_alone(handmade):
    """What programs cannot know is told apart from what they can."""
    own, _, judged = fault(handmade, draft(handmade, carry="TIMEOUT", held=(4, 5, 6))).sentence.partition(" [judge: ")
    assert own.startswith("line 7: goto_pose (object: target) returned TIMEOUT") and "residual 0.004 m" in own
    assert judged.endswith("]") and "cm" not in own
