"""A run's summary as a table for the terminal."""

from __future__ import annotations

import os.path
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table


def summary_table(summary: Mapping[str, Any]) -> Table:
    """One row a task, and the pooled rates of all tasks at the end.

    Args:
        summary: what :func:`aspire_mjx.reports.summary.summarise` gives, or the same read from ``summary.json``.
    """
    title = f"{summary['suite']} (aspire_mjx worlds), agent {summary['agent']}, engine {summary['engine']}"
    table = Table(title=title, box=box.SIMPLE_HEAD)
    table.add_column("task", overflow="fold", ratio=1)
    for heading in ("first\nprogram", "debug", "valid-\nation", "held-out\n(95 % interval)"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("skills\nadmitted", overflow="fold", ratio=1)
    table.add_column("s", justify="right", no_wrap=True)
    names = _short([task["language"] for task in summary["tasks"]])
    for task, name in zip(summary["tasks"], names, strict=True):
        table.add_row(
            f"{task['key'].rpartition('/')[2]} {name}",
            _rate(task["first"]["heldout"]),
            _rate(task["debug"]),
            _rate(task["validation"]),
            _rate_with_interval(task["heldout"]),
            ", ".join(task["skills_admitted"]),
            f"{task['timing']['program_to_report_s']:.0f}",
        )
    totals = summary["totals"]
    table.add_section()
    table.add_row(
        "all tasks, pooled",
        _rate(totals["first"]["heldout"]),
        _rate(totals["learned"]["debug"]),
        _rate(totals["learned"]["validation"]),
        _rate_with_interval(totals["learned"]["heldout"]),
        str(len(totals["skills_admitted"])),
        f"{summary['timing']['program_to_report_s']:.0f}",
        style="bold",
    )
    return table


def totals_line(summary: Mapping[str, Any]) -> str:
    """The pooled held-out rates in one line."""
    first, learned = (summary["totals"][which]["heldout"] for which in ("first", "learned"))
    return (
        f"Held-out success over {len(summary['tasks'])} tasks: first program {_rate_with_interval(first)}, "
        f"learned programs {_rate_with_interval(learned)}; {summary['timing']['rollouts']} rollouts in "
        f"{summary['timing']['program_to_report_s']:.0f} s."
    )


def _short(languages: Sequence[str]) -> list[str]:
    """The words in which the tasks differ, e.g. "alphabet soup"; all words of tasks that differ in everything."""
    texts = [language.split() for language in languages]
    head = len(os.path.commonprefix(texts)) if len(texts) > 1 else 0
    tail = len(os.path.commonprefix([text[head:][::-1] for text in texts])) if len(texts) > 1 else 0
    return [" ".join(text[head : len(text) - tail]) or " ".join(text) for text in texts]


def _rate(score: Mapping[str, Any]) -> str:
    return f"{score['rate']:.2f}" if score["trials"] else "-"


def _rate_with_interval(score: Mapping[str, Any]) -> str:
    if not score["trials"]:
        return "-"
    return f"{score['rate']:.3f} ({score['wilson_low']:.3f}-{score['wilson_high']:.3f})"
