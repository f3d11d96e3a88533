"""The first screen of a report: which call failed most, why, and what fixed it, in sentences with their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from aspire_mjx.printable import source_lines
from aspire_mjx.reports.page.content import Answer
from aspire_mjx.reports.page.failures import Failures, FaultKind
from aspire_mjx.reports.page.history import standing_key
from aspire_mjx.reports.page.rates import in_words, interval, percent, rate_from, rate_of
from aspire_mjx.reports.page.run_folder import RunFolder
from aspire_mjx.status import Status

#: What it means that a milestone was missed, of what the goal moves.
_MISSED = {
    "seen": "{} was never seen",
    "reached": "the hand never reached {}",
    "touched": "{} was never touched",
    "gripped": "{} was never gripped",
    "lifted": "{} was never lifted",
    "carried": "{} was never carried away",
    "over": "{} was never held over its place",
    "released": "{} was never let go at its place",
    "holds": "{} did not end where the goal wants it",
}
_NAMED = 3  # repairs in the headline
_NOTHING = "nothing that was tried fixed it"


def answers(run: RunFolder, failures: Failures, first: np.ndarray) -> tuple[str, tuple[Answer, ...]]:
    """The headline and the answers: two of a run of one program, three of a search.

    Args:
        run: the run.
        failures: of its rollouts.
        first: rollouts of the first programs.
    """
    failed = failures.failed(first)
    if not failed:
        return f"No rollout failed: {in_words(rate_of(failures.batch, first, failures.passes))} pass.", ()
    groups = failures.cells(failed)
    kind, milestone, members = groups[0]
    given = [_which(failures, first, groups), _why(failures, kind, milestone, members)]
    if run.searched:
        given.append(_fixed(run, failures, members))
    return f"Most often {'; '.join(answer.short for answer in given)}.", tuple(given)


def _which(failures: Failures, first: np.ndarray, groups: list[tuple[FaultKind, str, list[int]]]) -> Answer:
    kind, _, members = groups[0]
    failed = sum(len(rows) for *_, rows in groups)
    hits = np.zeros(len(failures.batch), bool)
    hits[members] = True
    lines = [
        *([f"The call is {kind.detail}."] if kind.detail else []),
        f"{in_words(rate_of(failures.batch, first, hits))} rollouts fail so.",
        f"In all {in_words(rate_of(failures.batch, first, ~failures.passes))} fail.",
        *(
            f"Next, {len(rows)}: {other.words}; {_missed(failures, missed, rows)}."
            for other, missed, rows in groups[1:3]
        ),
    ]
    return Answer("Which call failed most?", f"{kind.words} ({len(members)} of {failed} failures)", tuple(lines))


def _missed(failures: Failures, milestone: str, rows: list[int]) -> str:
    """That some rollouts missed a milestone, with the name of the thing where it is the same in all."""
    things = set(failures.batch.rollout_text("target")[rows].tolist())
    thing = f"the {things.pop()}".replace("_", " ") if len(things) == 1 else "what the goal moves"
    return _MISSED.get(milestone, "milestone " + milestone).format(thing)


def _why(failures: Failures, kind: FaultKind, milestone: str, members: list[int]) -> Answer:
    batch, typical = failures.batch, failures.faults[failures.typical(members)]
    lines = [f"One of them: {typical.sentence}"]
    if kind.kind == "call-failed" and kind.status in Status.__members__:
        lines.insert(0, f"{kind.status}: {Status[kind.status].reason}.")
    blamed = Counter((int(batch.rollouts["program"][row]), failures.faults[row].line) for row in members)
    (program, line), count = min(blamed.items(), key=lambda each: (-each[1], each[0]))
    source = source_lines(batch.programs[program].text)
    if 0 < line <= len(source):
        name = batch.programs[program].name
        lines.append(f"Blamed in {count} of {len(members)}: {name}, line {line}: {source[line - 1].strip()}")
    lines.append(f"First milestone missed, by the judge’s view: {milestone}.")
    return Answer("Why?", _missed(failures, milestone, members), tuple(lines))


def _fixed(run: RunFolder, failures: Failures, members: list[int]) -> Answer:
    """What became of the failures in the same worlds with the chosen programs."""
    tasks, totals = run.summary["tasks"], run.summary["totals"]
    rows = run.rows(standing_key(task, task) for task in tasks)
    now = dict(zip(_worlds(failures, rows), failures.passes[rows].tolist(), strict=True))
    again = [now[world] for world in _worlds(failures, np.array(members, np.int64)) if world in now]
    affected = set(failures.batch.rollout_text("task")[members].tolist())
    changed = [t for t in tasks if t["key"] in affected and standing_key(t, t) != standing_key(t, t["first"])]
    repairs = Counter(name for task in changed for name in task["repairs"])
    first, learned = (rate_from(totals[which]["heldout"]) for which in ("first", "learned"))
    lines = ["The worlds that failed so are on seeds that the search saw; the held-out ones it never saw."]
    if repairs:
        named = ", ".join(f"{name} ({count})" for name, count in repairs.most_common())
        lines.append(
            f"Repairs in chosen programs, with the number of tasks (of {len(affected)} that fail so): {named}."
        )
    if settings := sum(bool(task["tunables"]) for task in changed):
        lines.append(f"Other settings of tunables in {settings} of these tasks.")
    lines.append(f"Held-out seeds, looked at once: {in_words(first)} pass before, {in_words(learned)} after.")
    lines += [f"{each['name']}: {_gain(each)}" for each in run.of_kind("skill") if each["admitted"]]
    if not changed or not sum(again):
        return Answer("What fixed it?", _NOTHING, tuple(lines))
    what = ", ".join(name for name, _ in repairs.most_common(_NAMED)) or "other settings of tunables"
    what += f" and {len(repairs) - _NAMED} more" if len(repairs) > _NAMED else ""
    short = f"{sum(again)} of these {len(again)} worlds pass with {what}"
    if learned.trials:
        ends = [f"{percent(rate.share)} ({interval(rate)})" for rate in (first, learned)]
        short += f"; held-out success {ends[0]} before, {ends[1]} after"
    return Answer("What fixed it?", short, tuple(lines))


def _gain(event: Mapping[str, Any]) -> str:
    return next((reason["detail"] for reason in event["reasons"] if reason["check"] == "paired gain"), "")


def _worlds(failures: Failures, rows: np.ndarray) -> list[tuple[str, int]]:
    tasks, seeds = failures.batch.rollout_text("task")[rows], failures.batch.rollouts["seed"][rows]
    return list(zip(tasks.tolist(), seeds.tolist(), strict=True))
