"""The briefing holds what an agent needs, in words."""

from __future__ import annotations

from aspire_mjx.agents.briefing import Briefing, Diagnosis, Parent
from aspire_mjx.agents.score import Score


def test_text_names_task_parents_and_findings(toy):
    parent = Parent(toy.first(), Score(4, 4, 15), Diagnosis((), "all fail at line 7"))
    text = Briefing(toy.TASK, 1, 3, 7, (parent,), analysis=("adds x: 4 -> 9 of 15",)).text()
    for part in (toy.TASK.language, "Round 1 of 3", "4/15", "all fail at line 7", "def pick(name)", "4 -> 9"):
        assert part in text
    assert parent.diagnosis.dominant == "none"
