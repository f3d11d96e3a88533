"""Failed rollouts, call by call, as the page shows them."""

from __future__ import annotations

import math

from aspire_mjx.faults.fault import Fault
from aspire_mjx.machine.output import Outcome
from aspire_mjx.reports.page.content import CallRow, Keyframe, RolloutTrace
from aspire_mjx.reports.page.evidence import judged
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.traces.reader import CallWords, call_words
from aspire_mjx.worlds.perturbation import Perturbation

_MOST_CALLS = 60  # shown of a rollout, around the blamed one


def rollout_trace(
    batch: TraceBatch, rollout: int, fault: Fault, milestone: str, *, file: str, row: int, keyframe: Keyframe | None
) -> RolloutTrace:
    """One failed rollout.

    Args:
        batch: holds it.
        rollout: its number there.
        fault: of it; its call is a row of the batch's calls.
        milestone: the first that it missed.
        file: trace file that holds it.
        row: its number there.
        keyframe: of the blamed call.
    """
    part, words = batch.calls_of(rollout), call_words(batch, rollout)
    first = part.start
    at = len(words) - 1 if fault.call is None else fault.call - first
    begin = max(0, min(at - _MOST_CALLS // 2, len(words) - _MOST_CALLS))
    shown = range(begin, min(len(words), begin + _MOST_CALLS))
    program = batch.programs[batch.rollouts["program"][rollout]]
    task, language = (str(batch.rollout_text(name)[rollout]) for name in ("task", "language"))
    nominal = Perturbation().factors()
    doses = {name: dose for name, dose in batch.factors(rollout).items() if dose != nominal.get(name)}
    settings = {**doses, **batch.tunables(rollout)}
    return RolloutTrace(
        task=task,
        language=language,
        seed=int(batch.rollouts["seed"][rollout]),
        program=f"{program.name} ({program.hash})",
        margin=float(batch.rollouts["margin"][rollout]),
        outcome=Outcome(int(batch.rollouts["outcome"][rollout])).name,
        fault=fault.signature.key,
        milestone=milestone,
        sentence=fault.sentence,
        error=fault.error,
        settings=tuple(f"{name} {value:.4g}" for name, value in sorted(settings.items())),
        calls=tuple(_call(batch, first + n, n, words[n], blamed=fault.call == first + n) for n in shown),
        hidden=len(words) - len(shown),
        file=file,
        row=row,
        keyframe=keyframe,
    )


def _call(batch: TraceBatch, row: int, number: int, words: CallWords, *, blamed: bool) -> CallRow:
    ok = words.status is Status.OK
    reasons = ([] if ok else [words.status.reason]) + ([words.message] if words.message else [])
    start, end = (float(batch.calls[name][row]) for name in ("t_start", "t_end"))
    return CallRow(
        number=number,
        start=start,
        end=start if math.isnan(end) else end,
        asked=words.asked,
        status=words.status.name,
        said="; ".join(reasons),
        ok=ok,
        line=words.line,
        source=words.source,
        measures=tuple(words.measures),
        judged=judged(batch, row),
        blamed=blamed,
    )
