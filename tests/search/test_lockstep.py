"""Several actors at once: one batch of rollouts for all, and nothing that depends on who is faster."""

from __future__ import annotations

import time

import pytest

from aspire_mjx.agents.scripted import ScriptedAgent
from aspire_mjx.errors import AspireError
from aspire_mjx.search.coordinator import Coordinator
from aspire_mjx.search.lockstep import Lockstep
from aspire_mjx.search.rounds import round_as_dict
from aspire_mjx.search.setup import SearchLimits
from aspire_mjx.seeds import Purpose
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.worlds.suites import load_suite

TASKS = load_suite("libero_object_swap")[:3]


class Slow(ScriptedAgent):
    """The scripted agent, which takes its time on some tasks."""

    def __init__(self, seconds) -> None:
        super().__init__()
        self._seconds = seconds

    def propose(self, briefing):
        time.sleep(self._seconds.get(briefing.task.key, 0.0))
        return super().propose(briefing)


def records(toy, folder, *, actors: int, slow=None):
    """Records, events, and the batches that ran, of three tasks."""
    evaluate, events = toy.Direct(), []
    setup = toy.setup(
        evaluate=evaluate,
        limits=SearchLimits(candidates=4, rounds=2, threshold=0.93),
        note=lambda kind, **data: events.append((kind, data)),
    )
    library = SkillLibrary(folder)
    coordinator = Coordinator(setup, library, actors=actors, agent_for=lambda gate: Slow(slow or {}))
    found = list(coordinator.run(TASKS, toy.FIRST))
    return found, events, evaluate, library


def test_each_actor_finds_what_it_finds_alone(toy, tmp_path):
    together, _, _, library = records(toy, tmp_path / "a", actors=3)
    for record in together:
        setup = toy.setup(limits=SearchLimits(candidates=4, rounds=2, threshold=0.93))
        alone = Coordinator(setup, SkillLibrary(tmp_path / record.outcome.task.key))
        (wanted,) = alone.run([record.outcome.task], toy.FIRST)
        assert [round_as_dict(r) for r in record.outcome.rounds] == [round_as_dict(r) for r in wanted.outcome.rounds]
        assert record.outcome.winner == wanted.outcome.winner and record.skills_used == ()
    admitted = [decision.skill.name for record in together for decision in record.decisions if decision.admitted]
    assert sorted(admitted) == list(library.names()), "one writer, and each skill once"


def test_nothing_depends_on_who_is_faster(toy, tmp_path):
    first = records(toy, tmp_path / "a", actors=3, slow={TASKS[0].key: 0.1})
    other = records(toy, tmp_path / "b", actors=3, slow={TASKS[2].key: 0.1})
    assert first[1] == other[1] and first[2].runs.ran == other[2].runs.ran


def test_their_rollouts_run_as_one_batch(toy, tmp_path):
    _, _, one, _ = records(toy, tmp_path / "a", actors=1)
    _, _, three, _ = records(toy, tmp_path / "b", actors=3)
    assert len(three.purposes) < 0.6 * len(one.purposes)
    assert {job.task.key for job in three.runs.ran[:45]} == {task.key for task in TASKS}


def test_skills_reach_the_tasks_after_those_that_are_worked_on_together(toy, tmp_path):
    found, _, _, _ = records(toy, tmp_path / "a", actors=2)
    assert found[0].skills_used == found[1].skills_used == () and found[2].skills_used


def test_an_actors_error_ends_all_and_is_told(toy):
    def fails(gate, note):
        raise AspireError("the second one's own")

    def waits(gate, note):
        return gate.through(toy.Direct())([], purpose=Purpose.EDIT, stage="x")

    with pytest.raises(AspireError, match="the second one's own"):
        Lockstep(toy.note).run([waits, fails])


def test_what_ends_the_rollouts_ends_the_run(toy):
    def stopped(jobs, *, purpose, stage):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Lockstep(toy.note).run([lambda gate, note: gate.through(stopped)([], purpose=Purpose.EDIT, stage="x")] * 2)


def test_notes_come_in_the_order_of_the_actors():
    heard = []

    def work(name, seconds):
        def run(gate, note):
            time.sleep(seconds)
            note("said", name=name)
            return name

        return run

    found = Lockstep(lambda kind, **data: heard.append(data["name"])).run([work("a", 0.1), work("b", 0.0)])
    assert found == heard == ["a", "b"]
