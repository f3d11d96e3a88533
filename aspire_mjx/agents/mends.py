"""Mends: single edits of a program that hardly ever passes, found by forks of its failed rollouts.

A repair wraps a program that does the right thing and does it badly. A wrong constant, argument, order or branch is
mended where it stands instead: the edit that turns failures is tried by running it (``docs/faults.md``).
"""

from __future__ import annotations

from collections.abc import Iterator

from aspire_mjx.agents.briefing import Parent
from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.faults.localise import localise
from aspire_mjx.faults.milestones import progress

_BUDGET = 192  # edits that are tried: about 15 s of CPU
_RARELY = 0.1  # share of passes up to which a program is mended
_HALF = 0.5  # share of the forked failures that a mend turns at least


def mends(parent: Parent) -> Iterator[Candidate]:
    """The parent with one edit each, those that turn most of its failures first.

    Only of a parent that hardly ever passes, and whose rollouts ran on ``native``: others are compiled anew.
    """
    traces = parent.diagnosis.traces
    if traces is None or not len(traces) or traces.passes().mean() > _RARELY or traces.meta.get("engine") != "native":
        return
    found = localise(traces, progress(traces), budget=_BUDGET)
    for outcome in found.program:
        edit = outcome.fork.edit
        if edit is not None and outcome.effect >= _HALF:
            yield parent.candidate.revised(
                edit.program.text,
                hypothesis=f"in forks it {outcome.words}",
                difference=f"line {edit.line}: {edit.words}",
                expected_failure="as its parent, where the line only makes up for another one",
            )
