"""The scripted agent: skills first, repairs by frequency, nothing twice, and the same answer every time."""

from __future__ import annotations

import dataclasses

from aspire_mjx.agents.briefing import Briefing, Cause, Diagnosis, Parent
from aspire_mjx.agents.repertoire import REPERTOIRE
from aspire_mjx.agents.scripted import ScriptedAgent
from aspire_mjx.faults.report import analyse
from aspire_mjx.faults.signature import Signature
from aspire_mjx.rollout.simulator import Job

EMPTY = Cause(Signature.parse("gripped/close_gripper/EMPTY_GRASP/-/target"), "main:21>pick:7", 8, "empty")
LOST = Cause(Signature.parse("carried/get_object_pose/NOT_FOUND/-/container"), "main:21>place:13", 3, "lost")


def briefing(toy, *, room=7, skills=(), tried=frozenset(), causes=(EMPTY, LOST)) -> Briefing:
    parent = Parent(toy.first(), toy.score(4, 4, 15), Diagnosis(causes, "fails"))
    return Briefing(toy.TASK, 1, 3, room, (parent,), skills, tried)


def test_equal_briefings_get_equal_candidates(toy):
    one, other = (ScriptedAgent().propose(briefing(toy)) for _ in range(2))
    assert one == other and len(one) == 7


def test_no_two_candidates_are_alike_and_none_was_tried(toy):
    agent = ScriptedAgent()
    first = agent.propose(briefing(toy))
    assert len({c.key for c in first} | {toy.first().key}) == len(first) + 1
    tried = frozenset(c.key for c in first)
    assert not tried & {c.key for c in agent.propose(briefing(toy, tried=tried))}


def test_every_candidate_says_what_and_why(toy):
    candidates = ScriptedAgent().propose(briefing(toy))
    assert len(candidates) == 7
    for candidate in candidates:
        assert candidate.hypothesis and candidate.difference.startswith("adds ") and candidate.expected_failure
        assert candidate.parent == toy.first().key and candidate.repairs


def test_the_most_frequent_cause_is_answered_first(toy):
    best = ScriptedAgent().propose(briefing(toy))[0]
    assert any(repair.answers_to(EMPTY.signature) for repair, _ in best.repairs)
    best = ScriptedAgent().propose(briefing(toy, causes=(dataclasses.replace(LOST, rollouts=9),)))[0]
    assert best.repairs and all(repair.answers_to(LOST.signature) for repair, _ in best.repairs)


def test_a_wrapping_repair_wraps_the_function_around_the_call_it_answers(toy):
    candidates = ScriptedAgent().propose(briefing(toy, room=20))
    wrapped = {
        (repair.name, function) for candidate in candidates for repair, function in candidate.repairs if function
    }
    assert wrapped == {("retry-until-held", "pick"), ("carry-over-home", "place"), ("check-and-redo", "main")}
    assert {repair.name for repair in REPERTOIRE if repair.outermost} == {"check-and-redo"}


def test_retrieved_skills_come_first_and_together(toy):
    skills = tuple(
        dataclasses.replace(repair, from_library=True)
        for repair in REPERTOIRE
        if repair.name in ("retry-until-held", "look-again-for-the-place")
    )
    candidates = ScriptedAgent().propose(briefing(toy, skills=skills))
    assert {repair.name for repair, _ in candidates[0].repairs} == {skill.name for skill in skills}
    assert all(repair.from_library for repair, _ in candidates[0].repairs)
    assert [c.repairs[0][0].name for c in candidates[1:3]] == [skill.name for skill in skills]


def test_nothing_to_answer_gives_nothing(toy):
    assert ScriptedAgent().propose(briefing(toy, causes=())) == []


def test_other_parents_lend_their_repairs(toy):
    retry = next(r for r in REPERTOIRE if r.name == "retry-until-held")
    look = next(r for r in REPERTOIRE if r.name == "look-again-for-the-place")
    parents = tuple(
        Parent(toy.first().with_repairs([(repair, "pick")]), toy.score(9, 9, 15), Diagnosis((cause,), ""))
        for repair, cause in ((retry, LOST), (look, EMPTY))
    )
    made = ScriptedAgent().propose(Briefing(toy.TASK, 2, 3, 7, parents))
    assert any({r.name for r, _ in c.repairs} == {retry.name, look.name} for c in made)


def test_critique_counts_causes_with_their_paths(toy):
    jobs = [Job(toy.FIRST, toy.TASK, seed) for seed in range(51, 66)]
    traces = toy.ToyRuns()(jobs, "test")
    diagnosis = ScriptedAgent().critique(analyse(traces), traces)
    assert sum(cause.rollouts for cause in diagnosis.causes) == int((~traces.passes()).sum())
    counts = [cause.rollouts for cause in diagnosis.causes]
    assert counts == sorted(counts, reverse=True)
    by_status = {cause.signature.status: cause for cause in diagnosis.causes}
    assert by_status["EMPTY_GRASP"].path.startswith("main:21>pick")
    assert diagnosis.dominant == diagnosis.causes[0].signature.key


def test_usage_is_nothing():
    assert dataclasses.asdict(ScriptedAgent().usage) == {"calls": 0, "tokens": 0, "usd": 0.0}
