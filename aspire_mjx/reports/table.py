"""A run's summary as a table for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table


def summary_table(summary: Mapping[str, Any]) -> Table:
    """One row a task, and the pooled rates of all tasks at the end.

    Args:
      summary: what :func:`aspire_mjx.reports.summary.summarise` gives, or the same read from ``summary.json``.
    """
    table = Table(title=f"{summary['suite']} (aspire_mjx worlds), agent {summary['agent']}, engine {summary['engine']}")
    table.add_column("task", overflow="fold")
    for heading in ("first program", "debug", "validation", "held-out (95 % interval)"):
        table.add_column(heading, justify="right")
    table.add_column("skills admitted", overflow="fold")
    table.add_column("s", justify="right")
    for task in summary["tasks"]:
        table.add_row(
            f"{task['key'].rpartition('/')[2]} {_short(task['language'])}",
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
        _rate_with_interval(totals["first"]["heldout"]),
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


def _short(language: str) -> str:
    return language if len(language) <= 48 else language[:45] + "..."


def _rate(score: Mapping[str, Any]) -> str:
    return f"{score['rate']:.2f}" if score["trials"] else "-"


def _rate_with_interval(score: Mapping[str, Any]) -> str:
    if not score["trials"]:
        return "-"
    return f"{score['rate']:.3f} ({score['wilson_low']:.3f}-{score['wilson_high']:.3f})"
