"""The coordinator: what one task learns reaches the next only through the library, and harm elsewhere is looked for."""

from __future__ import annotations

import pytest

from aspire_mjx.search.coordinator import Coordinator
from aspire_mjx.search.setup import SearchLimits
from aspire_mjx.seeds import Purpose, SeedRole, role_of
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.worlds.suites import load_suite
from tests.support import toy


@pytest.fixture
def world(tmp_path):
    """A coordinator in the toy world, with its evaluator, library and events."""
    evaluate, library, events = toy.Direct(), SkillLibrary(tmp_path / "skills"), []
    setup = toy.setup(
        evaluate=evaluate,
        limits=SearchLimits(threshold=0.93),
        note=lambda kind, **data: events.append((kind, data)),
    )
    return Coordinator(setup, library), evaluate, library, events


def test_admitted_skills_are_in_the_library_before_the_next_task(world):
    coordinator, _, library, _ = world
    records = coordinator.run(load_suite("libero_object_swap")[:2], toy.FIRST)
    first = next(records)
    admitted = {d.skill.name for d in first.decisions if d.admitted}
    assert admitted and set(library.names()) == admitted and first.skills_used == ()
    second = next(records)
    assert set(second.skills_used) <= admitted and second.skills_used
    assert all(decision.reasons for decision in first.decisions)


def test_held_out_seeds_come_last_and_only_for_the_report(world):
    coordinator, evaluate, _, _ = world
    next(coordinator.run(load_suite("libero_object_swap")[:1], toy.FIRST))
    assert evaluate.purposes[-1] == ("held-out", Purpose.REPORT)
    assert [purpose for _, purpose in evaluate.purposes].count(Purpose.REPORT) == 1
    heldout = [job for job in evaluate.runs.ran if role_of(job.seed) is SeedRole.HELDOUT]
    assert len(heldout) == 2 * len(toy.setup().seeds.heldout) and evaluate.runs.ran[-len(heldout) :] == heldout


def test_the_winner_is_never_worse_than_the_first_program(world):
    coordinator, *_ = world
    for record in coordinator.run(load_suite("libero_object_swap")[:3], toy.FIRST):
        outcome = record.outcome
        assert outcome.winner.validation.passes >= outcome.first.validation.passes


def test_events_tell_the_story(world):
    coordinator, _, _, events = world
    next(coordinator.run(load_suite("libero_object_swap")[:1], toy.FIRST))
    kinds = [kind for kind, _ in events]
    assert kinds[:3] == ["task", "first-program", "round"] and kinds[-1] == "task-done"
    assert kinds.index("validation") < kinds.index("winner") < kinds.index("skill")
