"""Comparisons with upstream and audits of honesty, kept as JSON lines with their conditions.

Cases: ``parity`` (own geometry beside that of the LIBERO checkout ``--libero_root``: starts, verdicts, heights,
displacements, scores), ``worlds`` (each template: building, resetting, settling, steps a second, contacts; on native
beside LIBERO's own scenes), ``verdicts`` (the same scripted rollouts on mjx and on native), ``honesty`` (the statuses
of mixed rollouts beside the simulator's truth, on native), ``machine`` (the machine alone, beside plain Python),
``endings`` (both verdicts of ``--seeds`` scripted rollouts of every task, that end well, nearly and badly),
``costs`` (what kinds of work take for the instructions that they count as, in one lane),
``planning`` (inverse kinematics, motions through clutter checked by physics, time beside that of physics),
``doses`` (passes of two programs over ``--seeds`` worlds of every dose of every perturbation factor),
``effects`` (how often the fault report blames a factor for nothing, over ``--batches`` drawn batches, and finds one),
``independence`` (whether the rollouts of a seed on different tasks pass together, ``--seeds`` on each of ten tasks),
``planted`` (what the fault report says of faults planted in programs and worlds: ``planted/README.md``; with ``--out``
a study that was stopped goes on where it was),
``pairing`` (what a line that does nothing changes, and how much paired differences vary, over ``--seeds`` seeds),
``reporting`` (what a fault report of ``--rollouts`` rollouts costs, and 120 rollouts from text to report),
``soak`` (memory over as many rollouts as fit into ``--minutes``, with all that ``run_program`` does to them),
``kills`` (a quick main job and a batch, stopped at ``--kills`` random moments and resumed: whether they end in the
same bits),
``sensing`` (errors of poses from pixels in ``--worlds`` worlds of each dose of noise, and what a look costs),
``idioms`` (errors of places from the points under a mask, likewise, in images of ``--camera``),
``words`` (what labelled prompts find, beside what they mean),
``ported`` (the programs of ``tests/ported`` beside the outcome that upstream's semantics give, four seeds each, in
images of ``--camera``),
``ported_blind`` (the same of ``tests/ported_blind``, whose outcomes were written down before they ran),
``overhead`` (the wave loop beside the bare engine), ``wave`` (the same at several numbers of lanes), ``occupancy`` (how
busy lanes are over four programs of different length).

    python -m experiments.studies --cases=honesty --out=FILE.jsonl

Run it in a checkout's folder, and what measures time on an otherwise idle machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

from absl import flags
from rich.console import Console

from aspire_mjx.command import Command, Options, define_number
from aspire_mjx.errors import AspireError
from aspire_mjx.experiments.benchmark import Cases, run_cases
from aspire_mjx.physics.engines import MOST_LANES
from aspire_mjx.primitives.perception import IMAGE_SIZE
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.worlds.workspaces import FAMILIES
from experiments.studies.costs import costs
from experiments.studies.doses import doses
from experiments.studies.effects import effects
from experiments.studies.endings import endings
from experiments.studies.honesty import honesty
from experiments.studies.idioms import idioms
from experiments.studies.independence import independence
from experiments.studies.kills import kills
from experiments.studies.loop import lane_numbers, occupancy, overhead, wave
from experiments.studies.machine import PROGRAMS, machine
from experiments.studies.pairing import pairing
from experiments.studies.parity import parity
from experiments.studies.planning import planning
from experiments.studies.planted.study import planted
from experiments.studies.ported import BLIND, ported
from experiments.studies.reporting import reporting
from experiments.studies.sensing import sensing
from experiments.studies.soak import soak
from experiments.studies.verdicts import verdicts
from experiments.studies.words import words
from experiments.studies.worlds import worlds

CASES: Cases = {
    "machine": lambda o: machine(o["programs"], lane_numbers(o)),
    "costs": lambda o: costs(),
    "worlds": lambda o: worlds(o["engine"], o["capacity"], o["resets"]),
    "verdicts": lambda o: verdicts(o["capacity"], o["rollouts"]),
    "endings": lambda o: endings(o["seeds"]),
    "honesty": lambda o: honesty(o["rollouts"]),
    "doses": lambda o: doses(o["seeds"]),
    "effects": lambda o: effects(o["batches"]),
    "independence": lambda o: independence(o["seeds"]),
    "pairing": lambda o: pairing(o["seeds"]),
    "planning": lambda o: planning(),
    "planted": lambda o: planted(o["engine"], kept=Path(o["out"] + ".part") if o["out"] else None),
    "reporting": lambda o: reporting(o["engine"], o["rollouts"]),
    "soak": lambda o: soak(60.0 * o["minutes"]),
    "kills": lambda o: kills(o["kills"]),
    "ported": lambda o: ported(o["engine"], o["camera"]),
    "ported_blind": lambda o: ported(o["engine"], o["camera"], BLIND),
    "sensing": lambda o: sensing(o["worlds"], o["camera"]),
    "idioms": lambda o: idioms(o["worlds"], o["camera"]),
    "words": lambda o: words(),
    "overhead": lambda o: overhead(o["engine"], o["capacity"]),
    "wave": lambda o: wave(o["engine"], lane_numbers(o), o["horizon"]),
    "occupancy": lambda o: occupancy(o["engine"], o["capacity"], o["rollouts"]),
    "parity": lambda o: parity(o["libero_root"]),
}
_TWO = ("floor", "tabletop")
_WORKSPACES = {case: _TWO for case in ("verdicts", "honesty", "doses")}
_ALL = ("worlds", "endings", "planted", "sensing", "idioms", "words", "ported", "ported_blind")
_WORKSPACES |= {case: tuple(FAMILIES) for case in _ALL}


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    flags.DEFINE_list("cases", ["honesty"], f"what to study: {', '.join(CASES)}", flag_values=fv)
    flags.DEFINE_string("engine", "native", "physics engine: mjx or native", flag_values=fv)
    about = "rollouts at once; 0: the engine's default"
    define_number("capacity", 0, about, low=0, high=MOST_LANES, flag_values=fv)
    flags.DEFINE_list("lanes", ["256", "1024", "4096"], "numbers of lanes: cases machine, wave", flag_values=fv)
    for name, usual, about in (
        ("rollouts", 2000, "rollouts of the cases verdicts, honesty, occupancy and reporting"),
        ("horizon", 300, "ticks of a rollout where the case wave has over 1,024 lanes"),
        ("seeds", 64, "seeds of the cases doses, endings, independence and pairing"),
        ("batches", 1000, "drawn batches of each design of the case effects"),
        ("minutes", 30, "how long the case soak lasts"),
        ("kills", 20, "kills of the case kills"),
        ("worlds", 1000, "worlds of each dose of noise: cases sensing, idioms"),
        ("resets", 1024, "worlds that the case worlds resets of each template"),
    ):
        define_number(name, usual, about, low=1, high=1_000_000, flag_values=fv)
    flags.DEFINE_string(
        "camera", str(IMAGE_SIZE), "size of images: cases ported, idioms; what looks cost in sensing", flag_values=fv
    )
    flags.DEFINE_list("programs", list(PROGRAMS), "files of the case machine, with wildcards", flag_values=fv)
    flags.DEFINE_string("libero_root", "", "LIBERO checkout of the case parity", flag_values=fv)
    flags.DEFINE_string("out", "", "JSON-lines file to append to; empty: print only", flag_values=fv)


def _main(options: Options, arguments: list[str], console: Console) -> None:
    lane_numbers(options)
    ImageSize.parse(options["camera"])
    if not options["programs"]:
        raise AspireError("--programs is empty; give files of programs, such as tests/corpus/*.py.")
    if "parity" in options["cases"] and not options["libero_root"]:
        raise AspireError("the case parity needs --libero_root=PATH, the root of your own LIBERO checkout.")
    run_cases(CASES, options, arguments, console, workspaces=_WORKSPACES)


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
