"""The briefing holds what an agent needs, in words."""

from __future__ import annotations

from aspire_mjx.agents.briefing import Briefing, Diagnosis, Parent
from aspire_mjx.language.program import Program
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.skills.imported import ImportedSkill


def test_text_names_task_parents_and_findings(toy):
    parent = Parent(toy.first(), toy.score(4, 4, 15), Diagnosis((), "all fail at line 7"))
    text = Briefing(toy.TASK, 1, 3, 7, (parent,), analysis=("adds x: 4 -> 9 of 15",)).text()
    for part in (toy.TASK.language, "Round 1 of 3", "4/15", "all fail at line 7", "def pick(name)", "4 -> 9"):
        assert part in text
    assert parent.diagnosis.dominant == "none"


def test_imported_knowledge_is_told_with_its_source_and_cut_when_long(toy):
    parent = Parent(toy.first(), toy.score(4, 4, 15), Diagnosis())
    knowledge = tuple(ImportedSkill("k", "On cans.", body, "tips.md:3") for body in ("Say 'tin'.", "word " * 2_000))
    briefing = Briefing(toy.TASK, 1, 3, 7, (parent,), knowledge=knowledge)
    text = briefing.text().removeprefix(briefing.robot_api)
    assert "Imported from tips.md:3, not tested here: On cans.\nSay 'tin'." in text
    assert len(text) < 5_000 and text.endswith("[...]")


def test_the_robot_api_stands_in_the_briefing_in_the_form_that_the_program_is_written_for(toy):
    parent = Parent(toy.first(), toy.score(4, 4, 15), Diagnosis())
    text = Briefing(toy.TASK, 1, 3, 7, (parent,)).text()
    assert all(f"`{primitive.signature}`" in text for primitive in ROBOT_API)
    other = Parent(toy.first().revised("wait(1)\n# api: capx\n"), toy.score(4, 4, 15), Diagnosis())
    assert Briefing(toy.TASK, 1, 3, 7, (other,)).robot_api.startswith("# The robot API: ")
    assert other.candidate.program == Program("wait(1)\n# api: capx\n", "first.py")
