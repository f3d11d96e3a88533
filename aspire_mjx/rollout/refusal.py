"""Refusals: why a job's program does not begin, while the jobs beside it run."""

from __future__ import annotations

from dataclasses import dataclass

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.errors import AspireError, ProgramRefused
from aspire_mjx.language.program import Program
from aspire_mjx.language.tunables import tunable_values
from aspire_mjx.machine.output import Outcome
from aspire_mjx.rollout.job import Job


@dataclass(frozen=True)
class Refusal:
    """Why a program does not begin.

    Attributes:
        outcome: ``REFUSED``, or ``ENGINE_FAULT`` where the compiler failed.
        line: source line of the first finding, 0 when it has none.
        message: all findings.
    """

    outcome: Outcome
    line: int
    message: str


def schedule_or_refusal(program: Program) -> Schedule | Refusal:
    """The compiled program, or why there is none."""
    try:
        return compile_program(program)
    except ProgramRefused as refused:
        (line, rule, first), *others = refused.findings
        further = [f"line {line}: [{rule}] {message}" for line, rule, message in others]
        return Refusal(Outcome.REFUSED, line, "; ".join([f"[{rule}] {first}", *further]))
    except Exception as error:  # whatever it is, it is this program's alone
        reason = f"the compiler failed on this program: {type(error).__name__}: {error}; please report it"
        return Refusal(Outcome.ENGINE_FAULT, 0, reason)


def settled_tunables(job: Job, schedule: Schedule) -> Schedule | Refusal:
    """The schedule of a job, or why the job's tunables do not fit it."""
    try:
        tunable_values(schedule.tunables, dict(job.tunables), program=job.program.name)
    except AspireError as error:
        return Refusal(Outcome.REFUSED, 0, f"[tunable] {error}")
    return schedule
