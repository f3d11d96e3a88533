"""A run's summary: ``summary.json``, its stable form (schema in docs/formats.md), and a table for the terminal."""

from __future__ import annotations

import os.path
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich import box
from rich.table import Table

from aspire_mjx.agents.protocol import Usage
from aspire_mjx.agents.score import Score
from aspire_mjx.errors import RunDirectoryError
from aspire_mjx.search.actor import Standing
from aspire_mjx.search.coordinator import TaskRecord
from aspire_mjx.search.rounds import round_as_dict

SUMMARY_SCHEMA = 2


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
            "llm": _usage(usage, _pooled_roles(records)),
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
        "llm": _usage(record.usage, record.by_role),
    }


def _usage(usage: Usage, by_role: Mapping[str, Usage]) -> dict[str, Any]:
    return {**_figures(usage), "roles": {role: _figures(used) for role, used in sorted(by_role.items())}}


def _figures(usage: Usage) -> dict[str, Any]:
    return {**asdict(usage), "usd": None if usage.usd is None else round(usage.usd, 6)}


def _pooled_roles(records: Sequence[TaskRecord]) -> dict[str, Usage]:
    roles = {role for record in records for role in record.by_role}
    return {role: sum((record.by_role.get(role, Usage()) for record in records), Usage()) for role in roles}


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "program": standing.candidate.program.hash,
        "tunables": dict(standing.candidate.tunables),
        "debug": standing.debug.as_dict(),
        "validation": standing.validation.as_dict(),
        "heldout": standing.heldout.as_dict(),
    }


def _pooled(standings: Sequence[Standing]) -> dict[str, Any]:
    return {
        role: sum((getattr(standing, role) for standing in standings), Score()).as_dict()
        for role in ("debug", "validation", "heldout")
    }


def _admitted(record: TaskRecord) -> list[str]:
    return [decision.skill.name for decision in record.decisions if decision.admitted]


# the table ------------------------------------------------------------------------------------------------------------


def summary_table(summary: Mapping[str, Any]) -> Table:
    """One row a task, and the pooled rates of all tasks at the end; every column is of one role of seeds.

    Args:
        summary: what :func:`summarise` gives, or the same read from ``summary.json``.

    Raises:
        RunDirectoryError: a summary of another layout, written by another version.
    """
    check_schema(summary)
    title = f"{summary['suite']} (aspire_mjx worlds), agent {summary['agent']}, engine {summary['engine']}"
    table = Table(title=title, box=box.SIMPLE_HEAD)
    table.add_column("task", overflow="fold", ratio=1)
    for heading in ("debug\nfirst, learned", "validation\nfirst, learned"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("held-out\nfirst", "held-out\nlearned (95 % interval)"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("skills\nadmitted", overflow="fold", ratio=1)
    table.add_column("s", justify="right", no_wrap=True)
    names = _short([task["language"] for task in summary["tasks"]])
    for task, name in zip(summary["tasks"], names, strict=True):
        table.add_row(
            f"{task['key'].rpartition('/')[2]} {name}",
            *_both(task["first"], task),
            ", ".join(task["skills_admitted"]),
            f"{task['timing']['program_to_report_s']:.0f}",
        )
    totals = summary["totals"]
    table.add_section()
    table.add_row(
        "all tasks, pooled",
        *_both(totals["first"], totals["learned"]),
        str(len(totals["skills_admitted"])),
        f"{summary['timing']['program_to_report_s']:.0f}",
        style="bold",
    )
    return table


def totals_line(summary: Mapping[str, Any]) -> str:
    """The pooled held-out rates in one line. Raises :class:`RunDirectoryError` as :func:`summary_table` does."""
    check_schema(summary)
    first, learned = (summary["totals"][which]["heldout"] for which in ("first", "learned"))
    return (
        f"Held-out success over {len(summary['tasks'])} tasks: first program {_rate_with_interval(first)}, "
        f"learned programs {_rate_with_interval(learned)}; {summary['timing']['rollouts']} rollouts in "
        f"{summary['timing']['program_to_report_s']:.0f} s."
    )


def check_schema(summary: Mapping[str, Any]) -> None:
    """Raises :class:`RunDirectoryError` for a summary of another layout, written by another version."""
    found = summary.get("schema", "none")
    if found != SUMMARY_SCHEMA:
        raise RunDirectoryError(
            f"summary of a run, schema {found}: this version reads schema {SUMMARY_SCHEMA} only; "
            "read it with the version that wrote it, or run it again in a new run directory."
        )


def _short(languages: Sequence[str]) -> list[str]:
    """The words in which the tasks differ, e.g. "alphabet soup"; all words of tasks that differ in everything."""
    texts = [language.split() for language in languages]
    head = len(os.path.commonprefix(texts)) if len(texts) > 1 else 0
    tail = len(os.path.commonprefix([text[head:][::-1] for text in texts])) if len(texts) > 1 else 0
    return [" ".join(text[head : len(text) - tail]) or " ".join(text) for text in texts]


def _both(first: Mapping[str, Any], learned: Mapping[str, Any]) -> tuple[str, ...]:
    """Rates of both programs on the same seeds, role by role."""
    seen = (f"{_rate(first[role])}, {_rate(learned[role])}" for role in ("debug", "validation"))
    return (*seen, _rate(first["heldout"]), _rate_with_interval(learned["heldout"]))


def _rate(score: Mapping[str, Any]) -> str:
    return f"{score['rate']:.2f}" if score["trials"] else "-"


def _rate_with_interval(score: Mapping[str, Any]) -> str:
    if not score["trials"]:
        return "-"
    return f"{score['rate']:.3f} ({score['interval_low']:.3f}-{score['interval_high']:.3f})"
