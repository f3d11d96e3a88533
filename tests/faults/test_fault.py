"""The fault of one rollout, case by case. Each case is a call sequence and the signature a person would give it."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.faults.fault import find_faults, phases_of
from aspire_mjx.machine.output import Outcome


def fault(handmade, calls, **columns):
    row = handmade.add(calls, **columns)
    return find_faults(handmade.build(), [row])[0]


def key(handmade, calls, **columns) -> str:
    return fault(handmade, calls, **columns).signature.key


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ({}, "open_gripper/release/OK/-/target"),
        ({"look": "NOT_FOUND"}, "get_object_pose/reach/NOT_FOUND/-/target"),
        ({"look_place": "AMBIGUOUS"}, "get_object_pose/reach/AMBIGUOUS/-/container"),
        ({"close": "EMPTY_GRASP"}, "close_gripper/grasp/EMPTY_GRASP/-/target"),
        ({"close": "EMPTY_GRASP", "carry": "BLOCKED"}, "close_gripper/grasp/EMPTY_GRASP/-/target"),
        ({"reach": "BLOCKED", "close": "EMPTY_GRASP"}, "goto_pose/reach/BLOCKED/-/target"),
        ({"reach": "BLOCKED"}, "open_gripper/release/OK/-/target"),  # the grasp closed all the same
        ({"carry": "IK_INFEASIBLE"}, "goto_pose/carry/IK_INFEASIBLE/-/container"),
        ({"lift": "SLIPPED"}, "goto_pose/carry/SLIPPED/-/target"),
        ({"carry": "SLIPPED"}, "goto_pose/carry/SLIPPED/-/target"),
        ({"home": "BLOCKED"}, "goto_home_joint_position/verify/BLOCKED/-/none"),
    ],
)
def test_draft_program(handmade, statuses, expected):
    calls = handmade.draft_calls(**statuses)
    for call in calls:
        if call["status"] in ("NOT_FOUND", "AMBIGUOUS"):
            call["seen"] = None
    if "look" in statuses:  # the draft cannot go on without a position
        calls = calls[:1]
    assert key(handmade, calls) == expected


def test_contact_is_part_of_a_blocked_call_only(handmade):
    calls = handmade.draft_calls(carry="BLOCKED")
    for call in calls[4:]:
        call |= {"contact_a": "hand", "contact_b": "basket_1"}
    assert key(handmade, calls) == "goto_pose/carry/BLOCKED/container/container"
    assert key(handmade, [*calls[:4], calls[4] | {"status": "EMPTY_GRASP"}]).endswith("EMPTY_GRASP/-/target")


def test_a_slip_names_what_was_hit_but_not_what_was_held(handmade):
    calls = handmade.draft_calls(carry="SLIPPED")
    for hit, contact in (("alphabet_soup", "-"), ("milk", "other"), ("basket", "container")):
        calls[6] |= {"contact_a": "finger_left_pad", "contact_b": hit}
        assert key(handmade, calls) == f"goto_pose/carry/SLIPPED/{contact}/target"


def retry(handmade, *closes: str, **statuses: str) -> list[dict]:
    """A program that tries to grasp again: look, reach, close for every status in ``closes``, then carry on."""
    look, look_place, opening, reach, close, lift, carry, release, home = handmade.draft_calls(**statuses)
    calls = [look, look_place]
    for status in closes:
        calls += [opening, look, reach, close | {"status": status}, lift]
    return [*calls, carry, release, home]


def test_a_grasp_that_was_repeated_with_success_is_not_blamed(handmade):
    assert key(handmade, retry(handmade, "EMPTY_GRASP", "EMPTY_GRASP", "OK")) == "open_gripper/release/OK/-/target"


def test_of_repeated_tries_the_last_is_blamed(handmade):
    found = fault(handmade, retry(handmade, "EMPTY_GRASP", "EMPTY_GRASP"))
    assert found.signature.key == "close_gripper/grasp/EMPTY_GRASP/-/target" and found.call == 2 + 5 + 3


def test_a_reach_that_worked_on_the_second_try_is_not_blamed(handmade):
    calls = retry(handmade, "EMPTY_GRASP", "EMPTY_GRASP")
    calls[4] = calls[4] | {"status": "BLOCKED"}
    assert key(handmade, calls) == "close_gripper/grasp/EMPTY_GRASP/-/target"


def test_not_found_then_found_is_not_blamed(handmade):
    calls = handmade.draft_calls(carry="TIMEOUT")
    lost = calls[0] | {"status": "NOT_FOUND", "seen": None}
    assert key(handmade, [lost, lost, *calls]) == "goto_pose/carry/TIMEOUT/-/container"
    other_way = handmade.call("sample_grasp_pose", line=1, text="Alphabet soup", seen=handmade.pick)
    assert key(handmade, [lost, other_way, *calls[1:]]) == "goto_pose/carry/TIMEOUT/-/container"


def test_another_prompt_makes_good_only_through_a_grasp(handmade):
    calls = handmade.draft_calls()
    lost = handmade.call("get_object_pose", "NOT_FOUND", line=1, text="red tin")
    assert key(handmade, [lost, *calls]) == "open_gripper/release/OK/-/target"
    assert key(handmade, [lost, *calls[:4], calls[4] | {"status": "EMPTY_GRASP"}]).startswith("get_object_pose")
    lost_place = calls[1] | {"status": "NOT_FOUND", "seen": None}
    assert key(handmade, [calls[0], lost_place, *calls[2:]]) == "get_object_pose/reach/NOT_FOUND/-/container"


def test_slip_is_made_good_by_grasping_again(handmade):
    look, _, opening, reach, close, lift, carry, release, _ = handmade.draft_calls()
    slipped = lift | {"status": "SLIPPED"}
    calls = [look, reach, close, slipped, opening, look, reach, close, lift, carry, release]
    assert key(handmade, calls) == "open_gripper/release/OK/-/target"
    assert key(handmade, [look, reach, close, slipped, carry, release]) == "goto_pose/carry/SLIPPED/-/target"


def test_closing_the_empty_hand_after_the_job_is_no_fault(handmade):
    calls = handmade.draft_calls()
    assert key(handmade, [*calls, calls[4] | {"status": "EMPTY_GRASP"}]) == "open_gripper/release/OK/-/target"


def test_looking_and_closing_again_after_a_release_is_a_new_try(handmade):
    calls = handmade.draft_calls()
    again = [*calls, calls[0], calls[3], calls[4] | {"status": "EMPTY_GRASP"}]
    assert key(handmade, again) == "close_gripper/grasp/EMPTY_GRASP/-/target"


def test_losing_the_object_found_by_closing_again(handmade):
    calls = handmade.draft_calls()
    calls.insert(6, calls[4] | {"status": "EMPTY_GRASP"})
    assert key(handmade, calls) == "close_gripper/carry/EMPTY_GRASP/-/target"


def test_nothing_grasped(handmade):
    found = fault(handmade, handmade.draft_calls()[:4])
    assert found.signature.key == "-/reach/OK/-/none" and found.call is None and "nothing was ever" in found.sentence
    assert key(handmade, []) == "-/reach/OK/-/none"


def test_a_closing_before_any_look_is_about_nothing(handmade):
    assert key(handmade, [handmade.call("close_gripper", "EMPTY_GRASP", line=1)]).endswith("EMPTY_GRASP/-/none")


def test_never_released(handmade):
    assert key(handmade, handmade.draft_calls()[:7]) == "close_gripper/grasp/OK/-/target"


def test_program_error_after_a_failed_look_is_the_look(handmade):
    lost = handmade.draft_calls(look="NOT_FOUND")[0] | {"seen": None}
    columns = {"outcome": Outcome.PROGRAM_ERROR, "error": "PerceptionError: no value", "error_line": 1}
    found = fault(handmade, [lost], **columns)
    assert found.signature.key == "get_object_pose/reach/NOT_FOUND/-/target"
    assert found.sentence.endswith(" It ended with draft:1: PerceptionError: no value.")


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.PROGRAM_ERROR, "goto_pose/carry/PROGRAM_ERROR/-/target/IndexError:6"),
        (Outcome.OUT_OF_STEPS, "goto_pose/carry/OUT_OF_STEPS/-/target"),
        (Outcome.OUT_OF_INSTRUCTIONS, "goto_pose/carry/OUT_OF_INSTRUCTIONS/-/target"),
        (Outcome.DIVERGED, "goto_pose/carry/DIVERGED/-/target"),
        (Outcome.ENGINE_FAULT, "goto_pose/carry/ENGINE_FAULT/-/target"),
    ],
)
def test_early_ends_have_their_own_kind(handmade, outcome, expected):
    error = "IndexError: list index out of range"
    found = fault(handmade, handmade.draft_calls()[:6], outcome=outcome, error=error, error_line=6)
    assert found.signature.key == expected and found.signature.kind == outcome.name.lower().replace("_", "-")
    assert f"line 6: {error}" in found.sentence and "goto_pose" in found.sentence
    assert (found.line, found.error) == (6, f"draft:6: {error}")
    assert key(handmade, [], outcome=outcome) == f"-/reach/{outcome.name}/-/none"


def test_role_follows_the_place_a_motion_aims_at(handmade):
    calls = handmade.draft_calls()
    # Both objects are looked at before the first motion: the last prompt is the basket, the reach is for the target.
    assert key(handmade, [*calls[:3], calls[3] | {"status": "TIMEOUT"}]) == "goto_pose/reach/TIMEOUT/-/target"
    far = calls[3] | {"status": "TIMEOUT", "at": np.array([0.1, 0.6, 0.4])}
    assert key(handmade, [*calls[:3], far]) == "goto_pose/reach/TIMEOUT/-/none"
    elsewhere = handmade.call("get_object_pose", line=1, text="milk", seen=np.array([0.1, 0.6, 0.0]))
    assert key(handmade, [*calls[:3], elsewhere, far]) == "goto_pose/reach/TIMEOUT/-/other"


def test_joint_motion_takes_the_role_of_its_inverse_kinematics(handmade):
    calls = handmade.draft_calls()
    ik = handmade.call("solve_ik", line=4, at=handmade.pick)
    move = handmade.call("move_to_joints", "BLOCKED", line=5)
    assert key(handmade, [*calls[:3], ik, move]) == "move_to_joints/reach/BLOCKED/-/target"


def test_phases_from_calls_alone():
    calls = ["look", "close", "lift", "close", "move", "open", "move", "home"]
    calls += ["look", "move", "close", "move", "open", "close"]
    names = {"close": "close_gripper", "open": "open_gripper", "look": "get_object_pose"}
    ok = [c != 1 for c in range(len(calls))]  # the first closing holds nothing
    phases = phases_of([names.get(c, "goto_pose") for c in calls], [c == "look" for c in calls], ok)
    assert phases == [
        *("reach", "grasp", "reach", "grasp", "carry", "release", "verify", "verify"),
        *("reach", "reach", "grasp", "carry", "release", "verify"),
    ]


def test_program_text_and_line_do_not_change_the_signature(handmade):
    calls = handmade.draft_calls(close="EMPTY_GRASP")
    moved = [call | {"line": call["line"] + 100, "path": "pick:3>inner:103"} for call in calls]
    assert key(handmade, calls) == key(handmade, moved)


def test_sentence_names_line_status_reason_and_measures(handmade):
    sentence = fault(handmade, handmade.draft_calls(carry="TIMEOUT")).sentence
    assert sentence.startswith("line 7: goto_pose in the carry phase (object: container) returned TIMEOUT")
    assert "residual 0.004 m" in sentence and sentence.endswith(".")
    assert "margin -0.040 m" in fault(handmade, handmade.draft_calls()).sentence
