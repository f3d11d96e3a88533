"""What programs, skills and file names say reaches a terminal, a page or an agent without control characters."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from rich.table import Table

from aspire_mjx.agents.briefing import Briefing, Diagnosis, Parent
from aspire_mjx.command import Command, Options
from aspire_mjx.compiler.__main__ import main as compile_main
from aspire_mjx.errors import AspireError, ProgramRefused, UnknownNameError
from aspire_mjx.html import html_table
from aspire_mjx.language.policy import findings
from aspire_mjx.language.program import Program
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.printable import printable
from aspire_mjx.skills.__main__ import main as skills_main
from aspire_mjx.skills.imported import ImportedSkill

EVIL = {"ESC": "\x1b", "BEL": "\x07", "CR": "\r", "RLO": "\u202e", "NUL": "\0", "lone surrogate": "\ud800"}


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_a_control_character_is_written_out_once(evil: str) -> None:
    assert printable(f"a{evil}b") == printable(printable(f"a{evil}b")) == f"a{ascii(evil)[1:-1]}b"
    assert printable("a\tb\nc é 日") == "a\tb\nc é 日"


def _written(print_: Callable[..., object], capsys) -> str:
    """What a command shows, on both streams, of what ``print_`` gets its console for."""

    def run(options: Options, arguments: list[str], console) -> int:
        print_(console)
        return 0

    Command(run, lambda fv: None, usage=None)(["x"])
    return "".join(capsys.readouterr())


def _table(console, text: str) -> None:
    table = Table(text)
    table.add_row(text)
    console.print(table)


def _raise(error: Exception) -> None:
    raise error


def _skills(words: list[str], tmp_path, capsys) -> str:
    skills_main(["skills", *words, f"--library={tmp_path / 'lib'}"])
    return "".join(capsys.readouterr())


def _imported(evil: str, tmp_path, capsys, *then: str) -> str:
    """What the skill commands show of a Markdown file that has the character in its words, its code and its name."""
    text = f"# Tip {evil}\n\nWords {evil} here.\n\n```python\nlift('{evil}')\nname = '{evil}'\n```\n"
    (tmp_path / "tips.md").write_bytes(text.encode("utf-8", "surrogatepass"))
    shown = _skills(["import", str(tmp_path / "tips.md")], tmp_path, capsys)
    return shown + (_skills(list(then), tmp_path, capsys) if then else "")


def _compiled(text: str, tmp_path, capsys) -> str:
    (tmp_path / "p.py").write_bytes(text.encode("utf-8", "surrogatepass"))
    compile_main(["compile", str(tmp_path / "p.py")])
    return "".join(capsys.readouterr())


def _found(text: str) -> str:
    return "\n".join(message for _, _, message in findings(text, ROBOT_API))


#: Every place where such text is shown: what it shows of one character.
DOORS: dict[str, Callable[[str, SimpleNamespace], str]] = {
    "an error": lambda evil, at: str(AspireError(f"file {evil}")),
    "an unknown name": lambda evil, at: str(UnknownNameError("task", f"a{evil}", [f"b{evil}"])),
    "a refused program": lambda evil, at: str(ProgramRefused(f"p{evil}.py", [(1, "name", f"n{evil}")])),
    "a program's name": lambda evil, at: Program("wait(1)", f"p{evil}.py").name,
    "a finding about a string": lambda evil, at: _found(
        f"x = tunable('a{evil}', 5.0, low=0.0, high=1.0)\n'{{:{evil}}}'.format(1)"
    ),
    "a finding about syntax": lambda evil, at: _found(f"x = {evil}\n'{evil}"),
    "a page": lambda evil, at: html_table(f"t{evil}", [f"h{evil}"], [[f"c{evil}"]]),
    "printed": lambda evil, at: _written(lambda console: print(f"a{evil}"), at.capsys),
    "a table": lambda evil, at: _written(lambda console: _table(console, f"a{evil}"), at.capsys),
    "a command's error": lambda evil, at: _written(lambda console: _raise(AspireError(f"a{evil}")), at.capsys),
    "skills import": lambda evil, at: _imported(evil, at.tmp_path, at.capsys),
    "skills list": lambda evil, at: _imported(evil, at.tmp_path, at.capsys, "list"),
    "skills show": lambda evil, at: _imported(evil, at.tmp_path, at.capsys, "show", "tips-tip"),
    "skills show of no skill": lambda evil, at: _skills(["show", f"a{evil}"], at.tmp_path, at.capsys),
    "a compiled program": lambda evil, at: _compiled(
        f"print('a{evil}')\nx = tunable('b', 1.0, low=0.0, high=2.0)\n", at.tmp_path, at.capsys
    ),
    "a program that is refused": lambda evil, at: _compiled(
        f"print('a{evil}')\nopen('{evil}')\n", at.tmp_path, at.capsys
    ),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_no_control_character_gets_through(door: str, evil: str, tmp_path, capsys) -> None:
    shown = DOORS[door](evil, SimpleNamespace(tmp_path=tmp_path, capsys=capsys))
    assert shown and evil not in shown.replace("\r\n", "\n")


def test_files_keep_what_was_written(tmp_path, capsys) -> None:
    _imported("\x1b", tmp_path, capsys)
    _skills(["export", f"--out={tmp_path / 'out'}"], tmp_path, capsys)
    assert "Words \x1b here." in (tmp_path / "out" / "tips-tip" / "SKILL.md").read_text()


def test_an_agent_reads_nothing_hidden(toy) -> None:
    every = "".join(EVIL.values())
    skill = ImportedSkill("a", f"For {every}.", f"Do {every}.", "a.md:1")
    parent = Parent(toy.first().revised("print('\x1b\x07\u202e')\n"), toy.score(4, 4, 15), Diagnosis((), f"at {every}"))
    text = Briefing(toy.TASK, 1, 3, 7, (parent,), analysis=(f"tried {every}",), knowledge=(skill,)).text()
    assert "Do \\x1b\\x07\\r\\u202e\\x00\\ud800." in text and not any(evil in text for evil in EVIL.values())
