"""One name for all commands."""

from __future__ import annotations

import importlib
import tomllib

import pytest

from aspire_mjx import __version__
from aspire_mjx.__main__ import COMMANDS, main
from aspire_mjx.command import Command
from tests.support.paths import ROOT


def test_every_command_of_the_package_is_there_and_is_one():
    package = ROOT / "aspire_mjx"
    files = [*(package / "experiments").glob("*.py"), *package.rglob("__main__.py")]
    commands = {
        "aspire_mjx." + ".".join(file.relative_to(package).with_suffix("").parts)
        for file in files
        if "main = Command(" in file.read_text(encoding="utf-8")
    }
    assert commands == set(COMMANDS.values())
    assert all(isinstance(importlib.import_module(module).main, Command) for module in commands)


def test_without_a_command_all_of_them_are_listed(capsys):
    for arguments in ([], ["--help"], ["-h"]):
        assert main(["aspire-mjx", *arguments]) == 0
        shown = capsys.readouterr().out
        assert all(f"\n  {name} " in shown for name in COMMANDS)


def test_a_command_gets_its_flags_and_gives_its_code(capsys):
    assert main(["aspire-mjx", "primitives", "--prompt"]) == 0
    assert capsys.readouterr().out.startswith("# The robot API")
    assert main(["aspire-mjx", "run_program"]) == 2
    assert "file of one program" in capsys.readouterr().err


def test_an_unknown_command_lists_the_known(capsys):
    assert main(["aspire-mjx", "run_programm"]) == 2
    assert "Did you mean 'run_program'" in capsys.readouterr().err


def test_the_version(capsys):
    assert main(["aspire-mjx", "--version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


@pytest.mark.parametrize("extra", ["cuda", "all", "gym", "pandas"])
def test_the_script_and_the_extras_are_declared(extra):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["scripts"]["aspire-mjx"].partition(":")
    assert getattr(importlib.import_module(module), name) is main
    assert project["optional-dependencies"][extra]
    jax = [each.partition("jax")[2] for each in project["dependencies"] if each.startswith("jax")]
    cuda = [each.partition("jax[cuda12]")[2] for each in project["optional-dependencies"]["cuda"]]
    assert cuda == jax
