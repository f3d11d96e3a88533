"""Look at tasks: ``python -m aspire_mjx.worlds list|show``.

python -m aspire_mjx.worlds list                          the suites
python -m aspire_mjx.worlds list libero_goal              one line a task: index, name, language, goal
python -m aspire_mjx.worlds show libero_goal/3            everything that defines a task
python -m aspire_mjx.worlds list --bddl=PATH              the same of task files on disk
python -m aspire_mjx.worlds show --bddl=PATH 3
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from absl import flags
from rich.console import Console

from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.experiments.command import Options, run_command
from aspire_mjx.worlds.bddl import load_bddl
from aspire_mjx.worlds.suites import find_task, load_suite, pick_task, suite_names
from aspire_mjx.worlds.task_text import task_line, task_page
from aspire_mjx.worlds.tasks import Task


def define_flags() -> flags.FlagValues:
    """The flags of this command."""
    fv = flags.FlagValues()
    flags.DEFINE_string("bddl", "", "task file, or folder of task files, instead of a built-in suite", flag_values=fv)
    return fv


def chosen_tasks(options: Options, arguments: Sequence[str]) -> tuple[Task, ...]:
    """The tasks that ``SUITE``, ``SUITE/TASK``, ``--bddl=PATH`` or ``--bddl=PATH TASK`` name.

    Raises:
      AspireError: not one name, or a name of nothing.
    """
    if len(arguments) > 1:
        raise AspireError(f"{arguments[1]!r}: give one SUITE or SUITE/TASK.")
    if options["bddl"]:
        tasks = load_bddl(options["bddl"])
        return (pick_task(tasks, arguments[0]),) if arguments else tasks
    if not arguments:
        raise AspireError(
            "give a SUITE or SUITE/TASK, e.g. libero_goal/3, or --bddl=PATH; 'list' alone names the suites."
        )
    suite, _, task = arguments[0].partition("/")
    return (find_task(suite, task),) if task else load_suite(suite)


def _list(options: Options, arguments: Sequence[str], console: Console) -> None:
    if arguments or options["bddl"]:
        lines = [task_line(task) for task in chosen_tasks(options, arguments)]
    else:
        lines = [f"{name}  {len(load_suite(name))} tasks" for name in suite_names()]
    _print(console, "\n".join(lines))


def _show(options: Options, arguments: Sequence[str], console: Console) -> None:
    _print(console, "\n\n".join(task_page(task) for task in chosen_tasks(options, arguments)))


def _print(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


#: Name on the command line to what it does.
COMMANDS: dict[str, Callable[[Options, Sequence[str], Console], None]] = {"list": _list, "show": _show}


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if not arguments or arguments[0] not in COMMANDS:
        raise UnknownNameError("command", arguments[0] if arguments else "", COMMANDS)
    COMMANDS[arguments[0]](options, arguments[1:], console)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return run_command(_main, define_flags(), usage=__doc__ or "", argv=argv)


if __name__ == "__main__":
    sys.exit(main())
