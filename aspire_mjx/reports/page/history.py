"""How the programs of a run came about: rates round by round, differences, lines of descent."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from aspire_mjx.agents.candidate import candidate_key
from aspire_mjx.printable import source_lines
from aspire_mjx.reports.page.content import Change, DiffLine, Node, RateGroup, TaskHistory, TaskRow
from aspire_mjx.reports.page.failures import Failures
from aspire_mjx.reports.page.rates import rate_from, rate_of
from aspire_mjx.reports.page.run_folder import Key, RunFolder, key_of
from aspire_mjx.seeds import parse_seeds

_CONTEXT, _LONGEST = 2, 240  # lines around a change, of a difference
_KINDS = {"+": "added", "-": "removed", "@": "place"}
_ROLES: dict[Literal["debug", "validation", "heldout"], str] = {
    "debug": "Debug seeds: drive edits",
    "validation": "Validation seeds: choose the winner",
    "heldout": "Held-out seeds: this report only, seen once",
}
Task = Mapping[str, Any]  #: as ``summary.json`` has it


def standing_key(task: Task, standing: Mapping[str, Any]) -> Key:
    """The rollouts of the first program of a task (``task["first"]``), of its winner (``task``) or of a candidate."""
    return key_of(task["key"], standing["program"], standing["tunables"])


def search_rates(run: RunFolder, failures: Failures) -> tuple[RateGroup, ...]:
    """Pass rates over all tasks: by round on debug seeds, first and chosen programs on the other two roles."""
    tasks, totals = run.summary["tasks"], run.summary["totals"]
    debug = parse_seeds(run.config["debug_seeds"])
    rounds = []
    for number in sorted({each["round"] for task in tasks for each in task["rounds"]}):
        found = run.rows(standing_key(task, _best_after(task, number)) for task in tasks)
        found = found[np.isin(failures.batch.rollouts["seed"][found], debug)]
        rounds.append((f"best after round {number}", rate_of(failures.batch, found, failures.passes)))
    groups = []
    for role, title in _ROLES.items():
        first, chosen = (rate_from(totals[which][role]) for which in ("first", "learned"))
        between = rounds if role == "debug" else []
        groups.append(RateGroup(role, title, (("first programs", first), *between, ("chosen programs", chosen))))
    return tuple(groups)


def _best_after(task: Task, number: int) -> Mapping[str, Any]:
    """The best candidate once a round is over; that of the round before where a task's search had ended."""
    done = [each for each in task["rounds"] if each["round"] <= number]
    return _best(done[-1]) if done else task["first"]


def _best(each: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(candidate for candidate in each["candidates"] if candidate["label"] == each["best"])


def task_rows(run: RunFolder) -> tuple[TaskRow, ...]:
    """One line a task: first and chosen program, by role of seeds."""
    return tuple(
        TaskRow(
            key=task["key"],
            language=task["language"],
            rates={role: (rate_from(task["first"][role]), rate_from(task[role])) for role in _ROLES},
            repairs=(*task["repairs"], *_settings(task["tunables"])),
            seconds=float(task["timing"].get("program_to_report_s", 0.0)),
        )
        for task in run.summary["tasks"]
    )


def history(run: RunFolder, task: Task) -> TaskHistory:
    """How the program of one task came about."""
    rounds = [("first program", rate_from(task["first"]["debug"]))]
    rounds += [(f"round {each['round']}, {each['best']}", rate_from(_best(each)["debug"])) for each in task["rounds"]]
    refused = tuple(str(e.get("reason", "")) for e in run.of_kind("refused") if e.get("task") == task["key"])
    return TaskHistory(
        key=task["key"],
        language=task["language"],
        rounds=tuple(rounds),
        changes=tuple(_changes(run, task)),
        tree=_tree(task),
        refused=refused,
    )


def _changes(run: RunFolder, task: Task) -> list[Change]:
    """From the first program to the best of each round, and to the chosen one."""
    changes, before = [], ("first program", task["first"])
    steps = [(f"best of round {each['round']} ({each['best']})", _best(each)) for each in task["rounds"]]
    for name, standing in [*steps, ("chosen program", task)]:
        settled = [dict(each["tunables"]) for each in (before[1], standing)]
        lines = difference(run.text_of(before[1]["program"]), run.text_of(standing["program"]))
        if settled[0] != settled[1]:
            moved = [DiffLine("removed", f"- {each}") for each in _settings(settled[0])]
            lines = (*moved, *(DiffLine("added", f"+ {each}") for each in _settings(settled[1])), *lines)
        if lines:
            words = [str(standing.get(part, "")) for part in ("hypothesis", "difference")]
            why = "; ".join(each for each in words if each) or ", ".join(task["repairs"])
            changes.append(Change(f"{before[0]} to {name}", why, lines))
            before = (name, standing)
    return changes


def _settings(tunables: Mapping[str, float]) -> list[str]:
    return [f"{name} = {value:.4g}" for name, value in sorted(tunables.items())]


def difference(before: str, after: str) -> tuple[DiffLine, ...]:
    """What changed between two texts, with a little of what stands around it."""
    lines = list(difflib.unified_diff(source_lines(before), source_lines(after), n=_CONTEXT, lineterm=""))[2:]
    shown = [DiffLine(_KINDS.get(line[:1], "same"), line) for line in lines[:_LONGEST]]
    if len(lines) > _LONGEST:
        shown.append(DiffLine("place", f"... {len(lines) - _LONGEST} more lines"))
    return tuple(shown)


def _tree(task: Task) -> tuple[Node, ...]:
    """Candidates below the ones that they were made from, the first program at the root."""
    chosen = standing_key(task, task)
    found: dict[str, tuple[str, Mapping[str, Any]]] = {_name(task["first"]): ("first program", task["first"])}
    fails: dict[str, str] = {}
    for each in task["rounds"]:
        for candidate in each["candidates"]:
            found.setdefault(_name(candidate), (f"round {each['round']}, {candidate['label']}", candidate))
            fails[_name(candidate)] = candidate["fails_by"]
    parents = {name: candidate.get("parent", "") for name, (_, candidate) in found.items()}

    def node(name: str) -> Node:
        title, candidate = found[name]
        return Node(
            name=title,
            words=str(candidate.get("difference", "")),
            debug=rate_from(candidate["debug"]),
            fails_by=fails.get(name, ""),
            chosen=standing_key(task, candidate) == chosen,
            children=tuple(node(other) for other, parent in parents.items() if parent == name != other),
        )

    return tuple(node(name) for name, parent in parents.items() if parent not in found)


def _name(candidate: Mapping[str, Any]) -> str:
    return candidate_key(candidate["program"], candidate["tunables"].items())
