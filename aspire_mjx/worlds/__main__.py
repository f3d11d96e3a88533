"""Look at tasks and worlds: ``python -m aspire_mjx.worlds list|show|render``.

python -m aspire_mjx.worlds list                          the suites
python -m aspire_mjx.worlds list libero_goal              one line a task: index, name, language, goal
python -m aspire_mjx.worlds show libero_goal/3            everything that defines a task
python -m aspire_mjx.worlds list --bddl=PATH              the same of task files on disk
python -m aspire_mjx.worlds show --bddl=PATH 3
python -m aspire_mjx.worlds show libero_goal/3 --seed=7 --perturb=size:1.2 --out=world.xml
                                                          where everything starts, and the world for MuJoCo's viewer
python -m aspire_mjx.worlds render libero_goal            a picture of every task on one page, libero_goal.png
python -m aspire_mjx.worlds render libero_goal/3 --goal   a picture of the goal
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from absl import flags
from rich.console import Console

from aspire_mjx.command import Command, Options, define_number
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.files import check_writable
from aspire_mjx.seeds import LAST_SEED
from aspire_mjx.worlds.bddl import load_bddl
from aspire_mjx.worlds.perturbation import Perturbation, describe
from aspire_mjx.worlds.suites import find_task, load_suite, pick_task, suite_names
from aspire_mjx.worlds.task_text import task_line, task_page
from aspire_mjx.worlds.tasks import Task

if TYPE_CHECKING:  # what simulates and draws is imported where it is used: a list of tasks should not take seconds
    from aspire_mjx.worlds.worlds import WorldSpec

_PERTURB = f"""perturbation of the worlds, such as position:0.05,friction:0.5. Each factor with its default, its range
and its meaning:
{describe()}"""


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    flags.DEFINE_string("bddl", "", "task file, or folder of task files, instead of a built-in suite", flag_values=fv)
    define_number("seed", 0, "show, render: seed of the worlds", low=0, high=LAST_SEED, flag_values=fv)
    flags.DEFINE_string("perturb", "", f"show, render: {_PERTURB}", flag_values=fv)
    flags.DEFINE_boolean("goal", False, "render: a state in which the goal holds, not the start", flag_values=fv)
    flags.DEFINE_string("out", "", "show: MJCF file to write; render: picture, by default SUITE.png", flag_values=fv)


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
    print("\n".join(lines))


def _show(options: Options, arguments: Sequence[str], console: Console) -> None:
    tasks = chosen_tasks(options, arguments)
    pages = [task_page(task) for task in tasks]
    if options.given & {"seed", "perturb", "out"}:
        if len(tasks) != 1:
            raise AspireError("--seed, --perturb and --out are about one world: give SUITE/TASK, e.g. libero_goal/3.")
        pages.append(_start(options, tasks[0]))
    print("\n\n".join(pages))


def _start(options: Options, task: Task) -> str:
    """A world's start in words; writes it to ``--out``, where that is given."""
    from aspire_mjx.physics.engines import make
    from aspire_mjx.rollout.simulator import Simulator
    from aspire_mjx.worlds.mjcf import KEYFRAME, world_mjcf
    from aspire_mjx.worlds.world_text import world_text

    path = _writable(options["out"], ".xml") if options["out"] else None
    (spec,) = _worlds(options, [task])
    worlds, state = Simulator(make("native", spec.template, capacity=1)).settled([spec])
    text = world_text(worlds, state.qpos[0])
    if path is None:
        return text
    path.write_text(world_mjcf(worlds, state.qpos[0]), encoding="utf-8")
    return f"{text}\n\nWrote {path}  (python -m mujoco.viewer --mjcf={path}; the key {KEYFRAME!r} is this start)"


def _render(options: Options, arguments: Sequence[str], console: Console) -> None:
    from aspire_mjx.command import progress_bar
    from aspire_mjx.reports.contact_sheet import contact_sheet, world_pictures

    tasks = chosen_tasks(options, arguments)
    path = _writable(options["out"] or f"{'-'.join(arguments).replace('/', '-') or tasks[0].suite}.png", ".png")
    specs = _worlds(options, tasks)
    with progress_bar(console, "pictures", len(specs)) as advance:
        images = world_pictures(specs, goal=options["goal"], progress=advance)
    contact_sheet(images, [f"{task.index}  {task.language}" for task in tasks], path)
    print(f"Wrote {path}")


def _worlds(options: Options, tasks: Sequence[Task]) -> list[WorldSpec]:
    from aspire_mjx.worlds.worlds import WorldSpec

    perturbation = Perturbation.parse(options["perturb"])
    return [WorldSpec(task, options["seed"], perturbation) for task in tasks]


def _writable(name: str, suffix: str) -> Path:
    """The path of a file to write.

    Raises:
        AspireError: another kind of file, or a folder that is not there.
    """
    if Path(name).suffix != suffix:
        raise AspireError(f"--out={name}: the file is written as {suffix}; name it so.")
    return check_writable(name)


#: Name on the command line to what it does, and the flags that it takes.
COMMANDS: dict[str, tuple[Callable[[Options, Sequence[str], Console], None], set[str]]] = {
    "list": (_list, {"bddl"}),
    "show": (_show, {"bddl", "seed", "perturb", "out"}),
    "render": (_render, {"bddl", "seed", "perturb", "out", "goal"}),
}


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if not arguments or arguments[0] not in COMMANDS:
        raise UnknownNameError("command", arguments[0] if arguments else "", COMMANDS)
    command, *rest = arguments
    run, known = COMMANDS[command]
    if stray := options.given - known:
        raise AspireError(f"--{min(stray)} is no flag of {command}; leave it out.")
    run(options, rest, console)


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
