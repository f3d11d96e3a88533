"""The main job on a LIBERO-Pro suite: programs fail, faults are found, repairs are validated, skills are kept.

Every task starts from the same plain first program. Rounds of candidates run on debug seeds, validation seeds choose
the winner, repairs that pay become skills for the next tasks, and held-out seeds are used once, for the report.

    python -m aspire_mjx.experiments.libero_pro --suite=libero_object_swap
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from absl import flags
from rich.console import Console

from aspire_mjx.agents.equipment import Equipment
from aspire_mjx.agents.find import agent_names, agent_source, find_agent
from aspire_mjx.agents.protocol import Agent
from aspire_mjx.command import Command, Options, define_number, telling_of
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError, SeedRoleError, WorldError
from aspire_mjx.experiments.evaluation import Evaluator
from aspire_mjx.experiments.left_out import LeftOut
from aspire_mjx.experiments.model_flags import define_model_flags, model_options
from aspire_mjx.experiments.run_directory import RunDirectory
from aspire_mjx.experiments.session import Session, define_directory_flags, define_session_flags, open_directory
from aspire_mjx.experiments.world_flags import (
    define_world_flags,
    perturbations,
    select_tasks,
    suite_tasks,
    world_config,
)
from aspire_mjx.language.program import Program
from aspire_mjx.language.program_flag import define_api_flag, program_for, with_api
from aspire_mjx.reports.page.render import write_report
from aspire_mjx.reports.summary import summarise, summary_table, totals_line
from aspire_mjx.search.coordinator import Coordinator, TaskRecord
from aspire_mjx.search.lockstep import Gate
from aspire_mjx.search.rounds import MOST_CANDIDATES
from aspire_mjx.search.setup import SearchLimits, SearchSetup, SeedPlan
from aspire_mjx.search.strategy import STRATEGIES, find_strategy
from aspire_mjx.seeds import Purpose, check_role, format_seeds, parse_seeds
from aspire_mjx.shipped import SKILLS, program_names
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.tasks import Task

FIRST_PROGRAM = "pick_and_place"  #: the shipped program that every task starts from
SHIPPED = "shipped"  #: of --skills: the library that comes with the package
#: What ``--quick`` sets where a flag is not given.
QUICK = {
    "tasks": "0",
    "candidates": 6,
    "rounds": 2,
    "heldout_seeds": "1-30",
    "perturb": "noise:4",
}


@dataclass(frozen=True)
class Settings:
    """Everything that the result of a run depends on, besides engine and versions."""

    suite: str
    tasks: tuple[Task, ...]
    agent: str
    program: Program
    limits: SearchLimits
    seeds: SeedPlan
    seed: int
    skills: str
    perturbations: Mapping[int, Perturbation] = field(default_factory=dict)  #: of the worlds of each seed
    worlds: Mapping[str, str] = field(default_factory=dict)  #: what flags say of the worlds, for ``config.json``
    left_out: LeftOut = field(default_factory=LeftOut)  #: worlds that cannot be built
    models: Mapping[str, Any] = field(default_factory=dict)  #: flags of agents that ask a language model
    actors: int = 1  #: tasks that are worked on at once
    strategy: str = "skills"  #: one of :data:`aspire_mjx.search.strategy.STRATEGIES`

    @property
    def workable(self) -> tuple[Task, ...]:
        """Those of the tasks that have a world for a seed of each role."""
        roles = asdict(self.seeds).values()
        return tuple(task for task in self.tasks if all(set(role) - self.left_out.seeds(task) for role in roles))

    def config(self, session: Session) -> dict[str, Any]:
        """The form in ``config.json``."""
        library = SkillLibrary(self.skills) if self.skills else ()
        imported = SkillLibrary(self.skills).imported if self.skills else ()
        return {
            "suite": self.suite,
            "tasks": [task.key for task in self.tasks],
            **self.worlds,
            "agent": self.agent,
            "agent_source": agent_source(self.agent),
            "model": self.models.get("model", ""),
            "engine": session.engine,
            "camera": str(session.camera),
            **session.budgets.config(),
            "first_program": self.program.hash,
            **asdict(self.limits),
            "actors": self.actors,
            "strategy": self.strategy,
            **{f"{role}_seeds": format_seeds(seeds) for role, seeds in asdict(self.seeds).items()},
            "seed": self.seed,
            "skills": {skill.name: skill.hash for skill in (*library, *imported)},
            "versions": session.versions,
        }


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    define_world_flags(fv)
    define_session_flags(fv)
    define_directory_flags(fv)
    define_api_flag(fv)
    define_model_flags(fv)
    flags.DEFINE_string("tasks", "all", "tasks: 'all', or indices, ranges and names such as 0,3-5", flag_values=fv)
    about = f"who proposes programs: {', '.join(agent_names())}, or module:Class, a class derived from aspire_mjx.Agent"
    flags.DEFINE_string("agent", "scripted", about, flag_values=fv)
    about = f"the first program: a file, or a shipped one of {', '.join(program_names())}"
    flags.DEFINE_string("program", FIRST_PROGRAM, about, flag_values=fv)
    about = "candidates a round, the incumbent among them"
    define_number("candidates", 8, about, low=2, high=MOST_CANDIDATES, flag_values=fv)
    define_number("rounds", 3, "rounds a task, at most", low=0, high=100, flag_values=fv)
    about = "tasks worked on at once, in the same lanes; their skills reach the tasks after them"
    define_number("actors", 1, about, low=1, high=64, flag_values=fv)
    about = f"how much of the loop is used, each with one part more: {', '.join(STRATEGIES)}; docs/agents.md"
    flags.DEFINE_string("strategy", "skills", about, flag_values=fv)
    about = "debug success rate at which a task's search stops"
    define_number("threshold", 0.95, about, low=0.0, high=1.0, flag_values=fv)
    flags.DEFINE_string("debug_seeds", "51-65", "seeds that drive edits (51-65 only)", flag_values=fv)
    flags.DEFINE_string("validation_seeds", "66-80", "seeds that choose the winner (66-80 only)", flag_values=fv)
    flags.DEFINE_string("heldout_seeds", "1-50", "seeds of the final report, used once", flag_values=fv)
    about = f"skills to start with: a folder, or {SHIPPED!r} for those of the package; empty: none"
    flags.DEFINE_string("skills", "", about, flag_values=fv)
    define_number("seed", 0, "seed of the search's own draws", low=0, high=2**31 - 1, flag_values=fv)
    flags.DEFINE_boolean(
        "quick", False, "a small run: one task with noisy perception, fewer candidates and seeds", flag_values=fv
    )


def read_settings(options: Options) -> Settings:
    """The flags, checked."""
    quick = {name: value for name, value in QUICK.items() if options["quick"] and name not in options.given}
    options = replace(options, values={**options.values, **quick})
    seeds = SeedPlan(*(parse_seeds(options[f"{role}_seeds"]) for role in ("debug", "validation", "heldout")))
    _check_seeds(seeds)
    agent = options["agent"]
    find_agent(agent).check(model_options(options))
    limits = SearchLimits(
        candidates=options["candidates"],
        rounds=options["rounds"],
        threshold=options["threshold"],
    )
    limits = find_strategy(options["strategy"]).limited(limits)
    suite = suite_tasks(options)
    tasks = select_tasks(suite, options["tasks"])
    doses = perturbations(options, (*seeds.debug, *seeds.validation, *seeds.heldout))
    left_out = LeftOut.of(tasks, (*seeds.learning, *seeds.heldout), doses)
    settings = Settings(
        suite=suite[0].suite,
        tasks=tasks,
        agent=agent,
        program=program_for(options, options["program"]),
        limits=limits,
        seeds=seeds,
        seed=options["seed"],
        skills=_folder(options["skills"]),
        perturbations=doses,
        worlds=world_config(options, tasks),
        left_out=left_out,
        models=model_options(options),
        actors=options["actors"],
        strategy=options["strategy"],
    )
    if not settings.workable:
        left_out.show()
        raise WorldError("no task has a world for a seed of each role; choose a smaller dose or more seeds.")
    return settings


def _folder(path: str) -> str:
    if path == SHIPPED:
        return str(SKILLS)
    if path and not Path(path).is_dir():
        raise AspireError(f"--skills={path!r} is not a folder; name a folder of skills, or leave the flag out.")
    return path


def _check_seeds(seeds: SeedPlan) -> None:
    check_role(Purpose.EDIT, seeds.debug)
    check_role(Purpose.SELECT, seeds.validation)
    for first, second in (("debug", "validation"), ("debug", "heldout"), ("validation", "heldout")):
        shared = sorted(set(getattr(seeds, first)) & set(getattr(seeds, second)))
        if shared:
            raise SeedRoleError(
                f"seeds {format_seeds(shared)} stand in --{first}_seeds and in --{second}_seeds; "
                "a seed has one role: take them out of one list."
            )


def run(settings: Settings, session: Session, directory: RunDirectory) -> dict[str, Any]:
    """The whole job; writes the run directory and returns the summary."""
    begun = time.perf_counter()
    evaluator = Evaluator.of(session, directory, perturbations=settings.perturbations)
    library = SkillLibrary(directory.skills)
    if settings.skills:
        first = SkillLibrary(settings.skills)
        for skill in first:
            library.add(skill)
        for imported in first.imported:
            library.imported.add(imported)
    strategy = find_strategy(settings.strategy)
    equipment = Equipment(
        tasks=settings.workable,
        evaluate=evaluator.exactly,
        doses=settings.perturbations,
        debug_seeds=settings.seeds.debug,
        library=library,
        folder=directory.path,
        options={**settings.models, "rounds": settings.limits.rounds, **asdict(strategy)},
    )

    def agent_for(gate: Gate) -> Agent:
        own = replace(equipment, evaluate=gate.through(equipment.evaluate), aside=gate.aside)
        return find_agent(settings.agent).equipped(own)

    setup = SearchSetup(
        agent=agent_for(Gate()),
        evaluate=evaluator,
        note=directory.events,
        seeds=settings.seeds,
        limits=settings.limits,
        seed=settings.seed,
        without={task.key: settings.left_out.seeds(task) for task in settings.tasks},
        traces=strategy.traces,
        skills=strategy.skills,
    )
    settings.left_out.show()
    for task in settings.tasks:
        if task not in settings.workable:
            print(f"{task.key} is left out: it has no world for any of the seeds of a role")
    records: list[TaskRecord] = []
    timings: list[dict[str, float]] = []
    started = time.perf_counter()
    coordinator = Coordinator(setup, library, actors=settings.actors, agent_for=agent_for)
    for record in coordinator.run(settings.workable, settings.program):
        records.append(record)
        timings.append({"program_to_report_s": round(time.perf_counter() - started, 3)})
        started = time.perf_counter()
        for standing in (record.outcome.first, record.outcome.winner):
            directory.write_program(standing.candidate.program)
        for entry in (entry for done in record.outcome.rounds for entry in done.entries):
            directory.write_program(entry.candidate.program)
        outcome = record.outcome
        seconds = timings[-1]["program_to_report_s"]
        print(f"{outcome.task.key}: held-out {outcome.first.heldout} -> {outcome.winner.heldout}, {seconds:.0f} s")
    summary = summarise(
        records,
        run={
            "suite": settings.suite,
            "agent": settings.agent,
            "engine": session.engine,
            "device": session.device,
            "versions": session.versions,
            "left_out": settings.left_out.to_json(),
        },
        timings=timings,
        timing={**evaluator.timing, "program_to_report_s": round(time.perf_counter() - begun, 3)},
    )
    directory.write_summary(summary)
    return summary


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if arguments:
        raise AspireError(f"{arguments[0]!r}: this command takes flags only, such as --suite=libero_object_swap.")
    settings = read_settings(options)
    compile_program(settings.program)
    settings = replace(settings, program=with_api(settings.program))
    session = Session.of(options, console)
    stem = f"{settings.suite}-{settings.agent.replace(':', '-')}"
    with open_directory(options, stem, settings.config(session)) as directory:
        summary = run(settings, session, directory)
    with telling_of(directory.path):
        console.print(summary_table(summary))
        print(totals_line(summary))
        print(f"Run directory: {directory.path}  (for people: {write_report(directory.path)}, which needs no network)")


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
