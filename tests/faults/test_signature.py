"""Fault signatures: keys round trip; roles come from words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.faults.anomalies import ANOMALIES
from aspire_mjx.faults.roles import CONTACTS, ROLES, contact_role, role_of_text
from aspire_mjx.faults.signature import MISSED, SIGNATURE_KINDS, STATUSES, Signature
from aspire_mjx.primitives.robot_api import ROBOT_API

SIGNATURES = st.builds(
    Signature,
    st.sampled_from(MISSED),
    st.sampled_from(("-", *ROBOT_API.names)),
    st.sampled_from(STATUSES),
    st.sampled_from(CONTACTS),
    st.sampled_from(ROLES),
)


@given(SIGNATURES)
def test_keys_round_trip(signature):
    assert Signature.parse(signature.key) == signature
    assert signature.kind in SIGNATURE_KINDS and " " not in signature.key and str(signature) == signature.key


def test_keys_are_stable():
    signature = Signature("gripped", "close_gripper", "EMPTY_GRASP", role="target")
    assert signature.key == "gripped/close_gripper/EMPTY_GRASP/-/target" and signature.kind == "call-failed"
    assert Signature.parse("released/-/OK/-/none").kind == "goal-not-met"
    assert Signature.parse("-/-/PROGRAM_ERROR/-/none").kind == "program-error"
    failed = Signature("seen", "-", "PROGRAM_ERROR", error="TypeError")
    assert failed.key == "seen/-/PROGRAM_ERROR/-/none/TypeError" and Signature.parse(failed.key) == failed
    assert Signature.parse("carried/-/OUT_OF_STEPS/-/none").kind == "out-of-steps"
    assert {Signature.parse(f"holds/goto_pose/{name}/-/target").kind for name in ANOMALIES} == {"anomaly"}


@pytest.mark.parametrize(
    ("key", "error", "said"),
    [
        ("gripped/close_gripper/EMPTY_GRASP", AspireError, "3 parts"),
        ("gripepd/close_gripper/EMPTY_GRASP/-/target", UnknownNameError, "gripped"),
        ("gripped/close_gripper/EMPTY/-/target", UnknownNameError, "EMPTY_GRASP"),
        ("gripped/close_gripper/EMPTY_GRASP/wall/target", UnknownNameError, "container"),
        ("gripped/close_gripper/EMPTY_GRASP/-/soup", UnknownNameError, "target"),
        ("gripped/Close Gripper/EMPTY_GRASP/-/target", AspireError, "primitive"),
        ("gripped/close_gripper/EMPTY_GRASP/-/target/TypeError", AspireError, "PROGRAM_ERROR only"),
        ("seen/-/PROGRAM_ERROR/-/none/TypeError:27", AspireError, "e.g. TypeError"),
        ("close_gripper/grasp/EMPTY_GRASP/-/target", AspireError, "before milestones .* put the first milestone"),
        ("-/reach/PROGRAM_ERROR/-/none/TypeError:27", AspireError, "before milestones"),
    ],
)
def test_bad_keys_name_what_is_known(key, error, said):
    with pytest.raises(error, match=said):
        Signature.parse(key)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("alphabet soup", "target"),
        ("the alphabet soup can", "target"),
        ("Alphabet_Soup_1", "target"),
        ("soup", "target"),
        ("basket", "container"),
        ("wicker basket", "container"),
        ("tomato sauce", "other"),
        ("", "none"),
        ("123", "none"),
    ],
)
def test_role_of_text(text, role):
    assert role_of_text(text, target="alphabet_soup", container="basket") == role


def test_role_of_text_knows_what_the_detector_knows():
    def role(text):
        return role_of_text(text, target="chefmate_8_frypan", container="wooden_cabinet")

    assert [role(text) for text in ("frying pan", "top drawer of the cabinet", "red mug")] == [
        "target",
        "container",
        "other",
    ]


@pytest.mark.parametrize(
    ("target", "container", "parts"),
    [
        (
            "wooden_cabinet",
            "wooden_cabinet",
            {
                "middle drawer handle": "target",
                "handle of the middle drawer": "target",
                "top drawer": "target",
                "drawer": "target",
                "brown cabinet handle": "target",
                "stove control knob": "other",
                "mug handle": "other",
            },
        ),
        ("flat_stove", "flat_stove", {"stove control knob": "target", "knob": "target", "drawer handle": "other"}),
        ("moka_pot", "flat_stove", {"knob of the stove": "container", "burner": "container", "moka pot": "target"}),
        (
            "akita_black_bowl",
            "wooden_cabinet",
            {"bottom drawer handle": "container", "top of the cabinet": "container"},
        ),
        ("black_book", "desk_caddy", {"back compartment of the caddy": "container", "handle": "other"}),
        ("porcelain_mug", "plate", {"mug handle": "target", "handle of the mug": "target", "microwave door": "other"}),
        ("white_yellow_mug", "microwave", {"microwave door": "container", "door handle": "container"}),
    ],
)
def test_a_part_has_the_role_of_its_thing(target, container, parts):
    found = {text: role_of_text(text, target=target, container=container) for text in parts}
    assert found == parts


def test_role_of_text_prefers_the_closer_category_then_the_target():
    assert role_of_text("milk box", target="milk", container="milk_box") == "container"
    assert role_of_text("milk", target="milk", container="milk_box") == "target"


@pytest.mark.parametrize(
    ("pair", "role"),
    [
        (("", ""), "-"),
        (("hand", "basket_1"), "container"),
        (("basket", "left_finger_pad"), "container"),
        (("link5_capsule", "link2"), "self"),
        (("left_finger", "floor"), "support"),
        (("left_finger", "alphabet_soup_1"), "target"),
        (("alphabet_soup_1", "basket_1"), "container"),
        (("alphabet_soup_1", "floor"), "support"),
        (("hand", "milk_1"), "other"),
        (("hand", ""), "self"),
        (("wrist_box", "basket"), "container"),
        (("finger_right_pad", "milk"), "other"),
    ],
)
def test_contact_role(pair, role):
    assert contact_role(*pair, target="alphabet_soup", container="basket") == role
    assert contact_role(*reversed(pair), target="alphabet_soup", container="basket") == role
