"""Checks the mjx engine where it runs, a GPU above all, and measures the wave loop there, as JSON lines.

    python -m experiments.studies.gpu_check --out=FILE.jsonl

Lines: ``conformance`` (what every engine must do), ``repeat`` (rollouts run twice, in permuted order: equal traces),
``agreement`` (verdicts beside the native engine), then ``wave`` for each number of lanes (steps a second beside the
bare scan, occupancy, share of host time). A wave that would begin after ``--budget`` seconds is left out, and its line
says so. The exit code is 2 when a check fails. ``scripts/gpu_check.sh`` does it all on a bare machine.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
from absl import flags
from rich.console import Console

from aspire_mjx.command import Command, Options, define_number
from aspire_mjx.errors import AspireError
from aspire_mjx.experiments.benchmark import first_jobs, ready, write_record
from aspire_mjx.files import check_writable
from aspire_mjx.physics.engine import Engine, State
from aspire_mjx.physics.engines import make
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.panda import REST
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import make_worlds
from experiments.studies.loop import beside_bare, lane_numbers

_TICKS = 12
_MILLIMETRE = 1e-3
_AGREEMENT = 0.9


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    flags.DEFINE_list("lanes", ["256", "1024", "4096"], "numbers of lanes; the first serves the checks", flag_values=fv)
    for name, usual, about in (
        ("rollouts", 200, "rollouts that are repeated and compared with native"),
        ("horizon", 300, "ticks of a rollout where the wave loop is measured"),
        ("budget", 480, "seconds after which no further measurement begins"),
    ):
        define_number(name, usual, about, low=1, high=1_000_000, flag_values=fv)
    flags.DEFINE_string("out", "", "JSON-lines file to append to; empty: print only", flag_values=fv)


def conformance(engine: Engine) -> dict[str, bool]:
    """What holds of every engine, on this one: by name, whether it does."""
    lanes = min(engine.capacity, 16)
    worlds = make_worlds([job.world for job in first_jobs(lanes)])
    ctrl, ticks = np.tile(REST, (lanes, _TICKS, 1)), np.full(lanes, _TICKS)
    ctrl[:, :, 1] -= np.linspace(0, 0.3, _TICKS) * np.linspace(0.5, 1.0, lanes)[:, None]  # up, off the objects
    start = engine.reset(worlds)
    whole, felt = engine.advance(worlds, start, ctrl, ticks)
    again, _ = engine.advance(worlds, start, ctrl, ticks)
    half = _TICKS // 2
    middle, _ = engine.advance(worlds, start, ctrl[:, :half], ticks - half)
    chunked, _ = engine.advance(worlds, middle, ctrl[:, half:], ticks - half)
    order = np.random.default_rng(0).permutation(lanes)
    mixed, _ = engine.advance(worlds.take(order), start.take(order), ctrl[order], ticks)
    some = np.where(np.arange(lanes) % 2, 0, _TICKS)
    frozen, _ = engine.advance(worlds, start, ctrl, some)
    native = make("native", engine.template)
    other, _ = native.advance(worlds, native.reset(worlds), ctrl, ticks)
    still, moving = some == 0, some > 0
    return {
        "the same bits again": _equal(whole, again),
        "chunks equal the whole": _equal(whole, chunked),
        "places change nothing": _equal(whole.take(order), mixed),
        "frozen lanes do not move": _equal(start.take(still), frozen.take(still)),
        "neighbours change nothing": _equal(whole.take(moving), frozen.take(moving)),
        "finite": not felt.diverged.any(),
        "within a millimetre of native": bool(np.abs(whole.qpos - other.qpos).max() < _MILLIMETRE),
    }


def _equal(first: State, second: State) -> bool:
    return first.qpos.tobytes() == second.qpos.tobytes() and first.qvel.tobytes() == second.qvel.tobytes()


def repeat(engine: Engine, rollouts: int) -> tuple[dict[str, Any], TraceBatch]:
    """The same rollouts twice, the second time in another order: how many traces are equal bit for bit."""
    jobs = first_jobs(rollouts)
    order = np.random.default_rng(0).permutation(rollouts)
    first = Simulator(engine).run(jobs)
    second = Simulator(engine).run([jobs[i] for i in order]).select(np.argsort(order))
    equal = sum(_same(first.select([i]), second.select([i])) for i in range(rollouts))
    return {"rollouts": rollouts, "equal_traces": equal, "passed": equal == rollouts}, first


def _same(first: TraceBatch, second: TraceBatch) -> bool:
    pairs = [(first.calls, second.calls), (first.rollouts, second.rollouts)]
    return first.strings == second.strings and all(
        a[name].tobytes() == b[name].tobytes() for a, b in pairs for name in a
    )


def agreement(batch: TraceBatch) -> dict[str, Any]:
    """Verdicts of the same rollouts on the native engine."""
    rollouts = len(batch)
    native = Simulator(make("native", template_of("floor"))).run(first_jobs(rollouts))
    equal = int((batch.passes() == native.passes()).sum())
    return {
        "rollouts": rollouts,
        "equal_verdicts": equal,
        "passes": int(batch.passes().sum()),
        "native_passes": int(native.passes().sum()),
        "passed": equal >= _AGREEMENT * rollouts,
    }


def _main(options: Options, arguments: list[str], console: Console) -> None:
    lanes = lane_numbers(options)
    if arguments:
        raise AspireError(f"{arguments[0]!r}: this command takes flags only, such as --lanes=256,1024.")
    if options["out"]:
        check_writable(options["out"])
    begun = time.perf_counter()

    def line(case: str, figures: dict[str, Any]) -> None:
        write_record(case, figures, engine="mjx", out=options["out"], console=console)

    engine = ready(make("mjx", template_of("floor"), capacity=lanes[0]))
    held = conformance(engine)
    line("conformance", {"capacity": lanes[0], "checks": held, "passed": all(held.values())})
    repeated, batch = repeat(engine, options["rollouts"])
    line("repeat", {"capacity": lanes[0], **repeated})
    agreed = agreement(batch)
    line("agreement", {"capacity": lanes[0], **agreed})
    for count in lanes:
        seconds = time.perf_counter() - begun
        if seconds > options["budget"]:
            line("wave", {"capacity": count, "left_out": f"{seconds:.0f} s of {options['budget']} s were used up"})
            continue
        if count != lanes[0]:
            engine = ready(make("mjx", template_of("floor"), capacity=count))
        line("wave", {"capacity": count, **beside_bare(engine, rollouts=count, horizon=options["horizon"])})
    if not (all(held.values()) and repeated["passed"] and agreed["passed"]):
        raise AspireError("a check failed; see the lines with passed: false.")


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
