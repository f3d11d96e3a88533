"""Case of the effects: how often the fault report blames a factor for nothing, and how often it finds one that acts.

Verdicts and doses are drawn, so nothing is simulated; the tests of the fault report go through the same functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from aspire_mjx.faults.factors import FactorEffect, factor_effects
from aspire_mjx.faults.statistics import wilson
from aspire_mjx.language.program import Program
from aspire_mjx.traces.columns import RolloutRow, TraceBatch, TraceBuilder

_PROGRAM = Program("wait(1)\n", "drawn.py")
GOOD, BAD = 0.85, 0.25  # pass rates inside the good range and outside it, where a factor acts


class Design(NamedTuple):
    """Rollouts of one program: ``tasks`` on ``seeds``, each at ``doses`` doses of the factors or, if 0, at its seed's.

    ``luck`` is the share of a verdict's luck that all rollouts of a seed have in common.
    """

    seeds: int
    tasks: int = 1
    doses: int = 0
    luck: float = 0.0


#: Seeds of their own; seeds that ten tasks share; a sweep over which every seed goes.
DESIGNS = {
    "own seeds": Design(64),
    "shared seeds": Design(24, tasks=10, luck=0.66),
    "sweep": Design(16, doses=5, luck=0.5),
}
#: Shares of the range of the doses to whether it is good there; the good ones are half of all.
SHAPES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "low is good": lambda share: share < 0.5,
    "the middle is good": lambda share: np.abs(share - 0.5) < 0.25,
}


def effects(batches: int) -> dict[str, Any]:
    """The rate of false alarms over random batches of each design, and of the effects found over a tenth as many."""
    few = max(1, batches // 10)
    return {
        "false_alarms": {name: _rated(false_alarms(design, batches), batches) for name, design in DESIGNS.items()},
        "found": {
            f"{name}, {shape}": _rated(found(design, SHAPES[shape], few), few)
            for name, design in (("own seeds", DESIGNS["own seeds"]), ("shared seeds", Design(64, tasks=10, luck=0.66)))
            for shape in SHAPES
        },
        "pass_rates": [GOOD, BAD],
    }


def false_alarms(design: Design, batches: int) -> int:
    """Batches in which some number is blamed and none acts."""
    random, rates = np.random.default_rng(1), np.random.default_rng(2)
    return sum(
        any(effect.significant for effect in _effects(design, random, lambda _, rate=rate: np.full_like(_, rate)))
        for rate in rates.uniform(0.2, 0.8, batches).tolist()
    )


def found(design: Design, good: Callable[[np.ndarray], np.ndarray], batches: int) -> int:
    """Batches in which the factor that acts is blamed first."""
    random = np.random.default_rng(3)
    firsts = (_effects(design, random, lambda share: np.where(good(share), GOOD, BAD))[0] for _ in range(batches))
    return sum(first.name == "table" and first.significant for first in firsts)


def _effects(
    design: Design, random: np.random.Generator, rate: Callable[[np.ndarray], np.ndarray]
) -> tuple[FactorEffect, ...]:
    """Of one batch whose verdicts depend on the share of the range of ``table`` alone."""
    batch, shares, seeds = _batch(design, random)
    luck = np.sqrt(design.luck) * random.standard_normal(design.seeds)[seeds]
    luck += np.sqrt(1.0 - design.luck) * random.standard_normal(len(batch))
    uniform = np.argsort(np.argsort(luck)) / len(luck)
    return factor_effects(batch, uniform < rate(shares), np.arange(len(batch)))


def _batch(design: Design, random: np.random.Generator) -> tuple[TraceBatch, np.ndarray, np.ndarray]:
    """Rollouts with two factors and a tunable; the shares of the range of ``table``; numbers of seeds."""
    builder, shares, seeds = TraceBuilder(), [], []
    swept = np.linspace(0.0, 1.0, design.doses) if design.doses else ()
    for seed in range(design.seeds):
        mass, depth, own = random.random(3).round(4).tolist()
        for table in swept if design.doses else (own,):
            for task in range(design.tasks):
                row = RolloutRow(
                    rollout=len(seeds),
                    program=builder.program(_PROGRAM),
                    task=f"drawn/{task}",
                    seed=seed,
                    outcome=0,
                    benchmark=False,
                    strict=False,
                    margin=0.0,
                    ticks=1,
                    factors={"table": float(table), "mass": mass},
                    tunables={"depth": depth},
                )
                builder.rollout(row)
                shares.append(float(table))
                seeds.append(seed)
    return builder.build(), np.array(shares), np.array(seeds)


def _rated(count: int, batches: int) -> dict[str, Any]:
    low, high = wilson(count, batches)
    return {"rate": round(count / batches, 4), "interval": [round(low, 4), round(high, 4)], "batches": batches}
