"""Mends: a program that never passes is edited where forks show that it helps; others are not."""

from __future__ import annotations

import pytest

from aspire_mjx.agents.briefing import Briefing, Diagnosis, Parent
from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.score import Score
from aspire_mjx.agents.scripted import ScriptedAgent
from aspire_mjx.faults.report import analyse
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.worlds.suites import find_task
from tests.support.soup import WORKS

_TASK = find_task("libero_object", 0)


def _parent(text: str) -> Parent:
    program = Program(text, "p.py")
    batch = Simulators("native").run([Job(program, _TASK, seed) for seed in range(51, 55)])
    return Parent(Candidate.first(program), Score.of(batch), Diagnosis.of(analyse(batch), batch))


def _proposed(parent: Parent, agent: ScriptedAgent) -> list[Candidate]:
    return agent.propose(Briefing(_TASK, 1, 3, 4, (parent,)))


@pytest.fixture(scope="module")
def closes_too_high() -> Parent:
    return _parent(WORKS.replace("thing.position, thing", "thing.position + [0.0, 0.0, 0.06], thing"))


def test_an_edit_that_turns_the_failures_is_the_first_candidate(closes_too_high):
    agent = ScriptedAgent()
    assert closes_too_high.debug.passes == 0
    first, *others = _proposed(closes_too_high, agent)
    assert first.difference.startswith("line 3: ") and "failures into passes" in first.hypothesis
    assert first.parent == closes_too_high.candidate.key
    assert _parent(first.program.text).debug.passes >= 3
    assert _proposed(closes_too_high, agent)[0] == first, "and is found once"
    assert any(candidate.repairs for candidate in others), "repairs are tried beside it"


def test_a_program_that_passes_sometimes_is_not_edited():
    parent = _parent(WORKS)
    assert parent.debug.passes and not any(c.difference.startswith("line") for c in _proposed(parent, ScriptedAgent()))


def test_what_came_nearer_is_nearer(closes_too_high):
    idle, let_go = _parent("wait(0.1)\n"), _parent(WORKS.replace("place + [", "place + [0.0, 0.3, 0.0] + ["))
    dropped = _parent(WORKS.replace('"basket"', '"milk"'))
    assert idle.diagnosis.nearness < closes_too_high.diagnosis.nearness < dropped.diagnosis.nearness
    assert closes_too_high.diagnosis.nearness < let_go.diagnosis.nearness
