"""What the diagnosis of one program says, as the study of the planted faults asks it.

The only place that knows its form: who rebuilds the diagnosis rewrites these functions, and what they answer is scored.
"""

from __future__ import annotations

import numpy as np

from aspire_mjx.faults.diagnosis import Diagnosis, diagnose
from aspire_mjx.faults.factors import factor_effects, start_conditions
from aspire_mjx.traces.columns import TraceBatch


def diagnosis(batch: TraceBatch, *, budget: int) -> Diagnosis:
    """Of the rollouts of one program, with forks of those that failed, ``budget`` edits at most."""
    (found,) = diagnose(batch, forks=True, budget=budget)
    return found


def ranked_lines(found: Diagnosis) -> list[int]:
    """Source lines that a reader would look at, in the order of the diagnosis: that of the cause first."""
    first = [found.cause.line] if found.cause and found.cause.line else []
    return list(dict.fromkeys([*first, *found.suspects]))


def missing_call(found: Diagnosis) -> str | None:
    """The primitive that the diagnosis says is not called and should be."""
    if found.cause and found.cause.change.startswith("add "):
        return found.cause.call
    return found.missing.call if found.missing and not found.missing.stands else None


def cause_class(found: Diagnosis) -> str | None:
    """One of ``cause.CLASSES``."""
    return found.cause.kind if found.cause else None


def repaired(found: Diagnosis) -> float:
    """Share of the forked failures that the best change of the program turns into passes."""
    best = found.forks.program[0] if found.forks and found.forks.program else None
    return best.turned / best.failures if best else 0.0


def named_factor(found: Diagnosis, batch: TraceBatch) -> str | None:
    """The perturbation factor that is to blame: that of the cause, else the one that separates failures from passes."""
    if found.cause and found.cause.factor:
        return found.cause.factor
    effects = factor_effects(batch, batch.passes(), np.arange(len(batch)), starts=start_conditions(batch))
    found_effects = (each for each in effects if each.kind == "factor" and each.significant)
    return next((effect.name for effect in found_effects), None)
