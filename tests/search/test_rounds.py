"""The search: what it evaluates, when it stops, and that it repeats exactly."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from aspire_mjx.agents.protocol import Agent
from aspire_mjx.agents.repertoire import REPERTOIRE
from aspire_mjx.agents.scripted import ScriptedAgent
from aspire_mjx.errors import AspireError
from aspire_mjx.language.program import Program
from aspire_mjx.search.archive import rank
from aspire_mjx.search.rounds import Retrieved, Search, line_up, round_as_dict
from aspire_mjx.search.setup import SearchLimits
from aspire_mjx.seeds import Purpose

DEBUG = tuple(range(51, 66))


def search(toy, evaluate=None, *, program=None, note=None, skills=(), agent=None, **limits) -> Search:
    setup = toy.setup(
        agent=agent or ScriptedAgent(),
        evaluate=evaluate or toy.Direct(),
        limits=SearchLimits(**limits),
        note=note or toy.note,
    )
    made = Search(
        toy.TASK, program or toy.FIRST, setup=setup, retrieve=lambda task, diagnosis: Retrieved(tuple(skills))
    )
    made.run()
    return made


def test_it_finds_the_repairs_that_the_world_needs(toy):
    found = search(toy, threshold=0.93)
    assert found.archive.best.debug.passes == 14 > found.first.debug.passes
    assert any(r.name == "retry-until-held" for r, _ in found.archive.best.candidate.repairs)


def test_a_round_holds_k_different_candidates_and_the_incumbent_first(toy):
    found = search(toy, candidates=6, rounds=2, threshold=1.0)
    assert len(found.rounds) == 2
    for done in found.rounds:
        assert [e.candidate.label for e in done.entries] == list("ABCDEF")
        assert len({e.candidate.key for e in done.entries}) == 6
    assert found.rounds[0].entries[0].candidate.key == found.first.candidate.key
    assert found.rounds[1].entries[0].candidate.key == min(found.rounds[0].entries, key=rank).candidate.key


def test_only_debug_seeds_and_only_edits(toy):
    evaluate = toy.Direct()
    search(toy, evaluate)
    assert {purpose for _, purpose in evaluate.purposes} == {Purpose.EDIT}
    assert {job.seed for job in evaluate.runs.ran} == set(DEBUG)


def test_each_round_is_one_batch(toy):
    evaluate = toy.Direct()
    found = search(toy, evaluate, threshold=1.0)
    assert len(evaluate.purposes) == 1 + len(found.rounds)


def test_no_round_when_the_first_program_is_good_enough_or_rounds_are_zero(toy):
    assert search(toy, threshold=0.0).rounds == []
    assert search(toy, rounds=0, threshold=1.0).rounds == []


def test_equal_searches_are_equal(toy):
    one, other = ([round_as_dict(r) for r in search(toy, threshold=1.0).rounds] for _ in range(2))
    assert one == other


def test_part_of_a_round_tunes_the_incumbent(toy):
    done = search(toy, rounds=1, threshold=1.0).rounds[0]
    tuned = [e.candidate for e in done.entries if e.candidate.tunables]
    assert len(tuned) == 2 and all(c.program == toy.FIRST for c in tuned)


def test_nothing_left_to_try_ends_the_search(toy):
    events = []
    program = Program("wait(0.1)\n")  # nothing to rewrite, nothing to tune
    found = search(toy, program=program, threshold=1.0, note=lambda kind, **data: events.append(kind))
    assert found.rounds == [] and events == ["nothing-left"]


def test_a_refused_program_is_noted_and_left_out(toy):
    class Careless(ScriptedAgent):
        def propose(self, briefing):
            first = briefing.parents[0].candidate
            bad = first.first(Program("from os import *\n"))
            return [bad, *super().propose(briefing)]

    events = []
    made = search(toy, agent=Careless(), rounds=1, note=lambda kind, **data: events.append((kind, data)))
    assert all("from os" not in e.candidate.program.text for e in made.archive)
    assert [data["reason"].count("from os") for kind, data in events if kind == "refused"] == [1]


class Told(Agent):
    """Proposes texts round by round and keeps its briefings."""

    def __init__(self, *rounds: Sequence[str]) -> None:
        self.rounds, self.briefings = list(rounds), []

    def propose(self, briefing):
        self.briefings.append(briefing)
        first = briefing.parents[0].candidate
        return [first.revised(text, difference=f"says {text[:9]!r}") for text in self.rounds[briefing.round - 1]]


def test_the_next_briefing_says_why_candidates_were_refused_and_how_the_others_did(toy):
    refused, worse = "from os import *\n", "wait(0.1)\n"
    agent = Told([refused, worse], [refused], [])
    search(toy, agent=agent, program=Program("wait(0.2)\n"), threshold=1.0)
    second = agent.briefings[1]
    told = {line.split(", ")[1].split()[0]: line for line in second.analysis}
    assert set(told) == {Program(refused).hash, Program(worse).hash} == second.tried - {Program("wait(0.2)\n").hash}
    assert "refused" in told[Program(refused).hash] and "line 1" not in told[Program(refused).hash]
    assert ":1: [" in told[Program(refused).hash] and "says 'from os i'" in told[Program(refused).hash]
    assert "of 15; fails mostly by" in told[Program(worse).hash]
    assert all("\n" not in line for line in second.analysis)
    assert all(line in second.text() for line in second.analysis)


def test_a_round_whose_candidates_were_all_refused_is_followed_by_one_that_knows_why(toy):
    agent = Told(["from os import *\n"], ["from sys import *\n"], ["wait(0.1)\n"])
    found = search(toy, agent=agent, program=Program("wait(0.2)\n"), rounds=3, threshold=1.0)
    assert [done.index for done in found.rounds] == [3]
    assert len(agent.briefings[2].analysis) == 2


def test_settings_outside_their_bounds_are_refused_not_run(toy):
    class Bold(ScriptedAgent):
        def propose(self, briefing):
            return [briefing.parents[0].candidate.with_tunables({"lift_height": 3.0})]

    events = []
    search(toy, agent=Bold(), rounds=1, note=lambda kind, **data: events.append((kind, data)))
    assert any("lift_height" in data["reason"] for kind, data in events if kind == "refused")


@pytest.mark.parametrize(
    ("given", "message"), [(["wait(1)"], "gave a str among"), ("wait(1)", "gave str; give a list")]
)
def test_what_is_no_candidate_is_told_with_the_agents_name(toy, given, message):
    class Wrong(ScriptedAgent):
        def propose(self, briefing):
            return given

    with pytest.raises(AspireError, match=f"agent Wrong.*{message}"):
        search(toy, agent=Wrong(), rounds=1)


def test_the_librarys_skills_open_the_search_together_for_the_price_of_one_candidate(toy):
    by_name = {repair.name: repair for repair in REPERTOIRE}
    known = [dataclasses.replace(by_name[name], from_library=True) for name in ("retry-until-held", "check-and-redo")]
    evaluate = toy.Direct()
    found = search(toy, evaluate, skills=known, rounds=3, threshold=0.9)
    opening = found.rounds[0]
    assert opening.index == 0 and [e.candidate.label for e in opening.entries] == ["A", "B"]
    assert {repair.name for repair, _ in opening.entries[1].candidate.repairs} == {repair.name for repair in known}
    assert search(toy, skills=known, rounds=0, threshold=0.9).rounds == []


def test_incumbent_is_a_and_repeats_are_dropped(toy):
    first = toy.first()
    proposed = [first, *(first.with_tunables({"lift_height": value}) for value in (0.1, 0.2, 0.1, 0.3))]
    lined = line_up(first, proposed, size=8, tried=frozenset())
    assert [c.label for c in lined] == ["A", "B", "C", "D"]
    assert lined[0].program == first.program and lined[0].key == first.key
    assert len({c.key for c in lined}) == 4


def test_size_and_what_was_tried_are_respected(toy):
    first = toy.first()
    proposed = [first.with_tunables({"lift_height": value / 100}) for value in range(10, 30)]
    tried = frozenset({proposed[0].key})
    lined = line_up(first, proposed, size=4, tried=tried)
    assert len(lined) == 4 and not tried & {c.key for c in lined}
