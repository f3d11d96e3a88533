"""The fault of each failed rollout: what is blamed, its signature, and a sentence that says so.

A failure hangs on the first milestone that was missed. Of what happened since the one before, that is blamed which
failed rollouts have and passed ones have not: a status that passed rollouts have as often explains nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from aspire_mjx.faults.anomalies import ANOMALIES
from aspire_mjx.faults.events import Event, Events, Failure, find_events
from aspire_mjx.faults.numbers import NUMBERS, call_sentence, judged
from aspire_mjx.faults.roles import NONE
from aspire_mjx.faults.signature import Signature
from aspire_mjx.machine.output import Outcome
from aspire_mjx.primitives.registry import Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import ProgramText, TraceBatch, Verdict

_PRIOR = 2  # passed rollouts that are taken to have nothing unusual: few passes do not rule a cause out
_ENDED = {
    Outcome.PROGRAM_ERROR.name: "the program stopped with an error",
    Outcome.OUT_OF_STEPS.name: "the episode's step budget ran out",
    Outcome.OUT_OF_INSTRUCTIONS.name: "the program's budget of instructions ran out",
    Outcome.DIVERGED.name: "the physics of this rollout became non-finite",
    Outcome.REFUSED.name: "the program did not begin",
    Outcome.ENGINE_FAULT.name: "the machine that runs programs failed, which is no fault of the program,",
}


@dataclass(frozen=True)
class Fault:
    """Why one rollout failed.

    Attributes:
        rollout: row of the batch's rollouts.
        signature: what the failure looks like.
        call: row of the batch's calls that is blamed, or was the last; None when the program made no such call.
        line: source line to look at, 0 for none: of the error that ended the program, else of the call.
        error: what ended the program before its end, e.g. ``p.py:27: TypeError: ...``; "" when nothing did.
        sentence: one sentence for a person or an agent.
        numbers: in the order of :data:`~aspire_mjx.faults.numbers.NUMBERS`, NaN for what is not known.
    """

    rollout: int
    signature: Signature
    call: int | None
    line: int
    error: str
    sentence: str
    numbers: tuple[float, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values; numbers that are not known are left out."""
        known = {name: value for name, value in zip(NUMBERS, self.numbers, strict=True) if not math.isnan(value)}
        return {**vars(self), "signature": self.signature.key, "numbers": known}

    def __eq__(self, other: object) -> bool:
        """The same, where numbers that are not known are equal too."""
        return isinstance(other, Fault) and repr(self) == repr(other)


def find_faults(
    batch: TraceBatch,
    rollouts: Iterable[int] | np.ndarray,
    *,
    verdict: Verdict = "benchmark",
    registry: Registry = ROBOT_API,
) -> list[Fault]:
    """The fault of each given rollout (rows of failed rollouts), in the given order, by comparison with the batch."""
    events = find_events(batch, np.asarray(batch.passes(verdict), bool), registry=registry)
    found = {fault.rollout: fault for fault in blamed(events)}
    return [found[int(rollout)] for rollout in rollouts]


def blamed(events: Events) -> list[Fault]:
    """The fault of every failed rollout."""
    total = Counter((failure.program, failure.events[-1].signature.milestone) for failure in events.failures)
    count = Counter(
        (failure.program, event.signature.milestone, event.kind)
        for failure in events.failures
        for event in failure.events
    )

    def excess(program: ProgramText, event: Event) -> float:
        """By how much more rollouts that miss this milestone have such an event than passed ones."""
        group, passed = (program, event.signature.milestone), events.passed.get(program, Counter[tuple[str, str]]())
        return count[*group, event.kind] / total[group] - passed[event.kind] / (passed["", ""] + _PRIOR)

    faults = []
    for failure in events.failures:
        *candidates, end = failure.events
        chosen = end
        if not failure.certain:
            candidates += [end] * (end.signature.status != Status.OK.name)
            weights = [(excess(failure.program, each), _plain(each.signature.status)) for each in candidates]
            counting = [(round(w, 1), plain, -at) for at, (w, plain) in enumerate(weights) if w > 0.0]
            chosen = candidates[-max(counting)[2]] if counting else end
        faults.append(_fault(failure, chosen))
    return faults


def _plain(status: str) -> int:
    """Of events that failed rollouts have about as often: a status says more than an anomaly, and a slip least."""
    return 0 if status == Status.SLIPPED.name else 1 if status in ANOMALIES else 2


def _fault(failure: Failure, event: Event) -> Fault:
    signature, call = event.signature, None if event.call < 0 else event.call
    named = dict(zip(NUMBERS, event.numbers, strict=True))
    status = signature.status
    if status in _ENDED:
        where = f" at line {event.line}" if event.line else ""
        sentence = f"{_ENDED[status]}{where}{': ' + event.message if event.message else ''}."
        sentence += judged(signature.milestone, named, at_call=False)
    elif signature.primitive == NONE:
        by = "" if math.isnan(named["margin"]) else f" (margin {named['margin']:+.3f})"
        on_the_way = "" if signature.milestone == NONE else f" on the way to {signature.milestone!r}"
        sentence = f"no call{on_the_way} is unusual, and the goal was not met{by}."
        sentence += judged(signature.milestone, named, at_call=False)
    else:
        words = ANOMALIES[status].words if status in ANOMALIES else Status[status].reason
        sentence = call_sentence(
            primitive=signature.primitive,
            status=status,
            words=words,
            line=event.line,
            text=event.text,
            message=event.message,
            role=signature.role,
            milestone=signature.milestone,
            values=event.numbers,
        )
        sentence += f" It ended with {failure.error}." if failure.error else ""
    return Fault(failure.rollout, signature, call, event.line, failure.error, sentence, event.numbers)
