"""Which tasks a command works on: a built-in suite by name, or task files on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from absl import flags

from aspire_mjx.command import Options
from aspire_mjx.errors import AspireError, EngineError, UnknownNameError
from aspire_mjx.worlds.bddl import load_bddl
from aspire_mjx.worlds.checkout import checkout_at
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.tasks import Task

GEOMETRIES = ("own", "original")


def define_suite_flags(fv: flags.FlagValues) -> None:
    """``--suite`` and ``--bddl``; ``--geometry`` and ``--libero_root``."""
    flags.DEFINE_string("suite", "libero_object_swap", "built-in suite of tasks", flag_values=fv)
    flags.DEFINE_string("geometry", "own", f"shapes of things: {' or '.join(GEOMETRIES)}", flag_values=fv)
    flags.DEFINE_string("libero_root", "", "LIBERO checkout that --geometry=original reads", flag_values=fv)
    flags.DEFINE_string("bddl", "", "task file, or folder of task files, instead of --suite", flag_values=fv)


def suite_tasks(options: Options) -> tuple[Task, ...]:
    """All tasks of the suite that the flags name.

    Raises:
        AspireError: both flags, an unknown suite, or files that cannot be read.
    """
    checkout, tasks = _checkout(options), _named_tasks(options)
    return tuple(replace(task, checkout=checkout) for task in tasks) if checkout else tasks


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


def definitions_hash(options: Options, tasks: Sequence[Task]) -> str:
    """Hash of what task files define and of where geometry is read from, so that a resumed run notices edits.

    It is "" for a built-in suite with our own geometry.
    """
    from_disk = options["bddl"] or options["libero_root"]
    return hashlib.sha256(repr(tuple(tasks)).encode()).hexdigest()[:12] if from_disk else ""
