"""Which worlds a command works on: tasks of a built-in suite or of files on disk, and how they are perturbed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from absl import flags

from aspire_mjx.command import Options
from aspire_mjx.errors import AspireError, EngineError, UnknownNameError
from aspire_mjx.worlds.bddl import load_bddl
from aspire_mjx.worlds.checkout import checkout_at
from aspire_mjx.worlds.perturbation import Perturbation, describe
from aspire_mjx.worlds.suites import load_suite, pick_task
from aspire_mjx.worlds.sweep import DESIGNS, Sweep
from aspire_mjx.worlds.tasks import Task

GEOMETRIES = ("own", "original")
LANGUAGES = ("task", "file")
_RANGE = re.compile(r"(\d{1,6})-(\d{1,6})")
_DRAW = 0  # seed of a hypercube: the same seeds on the command line always get the same perturbations
_HELP = f"""perturbation of the worlds, such as position:0.05,friction:0.5. Each factor with its default, its
range and its meaning:
{describe()}"""


def define_world_flags(fv: flags.FlagValues) -> None:
    """``--suite`` and ``--bddl``; ``--geometry``, ``--libero_root``, ``--language``; ``--perturb`` and ``--sweep``."""
    flags.DEFINE_string("suite", "libero_object_swap", "built-in suite of tasks", flag_values=fv)
    flags.DEFINE_string("geometry", "own", f"shapes of things: {' or '.join(GEOMETRIES)}", flag_values=fv)
    flags.DEFINE_string("libero_root", "", "LIBERO checkout that --geometry=original reads", flag_values=fv)
    flags.DEFINE_string("bddl", "", "task file, or folder of task files, instead of --suite", flag_values=fv)
    about = (
        "the instruction: 'task' as the task says it, 'file' as upstream's file name does; docs/worlds.md lists where"
    )
    flags.DEFINE_string("language", "task", f"{about} they contradict each other", flag_values=fv)
    flags.DEFINE_string("perturb", "", _HELP, flag_values=fv)
    about = f"how ranges in --perturb, such as position:0..0.05, are spread over the seeds: {' or '.join(DESIGNS)}"
    flags.DEFINE_string("sweep", "", about, flag_values=fv)


def suite_tasks(options: Options) -> tuple[Task, ...]:
    """All tasks of the suite that the flags name.

    Raises:
        AspireError: both flags, an unknown suite, or files that cannot be read.
    """
    checkout, tasks = _checkout(options), _named_tasks(options)
    if options["language"] not in LANGUAGES:
        raise UnknownNameError("language", options["language"], LANGUAGES)
    if options["language"] == "file":
        tasks = tuple(replace(task, language=task.file_language) for task in tasks)
    return tuple(replace(task, checkout=checkout) for task in tasks) if checkout else tasks


def define_task_flags(fv: flags.FlagValues) -> None:
    """``--task`` and ``--tasks``."""
    flags.DEFINE_string("task", "0", "index or name of the task", flag_values=fv)
    about = "in place of --task several: 'all', or indices, ranges and names such as 0,3-5"
    flags.DEFINE_string("tasks", "", about, flag_values=fv)


def chosen_tasks(options: Options) -> tuple[Task, ...]:
    """The tasks of the suite that ``--task`` or ``--tasks`` names.

    Raises:
        AspireError: both flags, or a task that there is not.
    """
    if "tasks" not in options.given:
        return (pick_task(suite_tasks(options), options["task"]),)
    if "task" in options.given:
        raise AspireError("--task and --tasks both say what to work on; give one.")
    return select_tasks(suite_tasks(options), options["tasks"])


def select_tasks(suite: tuple[Task, ...], text: str) -> tuple[Task, ...]:
    """Tasks of a suite: ``all``, or comma-separated indices, index ranges and names, each task once.

    Raises:
        UnknownNameError: no such task; the message lists the known ones.
    """
    if text.strip() == "all":
        return suite
    chosen: dict[str, Task] = {}
    for part in (part.strip() for part in text.split(",")):
        span = _RANGE.fullmatch(part)
        names = range(int(span[1]), int(span[2]) + 1) if span else [part]
        if not names:
            raise AspireError(f"tasks {text!r}: range {part!r} falls; write the smaller index first.")
        for name in names:
            task = pick_task(suite, name)
            chosen[task.key] = task
    return tuple(chosen.values())


def _named_tasks(options: Options) -> tuple[Task, ...]:
    if not options["bddl"]:
        return load_suite(options["suite"])
    if "suite" in options.given:
        raise AspireError("--suite and --bddl name two sources of tasks; give one.")
    return load_bddl(options["bddl"])


def _checkout(options: Options) -> str:
    """Root of the checkout whose geometry is asked for, "" for our own."""
    if options["geometry"] not in GEOMETRIES:
        raise UnknownNameError("geometry", options["geometry"], GEOMETRIES)
    if options["geometry"] == "own":
        if options["libero_root"]:
            raise AspireError("--libero_root is read with --geometry=original only; add it, or leave the folder out.")
        return ""
    if not options["libero_root"]:
        raise AspireError("--geometry=original needs --libero_root=PATH, the root of your own LIBERO checkout.")
    return checkout_at(options["libero_root"])


def engine_name(options: Options) -> str:
    """The engine that the flags ask for: ``auto`` is ``native`` where only that one runs the geometry.

    Raises:
        EngineError: the geometry of a checkout on another engine.
    """
    if options["geometry"] == "own":
        return options["engine"]
    if options["engine"] not in ("auto", "native"):
        raise EngineError(f"--geometry=original runs on native only, not on {options['engine']}; use --engine=native.")
    return "native"


def world_config(options: Options, tasks: Sequence[Task]) -> dict[str, str]:
    """The flags' part of ``config.json``, so that a resumed run notices other worlds.

    ``bddl`` is a hash of what task files define and of where geometry is read from: edits are noticed too. It is ""
    for a built-in suite with our own geometry.
    """
    from_disk = options["bddl"] or options["libero_root"]
    return {
        "bddl": hashlib.sha256(repr(tuple(tasks)).encode()).hexdigest()[:12] if from_disk else "",
        "geometry": options["geometry"],
        "language": options["language"],
        "perturb": options["perturb"],
        "sweep": options["sweep"],
    }


def perturbations(options: Options, seeds: Iterable[int]) -> dict[int, Perturbation]:
    """The perturbation of each of a command's seeds: a function of the flags and of all the seeds together.

    Raises:
        AspireError: a range without a design, or the other way round; an unknown factor or design; a value that is not
          a number or out of range; too few seeds for a grid.
    """
    sweep, design, ordered = Sweep.parse(options["perturb"]), options["sweep"], sorted(set(seeds))
    if sweep.names and not design:
        raise AspireError(
            f"--perturb={options['perturb']} has a range; say how it is spread over the seeds: --sweep=latin or grid."
        )
    if design and not sweep.names:
        raise AspireError(f"--sweep={design} needs a range in --perturb, such as --perturb=position:0..0.05.")
    return dict(zip(ordered, sweep.draw(len(ordered), design=design or DESIGNS[0], seed=_DRAW), strict=True))
