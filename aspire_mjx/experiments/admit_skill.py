r"""Test an imported skill on this engine: the same worlds without and with it, and the gate of the skill library.

    python -m aspire_mjx.skills import PATH
    python -m aspire_mjx.experiments.admit_skill NAME --program=pick_and_place --replaces=close_gripper \
        --suite=libero_object_swap --task=2

The skill's code stands in for the calls of a primitive and takes what that takes; with --replaces=enclosing-function it
takes the program's function that does the task, and then its arguments. Worlds that cannot be built are left out and
named. A skill that passes every check of the gate enters the library as an active skill (exit code 0); one that does
not stays imported, with the reasons shown (1).
"""

from __future__ import annotations

import sys

from absl import flags
from rich.console import Console

from aspire_mjx.agents.briefing import Diagnosis
from aspire_mjx.agents.repair import Pattern, Repair
from aspire_mjx.agents.rewrite import apply, outermost_function
from aspire_mjx.command import Command, Options, define_number
from aspire_mjx.errors import AspireError, SkillError
from aspire_mjx.experiments.left_out import LeftOut
from aspire_mjx.experiments.session import Session, define_session_flags
from aspire_mjx.experiments.world_flags import define_world_flags, perturbations, suite_tasks
from aspire_mjx.faults.report import analyse
from aspire_mjx.language.program import Program
from aspire_mjx.language.program_flag import define_api_flag, program_for, with_api
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.seeds import Purpose, check_role, parse_seeds
from aspire_mjx.skills.admission import PairedTrials, admit
from aspire_mjx.skills.imported import ImportedSkill
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.skills.skill import ENCLOSING_FUNCTION
from aspire_mjx.worlds.suites import pick_task


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    define_world_flags(fv)
    define_session_flags(fv)
    define_api_flag(fv)
    flags.DEFINE_string("library", "skills", "folder of the library", flag_values=fv)
    about = "number of the code block, from 1; 0: the first that runs"
    define_number("block", 0, about, low=0, high=10_000, flag_values=fv)
    about = f"primitive whose calls the code stands in for, or {ENCLOSING_FUNCTION}"
    flags.DEFINE_string("replaces", ENCLOSING_FUNCTION, about, flag_values=fv)
    flags.DEFINE_string("program", "pick_and_place", "program to repair: a file or a shipped name", flag_values=fv)
    flags.DEFINE_string("task", "0", "index or name of the task", flag_values=fv)
    flags.DEFINE_string("seeds", "51-80", "debug and validation seeds of the test", flag_values=fv)


def _main(options: Options, arguments: list[str], console: Console) -> int:
    if len(arguments) != 1:
        raise AspireError("give the name of one imported skill; python -m aspire_mjx.skills list shows them.")
    library = SkillLibrary(options["library"])
    repair = _repair(library.imported.get(arguments[0]), options)
    program = with_api(program_for(options, options["program"]))
    repaired = apply(program.text, repair, function=outermost_function(program.text))
    if repaired is None:
        raise SkillError(f"{program.name} calls nothing that {repair.replaces!r} names; choose another --replaces")
    task, seeds = pick_task(suite_tasks(options), options["task"]), parse_seeds(options["seeds"])
    check_role(Purpose.ADMIT, set(seeds))
    doses = perturbations(options, seeds)
    left_out = LeftOut.of([task], seeds, doses)
    seeds = [seed for seed in seeds if seed not in left_out.seeds(task)]
    session = Session.of(options, console)
    baseline, with_skill = (
        session.run([Job(each, task, seed, perturbation=doses[seed]) for seed in seeds], stage)
        for each, stage in ((program, "without"), (Program(repaired, program.name), "with"))
    )
    left_out.show()
    causes = Diagnosis.of(analyse(baseline), baseline).causes
    if not causes:
        raise SkillError(f"{program.name} passes on every seed of {task.key}; there is nothing to repair. Take others")
    (evidence,) = PairedTrials.of(baseline, with_skill)
    decision = admit(repair.as_skill(causes[0].signature), evidence=evidence, library=library)
    for reason in decision.reasons:
        print(f"{'passed' if reason.passed else 'FAILED'}  {reason.check}: {reason.detail}")
    if decision.admitted:
        library.add(decision.skill)
    print(decision.sentence)
    return 0 if decision.admitted else 1


def _repair(skill: ImportedSkill, options: Options) -> Repair:
    """The chosen block of a skill as a repair."""
    runs = [number for number, code in enumerate(skill.codes, 1) if not code.problem]
    number = options["block"] or (runs[0] if runs else 0)
    if number not in runs:
        known = ", ".join(map(str, runs)) or "none: it is knowledge only"
        raise SkillError(f"skill {skill.name!r} has no block {number} that runs; blocks that run: {known}")
    return Repair(
        name=skill.name,
        description=skill.description[:800],
        when=f"When {skill.source} says so.",
        answers=(Pattern(),),
        replaces=options["replaces"],
        sketch=skill.codes[number - 1].function,
    )


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
