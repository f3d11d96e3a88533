"""What the fault report of one program says, as the study of the planted faults asks it.

The only place that knows the report's form: who rebuilds the diagnosis rewrites these functions, and what they answer
is scored.
"""

from __future__ import annotations

from aspire_mjx.faults.report import FaultReport, analyse
from aspire_mjx.traces.columns import TraceBatch

_SIGNIFICANT = 0.05


def diagnosis(batch: TraceBatch) -> FaultReport:
    """The report on the rollouts of one program."""
    return analyse(batch)


def ranked_lines(report: FaultReport) -> list[int]:
    """Source lines that a reader would look at, in the report's order, each once.

    Of a group of failures first the line of an error, then the line that is blamed, as the report prints them; after
    all groups the call sites that tell failures from passes.
    """
    (program,) = report.programs
    blamed = [line for group in program.groups for line in (group.error_line, group.line)]
    sites = [site.line for site in program.blame if site.failed_hits and site.tells_apart]
    return [line for line in dict.fromkeys([*blamed, *sites]) if line]


def missing_call(report: FaultReport) -> str | None:
    """The primitive that the report names first as never called; the present report knows none."""
    return None


def cause_class(report: FaultReport) -> str | None:
    """One of ``planted_fault.CLASSES``; the present report states none."""
    return None


def named_factor(report: FaultReport) -> str | None:
    """The perturbation factor that the report prints first as separating failures from passes."""
    (program,) = report.programs
    found = (effect for effect in program.effects if effect.kind == "factor" and effect.p_adjusted < _SIGNIFICANT)
    return next((effect.name for effect in found), None)
