"""A fault report and its traces, turned into the causes that an agent answers."""

from __future__ import annotations

from aspire_mjx.agents.briefing import Cause, Diagnosis
from aspire_mjx.faults.report import FaultReport
from aspire_mjx.traces.columns import TraceBatch


def diagnose(report: FaultReport, traces: TraceBatch) -> Diagnosis:
    """The causes that a report counts, the most frequent first, each with the path of its first example."""
    blamed = {fault.rollout: fault.call for fault in report.faults}
    causes = []
    for program in report.programs:
        for group in program.groups:
            call = next((blamed[rollout] for rollout in group.examples if blamed[rollout] is not None), None)
            path = "" if call is None else _text(traces, int(traces.calls["path"][call]))
            causes.append(Cause(group.signature, path, group.count, group.sentence))
    causes.sort(key=lambda cause: (-cause.rollouts, cause.signature.key))
    return Diagnosis(tuple(causes), report.text())


def _text(traces: TraceBatch, index: int) -> str:
    return traces.strings[index] if index >= 0 else ""
