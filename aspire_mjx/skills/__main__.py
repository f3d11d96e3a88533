"""Skill libraries: ``python -m aspire_mjx.skills list|show|import|export``.

python -m aspire_mjx.skills list                          every skill: name, status, what it is for
python -m aspire_mjx.skills show NAME                     one skill, and what its code takes or why it cannot run
python -m aspire_mjx.skills import PATH                   Markdown skills of others, a file or a folder of them
python -m aspire_mjx.skills export --out=DIR              Agent Skills folders that a coding agent loads

What is imported keeps the status 'imported': agents read it, and it becomes a repair only by this engine's own paired
test, python -m aspire_mjx.experiments.admit_skill NAME.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from absl import flags
from rich.console import Console
from rich.table import Table

from aspire_mjx.command import Command, Options
from aspire_mjx.errors import SkillError, UnknownNameError
from aspire_mjx.skills.imported import STATUS, ImportedSkill
from aspire_mjx.skills.importer import read_skills
from aspire_mjx.skills.library import FILE, SkillLibrary
from aspire_mjx.skills.skill import Skill


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    flags.DEFINE_string("library", "skills", "folder of the library", flag_values=fv)
    flags.DEFINE_boolean("replace", False, "import: put the new text in place of an imported skill's", flag_values=fv)
    flags.DEFINE_string("out", "", "export: folder to write the skill folders to", flag_values=fv)


def _all(library: SkillLibrary) -> dict[str, Skill | ImportedSkill]:
    if not library.path.is_dir():
        raise SkillError(f"--library={library.path}: no such folder; name a folder of skill folders")
    return {**{skill.name: skill for skill in library.imported}, **{skill.name: skill for skill in library}}


def _status(skill: Skill | ImportedSkill) -> str:
    return skill.status if isinstance(skill, Skill) else f"{STATUS}, {skill.kind}"


def _list(options: Options, arguments: list[str], console: Console) -> int:
    if arguments:
        raise SkillError(f"{arguments[0]!r}: list takes no name; show NAME shows one skill")
    table = Table("name", "status", "for")
    for name, skill in sorted(_all(SkillLibrary(options["library"])).items()):
        table.add_row(name, _status(skill), skill.description)
    console.print(table)
    return 0


def _show(options: Options, arguments: list[str], console: Console) -> int:
    library = SkillLibrary(options["library"])
    skills = _all(library)
    name = _only(arguments, "the name of a skill")
    if name not in skills:
        raise UnknownNameError(f"skill in {library.path}", name, tuple(sorted(skills)))
    skill = skills[name]
    print(skill.format(), end="")
    if isinstance(skill, ImportedSkill):
        for number, code in enumerate(skill.codes, 1):
            told = f"cannot run: {code.problem}" if code.problem else f"takes ({', '.join(code.parameters)})"
            print(f"block {number}, line {code.line} of the body: {told}")
    return 0


def _import(options: Options, arguments: list[str], console: Console) -> int:
    imported = SkillLibrary(options["library"]).imported
    read = read_skills(_only(arguments, "a Markdown file, or a folder of them"))
    new = changed = 0
    differing = []
    for skill in read.skills:
        if skill.name not in imported:
            new += imported.add(skill)
        elif imported.get(skill.name) != skill:
            if options["replace"]:
                imported.replace(skill)
                changed += 1
            else:
                differing.append(
                    f"{skill.source}: {skill.name!r} is there with other text; --replace takes the new one"
                )
    same = len(read.skills) - new - changed - len(differing)
    code = sum(skill.kind == "code" for skill in read.skills)
    print(
        f"{len(read.skills)} skills read, {code} with code that runs: {new} new, {changed} replaced, {same} unchanged."
    )
    for line in read.unrunnable:
        print(f"text only: {line}", file=sys.stderr)
    for line in (*read.broken, *differing):
        print(f"left out: {line}", file=sys.stderr)
    return 1 if read.broken or differing else 0


def _export(options: Options, arguments: list[str], console: Console) -> int:
    if arguments:
        raise SkillError(
            f"{arguments[0]!r}: export takes --out=DIR and no name; it writes every skill that is not retired"
        )
    if not options["out"]:
        raise SkillError("--out is empty; name the folder to write the skill folders to")
    out = Path(options["out"])
    kept = [skill for skill in _all(SkillLibrary(options["library"])).values() if _status(skill) != "retired"]
    taken = [skill.name for skill in kept if (out / skill.name).exists()]
    if taken:
        raise SkillError(f"{out / taken[0]} exists; name an empty folder, or remove it")
    for skill in kept:
        (out / skill.name).mkdir(parents=True)
        (out / skill.name / FILE).write_text(skill.format(), encoding="utf-8")
    print(f"{len(kept)} skills written to {out}.")
    return 0


def _only(arguments: list[str], what: str) -> str:
    if len(arguments) != 1:
        raise SkillError(f"{len(arguments)} arguments after the verb; give one: {what}")
    return arguments[0]


#: Name on the command line to what it does, and the flags that it takes.
_VERBS: dict[str, tuple[Callable[[Options, list[str], Console], int], set[str]]] = {
    "list": (_list, {"library"}),
    "show": (_show, {"library"}),
    "import": (_import, {"library", "replace"}),
    "export": (_export, {"library", "out"}),
}


def _main(options: Options, arguments: list[str], console: Console) -> int:
    if not arguments:
        raise SkillError(f"say what to do: {', '.join(_VERBS)}; --help explains")
    verb, *rest = arguments
    if verb not in _VERBS:
        raise UnknownNameError("verb", verb, tuple(_VERBS))
    run, known = _VERBS[verb]
    if stray := options.given - known:
        raise SkillError(f"--{min(stray)} is no flag of {verb}; leave it out")
    return run(options, rest, console)


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
