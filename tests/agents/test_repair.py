"""Repairs: patterns, the checks on their text, and the way to a skill and back."""

from __future__ import annotations

import pytest

from aspire_mjx.agents.repair import Pattern, Repair
from aspire_mjx.agents.repertoire import REPERTOIRE
from aspire_mjx.errors import AspireError
from aspire_mjx.faults.signature import Signature
from aspire_mjx.language.policy import findings
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.skills.skill import ENCLOSING_FUNCTION, parse_skill

EMPTY = Signature.parse("gripped/close_gripper/EMPTY_GRASP/-/target")


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (Pattern(), True),
        (Pattern(status="EMPTY_GRASP"), True),
        (Pattern(status="EMPTY_GRASP", milestone="gripped", primitive="close_gripper", role="target"), True),
        (Pattern(status="EMPTY_GRASP", milestone="carried"), False),
        (Pattern(role="container"), False),
    ],
)
def test_a_pattern_matches_what_it_names(pattern, matches):
    assert pattern.matches(EMPTY) is matches
    assert Pattern.of(EMPTY).matches(EMPTY)


@pytest.mark.parametrize(
    ("name", "sketch", "wrong"),
    [
        ("Look Again", "def f():\n    pass\n", "Look Again"),
        ("look", "x = 1\n", "one function"),
        ("look", "def f():\n    pass\n\n\ndef g():\n    pass\n", "one function"),
        ("look", "def f(:\n", "line 1"),
    ],
)
def test_a_repair_that_cannot_be_is_refused(name, sketch, wrong):
    with pytest.raises(AspireError, match=wrong):
        Repair(name, "d", "w", (), "wait", sketch)


def test_names_and_helpers_of_the_repertoire_are_distinct():
    assert len({r.name for r in REPERTOIRE}) == len({r.helper for r in REPERTOIRE}) == len(REPERTOIRE)


@pytest.mark.parametrize("repair", REPERTOIRE, ids=lambda r: r.name)
def test_a_repair_becomes_a_skill_and_comes_back(repair):
    assert findings(repair.sketch, ROBOT_API) == ()
    assert repair.replaces == ENCLOSING_FUNCTION or repair.replaces in ROBOT_API
    back = Repair.of_skill(parse_skill(repair.as_skill(EMPTY).format()))
    assert back.sketch.strip() == repair.sketch.strip() and back.from_library
    assert (back.name, back.replaces, back.layer, back.outermost, back.helper) == (
        repair.name,
        repair.replaces,
        repair.layer,
        repair.outermost,
        repair.helper,
    )
    assert back.answers_to(EMPTY)
