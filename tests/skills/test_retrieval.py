"""Retrieval: signatures rank before words, and every match says why."""

from __future__ import annotations

import itertools

import pytest

from aspire_mjx.faults.signature import Signature
from aspire_mjx.skills.imported import ImportedSkill
from aspire_mjx.skills.retrieval import retrieve, retrieve_knowledge
from aspire_mjx.skills.skill import Evidence, Skill, SkillStatus

WANTED = Signature.parse("gripped/close_gripper/EMPTY_GRASP/-/target")


def skill(
    name: str, *keys: str, description: str = "Repairs.", gains: int = 0, status: SkillStatus = "active"
) -> Skill:
    return Skill(
        name=name,
        description=description,
        signatures=tuple(map(Signature.parse, keys)),
        replaces="close_gripper",
        failure="f",
        when="w",
        repair="r",
        code="def f():\n    return close_gripper()\n",
        evidence=Evidence(gains=gains),
        status=status,
    )


SKILLS = (
    skill("words", "carried/solve_ik/IK_INFEASIBLE/-/container", description="For the soup and the basket."),
    skill("kind", "gripped/goto_pose/EMPTY_GRASP/-/target"),
    skill("call", "carried/close_gripper/EMPTY_GRASP/-/other", description="Soup, basket, pick, place."),
    skill("exact", "carried/solve_ik/IK_INFEASIBLE/-/target", "gripped/close_gripper/EMPTY_GRASP/-/target"),
    skill("exact-and-proven", "gripped/close_gripper/EMPTY_GRASP/-/target", gains=9),
    skill("gone", "gripped/close_gripper/EMPTY_GRASP/-/target", status="retired"),
    skill("unrelated", "carried/solve_ik/IK_INFEASIBLE/-/container"),
)


def names(**options) -> list[str]:
    return [m.skill.name for m in retrieve(SKILLS, [WANTED], **options)]


def test_order_and_reasons():
    matches = retrieve(SKILLS, [WANTED], language="pick the soup and place it in the basket")
    assert [m.skill.name for m in matches] == ["exact-and-proven", "exact", "call", "kind", "words"]
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)
    assert matches[0].reasons == ("same fault signature gripped/close_gripper/EMPTY_GRASP/-/target",)
    assert "same primitive and status" in matches[2].reasons[0] and "basket, pick, place, soup" in matches[2].reasons[1]
    assert "same status and milestone" in matches[3].reasons[0]
    assert matches[4].reasons == ("words in common: basket, soup",)


def test_without_language_words_do_not_match():
    assert names() == ["exact-and-proven", "exact", "call", "kind"]
    assert names(limit=2) == ["exact-and-proven", "exact"]
    assert retrieve(SKILLS, []) == () and retrieve((), [WANTED], language="soup") == ()


def test_the_more_words_a_skill_shares_with_the_task_the_earlier_it_comes():
    one, two = (skill(f"shares-{n}", description=words) for n, words in ((1, "For the soup."), (2, "Soup and basket.")))
    matches = retrieve((one, two), [WANTED], language="put the soup into the basket")
    assert [match.skill.name for match in matches] == ["shares-2", "shares-1"]
    assert matches[0].score == pytest.approx(2 * matches[1].score)


def test_order_of_the_library_does_not_matter():
    expected = names(language="soup")
    for order in itertools.islice(itertools.permutations(SKILLS), 0, 5000, 251):
        assert [m.skill.name for m in retrieve(order, [WANTED], language="soup")] == expected


def test_imported_skills_are_found_by_words_and_the_head_counts_twice():
    def imported(name, description, body):
        return ImportedSkill(name, description, body, "x.md:1")

    skills = [
        imported("a", "On cans.", "Nothing."),
        imported("b", "Other.", "Soup and basket."),
        imported("c", "Soup in the basket.", "Push it."),
        imported("d", "Quite other.", "Words."),
    ]
    found = retrieve_knowledge(skills, [], language="put the soup in the basket")
    assert [skill.name for skill in found] == ["c", "b"]
    signature = Signature.parse("reached/push/BLOCKED/-/target")
    assert [s.name for s in retrieve_knowledge(skills, [signature], limit=1)] == ["c"]
