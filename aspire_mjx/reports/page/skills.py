"""Skills of a run: those that its programs use, and what the gate said of each that was drafted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aspire_mjx.errors import SkillError
from aspire_mjx.reports.page.content import SkillRow
from aspire_mjx.reports.page.run_folder import RunFolder


def used(run: RunFolder) -> tuple[SkillRow, ...]:
    """Skills of the library in the chosen programs, with the paired test that admitted them."""
    tasks: dict[str, list[str]] = {}
    for task in run.summary["tasks"]:
        for name in task["skills_used"]:
            tasks.setdefault(name, []).append(task["key"])
    return tuple(_row(run, name, keys, "") for name, keys in tasks.items())


def tested(run: RunFolder, *, admitted: bool) -> tuple[SkillRow, ...]:
    """Drafts that the gate admitted, or those that it refused, with its reasons."""
    events = [event for event in run.of_kind("skill") if event["admitted"] is admitted]
    return tuple(_row(run, each["name"], [each["task"]], _reasons(each["reasons"], admitted)) for each in events)


def _reasons(reasons: Iterable[Mapping[str, Any]], admitted: bool) -> str:
    """The measured gain of what was admitted; of what was refused the checks that it failed."""
    told = [each for each in reasons if (each["check"] == "paired gain" if admitted else not each["passed"])]
    return "; ".join(f"{each['check']}: {each['detail']}" for each in told)


def _row(run: RunFolder, name: str, tasks: Iterable[str], evidence: str) -> SkillRow:
    """What the run's library says of a skill; refused ones are not in it."""
    if name not in run.library:
        return SkillRow(name, "", tuple(tasks), evidence, ())
    try:
        skill = run.library.get(name)
    except SkillError as error:  # of another version, or changed by hand
        why = str(error).replace(f"{run.path}/", "")
        return SkillRow(name, f"cannot be read: {why}", tuple(tasks), evidence, ())
    signatures = tuple(signature.key for signature in skill.signatures)
    return SkillRow(name, skill.description, tuple(tasks), evidence or skill.evidence.sentence, signatures)
