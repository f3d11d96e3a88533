r"""Serve the tools for agents to any MCP client, such as Claude Code or Codex.

    python -m aspire_mjx.agents.mcp
    python -m aspire_mjx.agents.mcp --transport=http --port=8000 --suite=libero_goal --library=my_skills

By default over standard input and output: the client starts this command itself. With --transport=http over streamable
HTTP at http://127.0.0.1:PORT/mcp, for any number of clients on this machine; all work with the same lanes, batches and
library. What they run is kept in a run directory; looks at held-out seeds are entered in its ledger.
"""

from __future__ import annotations

import sys
from typing import Any

from absl import flags
from rich.console import Console

from aspire_mjx.agents.mcp.budget import Budget, Metered
from aspire_mjx.agents.mcp.desk import Desk, Watch
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.command import Command, Options, Terminated, define_number
from aspire_mjx.errors import AspireError, SeedRoleError, UnknownNameError
from aspire_mjx.experiments.evaluation import Evaluator
from aspire_mjx.experiments.run_directory import RunDirectory
from aspire_mjx.experiments.session import Session, define_directory_flags, define_session_flags, open_directory
from aspire_mjx.experiments.world_flags import (
    define_world_flags,
    perturbations,
    select_tasks,
    suite_tasks,
    world_config,
)
from aspire_mjx.seeds import DEBUG_SEEDS, VALIDATION_SEEDS, SeedRole, format_seeds, parse_seeds, role_of
from aspire_mjx.skills.library import SkillLibrary

TRANSPORTS = ("stdio", "http")
_LIBRARY = "library"  # of a run directory: what was admitted here, which no rollout makes again


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    define_world_flags(fv)
    define_session_flags(fv)
    define_directory_flags(fv)
    flags.DEFINE_string("tasks", "all", "tasks: 'all', or indices, ranges and names such as 0,3-5", flag_values=fv)
    flags.DEFINE_string("heldout_seeds", "1-50", "seeds of the one report of a task", flag_values=fv)
    about = "folder of the skill library; empty: one in the run directory"
    flags.DEFINE_string("library", "", about, flag_values=fv)
    flags.DEFINE_string("transport", "stdio", f"how clients connect: {' or '.join(TRANSPORTS)}", flag_values=fv)
    define_number("port", 8000, "port of --transport=http; 0: any free one", low=0, high=65_535, flag_values=fv)
    usual = Budget()
    about = "rollouts that clients may ask for, all together"
    define_number("max_rollouts", usual.rollouts, about, low=1, high=10**9, flag_values=fv)
    define_number(
        "max_seconds", usual.seconds, "seconds that one call may take", low=1.0, high=86_400.0, flag_values=fv
    )


def _heldout(text: str) -> tuple[int, ...]:
    seeds = parse_seeds(text)
    wrong = [seed for seed in seeds if role_of(seed) is not SeedRole.HELDOUT]
    if wrong:
        raise SeedRoleError(
            f"--heldout_seeds={text}: seeds {format_seeds(wrong)} are for debugging and validation; leave them out."
        )
    return seeds


def make_desk(options: Options, console: Console) -> tuple[RunDirectory, Desk]:
    """A desk as the flags have it, with its run directory.

    Raises:
        AspireError: flags that ask for what there is not.
    """
    tasks = select_tasks(suite_tasks(options), options["tasks"])
    heldout = _heldout(options["heldout_seeds"])
    doses = perturbations(options, (*DEBUG_SEEDS, *VALIDATION_SEEDS, *heldout))
    watch, budget = Watch(), Budget(options["max_rollouts"], options["max_seconds"])
    session = Session.of(options, console, progress=watch)
    config: dict[str, Any] = {
        "suite": tasks[0].suite,
        "tasks": [task.key for task in tasks],
        **world_config(options, tasks),
        "heldout_seeds": format_seeds(heldout),
        "engine": session.engine,
        "camera": str(session.camera),
        **session.budgets.config(),
        "versions": session.versions,
    }
    directory = open_directory(options, f"{tasks[0].suite}-mcp", config)
    bench = Workbench(
        tasks={task.key: task for task in tasks},
        evaluate=Metered(Evaluator.of(session, directory), budget.rollouts),
        library=SkillLibrary(options["library"] or directory.path / _LIBRARY),
        validation_seeds=tuple(VALIDATION_SEEDS),
        heldout_seeds=heldout,
        doses=doses,
    )
    return directory, Desk(bench, watch=watch, budget=budget)


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if arguments:
        raise AspireError(f"{arguments[0]!r}: this command takes flags only, such as --transport=http.")
    transport = options["transport"]
    if transport not in TRANSPORTS:
        raise UnknownNameError("transport", transport, TRANSPORTS)
    import anyio  # with what follows half a second, which other commands have no use for

    from aspire_mjx.agents.mcp.server import make_server
    from aspire_mjx.agents.mcp.transport import serve_http, serve_stdio

    directory, desk = make_desk(options, console)
    with directory:
        print(f"Run directory: {directory.path}", file=sys.stderr, flush=True)
        server = make_server(desk)
        if transport == "stdio":
            if anyio.run(serve_stdio, server):
                raise Terminated
        else:
            anyio.run(serve_http, server, options["port"])


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
