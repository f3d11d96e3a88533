"""Proposals: made of a model's words, compiled, and different from one another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aspire_mjx.agents.briefing import Briefing, Diagnosis, Parent
from aspire_mjx.agents.llm.proposals import Proposals, directions, form_of, proposal_tool
from aspire_mjx.agents.repertoire import REPERTOIRE
from aspire_mjx.agents.score import Score
from aspire_mjx.language.program import Program

RETRY = next(repair for repair in REPERTOIRE if repair.name == "retry-until-held")
HELPER = {
    "name": "take-again",
    "description": "Takes again.",
    "when": "Where a grasp misses.",
    "replaces": "enclosing-function",
    "code": RETRY.sketch,
}


@pytest.fixture
def briefing(toy) -> Briefing:
    parent = Parent(toy.first(), Score((51,), (False,), (False,)), Diagnosis())
    skills = (replace(RETRY, from_library=True),)
    return Briefing(task=toy.TASK, round=1, rounds=2, room=2, parents=(parent,), skills=skills)


def said(briefing: Briefing, **form):
    words = {name: name for name in ("hypothesis", "difference", "expected_failure")}
    return {"direction": 1, "parent": briefing.parents[0].candidate.key, **words, **form}


def taken(briefing: Briefing, *candidates, known: set[str] | None = None):
    proposals = Proposals(briefing, set() if known is None else known)
    return proposals, proposals.take({"candidates": list(candidates)})


def test_programs_helpers_and_skills_become_candidates(toy, briefing):
    proposals, wrong = taken(
        briefing,
        said(briefing, program="wait(1.0)\n"),
        said(briefing, helper=HELPER),
    )
    assert wrong is None
    whole, helped = proposals.settled()
    assert whole.program.text == "wait(1.0)\n" and whole.difference == "difference" and whole.parent == toy.FIRST.hash
    assert [repair.name for repair, _ in helped.repairs] == ["take-again"] and helped.hypothesis == "hypothesis"
    assert "retry_until_held" in helped.program.text and helped.base.text == toy.FIRST.text
    proposals, wrong = taken(briefing, said(briefing, skills=["retry-until-held"]))
    assert wrong is None and proposals.accepted[0].repairs[0][0].from_library


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "give one of program, helper, skills"),
        ({"program": "wait(1)\n", "skills": ["retry-until-held"]}, "it gives program, skills"),
        ({"program": "wait(1)\n", "parent": "abc"}, "unknown parent 'abc'"),
        ({"program": "def x(:\n"}, "program refused"),
        ({"program": "fly()\n"}, "fly"),
        ({"skills": ["look-twice"]}, "unknown retrieved skill 'look-twice'"),
        ({"helper": {**HELPER, "name": "Not A Name"}}, "lower-case words"),
        ({"helper": {**HELPER, "replaces": "pull_arc"}}, "calls nothing that 'pull_arc' names"),
        ({"helper": {**HELPER, "code": "x = 1\n"}}, "must be one function"),
    ],
)
def test_what_cannot_be_a_candidate_is_told(briefing, form, message):
    proposals, wrong = taken(briefing, said(briefing, program="wait(2.0)\n"), said(briefing, **form))
    assert wrong is not None and wrong.count("candidate ") == 1 and "candidate 2: " in wrong and message in wrong
    assert len(proposals.accepted) == 1, "the right one is kept in case there is no further answer"


def test_programs_that_differ_in_names_and_layout_are_one(toy, briefing):
    other = "# mine\n" + toy.FIRST.text.replace("position", "where").replace('"""Pick and place."""\n', "")
    known: set[str] = set()
    _, wrong = taken(briefing, said(briefing, program=other), known=known)
    assert wrong is not None and "tried before, but for names and layout" in wrong
    pair = (said(briefing, program="a = 1.0\nwait(a)\n"), said(briefing, program="b = 1.0\n\nwait(b)\n"))
    proposals, wrong = taken(briefing, *pair, known=known)
    assert wrong is not None and "candidate 2: it is another one of this answer" in wrong
    proposals.settled()
    _, wrong = taken(briefing, pair[1], known=known)
    assert wrong is not None and "tried before" in wrong
    assert form_of(toy.first()) != form_of(replace(toy.first(), program=Program("wait(1)\n")))


def test_each_candidate_of_a_round_has_a_direction_of_its_own():
    assert len(set(directions(8))) == 8 and len(directions(20)) == 20
    schema = proposal_tool(5).input_schema["properties"]["candidates"]
    assert schema["minItems"] == schema["maxItems"] == 5
