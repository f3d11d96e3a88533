"""``summary.json``: the stable form of a run's result (schema in docs/formats.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aspire_mjx.agents.protocol import Usage
from aspire_mjx.agents.score import Score
from aspire_mjx.search.actor import Standing
from aspire_mjx.search.coordinator import TaskRecord
from aspire_mjx.search.rounds import round_as_dict

SUMMARY_SCHEMA = 1


def summarise(
    records: Sequence[TaskRecord],
    *,
    run: Mapping[str, Any],
    timings: Sequence[Mapping[str, float]],
    timing: Mapping[str, float],
) -> dict[str, Any]:
    """The summary of a run. Wall-clock figures stand under ``timing`` keys only.

    Args:
        records: finished tasks.
        run: what ran: names of suite, agent and engine, the device in words, the versions.
        timings: one mapping a task.
        timing: of the whole run.
    """
    usage = sum((record.usage for record in records), Usage())
    return {
        "schema": SUMMARY_SCHEMA,
        **run,
        "tasks": [{**_task(record), "timing": dict(own)} for record, own in zip(records, timings, strict=True)],
        "totals": {
            "first": _pooled([record.outcome.first for record in records]),
            "learned": _pooled([record.outcome.winner for record in records]),
            "skills_admitted": [name for record in records for name in _admitted(record)],
            "llm": usage.as_dict(),
        },
        "timing": dict(timing),
    }


def _task(record: TaskRecord) -> dict[str, Any]:
    outcome = record.outcome
    winner = outcome.winner
    return {
        "key": outcome.task.key,
        "name": outcome.task.name,
        "language": outcome.task.language,
        "first": _standing(outcome.first),
        "rounds": [round_as_dict(record) for record in outcome.rounds],
        **_standing(winner),
        "repairs": [repair.name for repair, _ in winner.candidate.repairs],
        "skills_used": list(record.skills_used),
        "skills_admitted": _admitted(record),
        "skills_refused": [
            {"name": decision.skill.name, "reason": decision.sentence}
            for decision in record.decisions
            if not decision.admitted
        ],
        "llm": record.usage.as_dict(),
    }


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "program": standing.candidate.program.hash,
        "tunables": dict(standing.candidate.tunables),
        "debug": standing.debug.as_dict(),
        "validation": standing.validation.as_dict(),
        "heldout": standing.heldout.as_dict(),
    }


def _pooled(standings: Sequence[Standing]) -> dict[str, Any]:
    nothing = Score(0, 0, 0)
    return {
        role: sum((getattr(standing, role) for standing in standings), nothing).as_dict()
        for role in ("debug", "validation", "heldout")
    }


def _admitted(record: TaskRecord) -> list[str]:
    return [decision.skill.name for decision in record.decisions if decision.admitted]
