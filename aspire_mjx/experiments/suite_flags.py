"""Which tasks a command works on: a built-in suite by name, or task files on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from absl import flags

from aspire_mjx.errors import AspireError
from aspire_mjx.experiments.command import Options
from aspire_mjx.worlds.bddl import load_bddl
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.tasks import Task


def define_suite_flags(fv: flags.FlagValues) -> None:
    """``--suite`` and ``--bddl``."""
    flags.DEFINE_string("suite", "libero_object_swap", "built-in suite of tasks", flag_values=fv)
    flags.DEFINE_string("bddl", "", "task file, or folder of task files, instead of --suite", flag_values=fv)


def suite_tasks(options: Options) -> tuple[Task, ...]:
    """All tasks of the suite that the flags name.

    Raises:
      AspireError: both flags, an unknown suite, or files that cannot be read.
    """
    if not options["bddl"]:
        return load_suite(options["suite"])
    if "suite" in options.given:
        raise AspireError("--suite and --bddl name two sources of tasks; give one.")
    return load_bddl(options["bddl"])


def definitions_hash(options: Options, tasks: Sequence[Task]) -> str:
    """Hash of what task files define, so that a resumed run notices edits; "" for a built-in suite."""
    return hashlib.sha256(repr(tuple(tasks)).encode()).hexdigest()[:12] if options["bddl"] else ""
