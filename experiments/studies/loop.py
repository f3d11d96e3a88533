"""The wave loop by number of lanes, and how busy its lanes are over programs of different length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aspire_mjx.experiments.benchmark import jobs_over_seeds, loop_figures, ready, shares
from aspire_mjx.language.program import Program
from aspire_mjx.physics.engines import make
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.worlds.episode import HORIZON
from aspire_mjx.worlds.template import template_of

FOUR_PROGRAMS = ("reach", "push", "pick_and_place", "careful_pick_and_place")


def wave(engine_name: str, lanes: Sequence[int], horizon: int) -> dict[str, Any]:
    """The wave loop at several numbers of lanes, with the first program.

    Two rollouts a lane to their ends at up to 1,024 lanes; more lanes get one rollout each of at most ``horizon``
    ticks, to bound the time.
    """
    figures = {}
    for count in lanes:
        engine = ready(make(engine_name, template_of("floor"), capacity=count))
        rollouts, limit = (2 * count, HORIZON) if count <= 1024 else (count, horizon)
        figures[str(count)] = loop_figures(engine, rollouts=rollouts, horizon=limit)
    return {"lanes": figures}


def occupancy(engine_name: str, capacity: int, rollouts: int) -> dict[str, Any]:
    """How busy the lanes are over four programs of different length."""
    engine = ready(make(engine_name, template_of("floor"), capacity=capacity or 256))
    jobs = jobs_over_seeds([Program.shipped(name) for name in FOUR_PROGRAMS], rollouts)
    batch = Simulator(engine).run(jobs)
    ticks, program = batch.rollouts["ticks"], batch.rollouts["program"]
    lengths = {text.name: round(float(ticks[program == i].mean())) for i, text in enumerate(batch.programs)}
    return {"rollouts": rollouts, "capacity": engine.capacity, "mean_ticks": lengths, **shares(batch.meta["timing"])}
