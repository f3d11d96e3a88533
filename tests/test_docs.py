"""The documents are true: their code runs, their commands, links and rooms exist."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import aspire_mjx
from aspire_mjx.primitives.__main__ import main as primitives_command
from aspire_mjx.traces.__main__ import main as traces_command
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.workspaces import FAMILIES
from tests.support.paths import ROOT

PACKAGE = Path(aspire_mjx.__file__).parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])


def blocks(text: str, language: str) -> list[str]:
    """The fenced code blocks of one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


PYTHON_BLOCKS = [
    pytest.param(block, id=f"{page.name}-{number}")
    for page in PAGES
    for number, block in enumerate(blocks(page.read_text(encoding="utf-8"), "python"), start=1)
]


@pytest.mark.parametrize("block", PYTHON_BLOCKS)
def test_python_blocks_run_in_an_empty_folder(block, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", block]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_readme_has_exactly_the_two_commands():
    commands = blocks(README, "bash")
    assert len(commands) == 2
    for command in commands:
        assert command.startswith("python3 -m venv .venv && . .venv/bin/activate && pip install ")
        assert command.count("\n") == 1
    assert "aspire_mjx.experiments.libero_pro" in commands[0]
    assert "python -m pytest" in commands[1]


def test_readme_example_and_glossary_are_short():
    (example,) = blocks(README, "python")
    assert len([line for line in example.splitlines() if line.strip()]) <= 10
    glossary = README.split("## Glossary")[1].split("\n## ")[0]
    assert 1 <= len(re.findall(r"^\| \*\*", glossary, flags=re.MULTILINE)) <= 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_commands_exist(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
    for module in set(re.findall(r"python -m (aspire_mjx[\w.]*)", text)):
        assert importlib.util.find_spec(module) is not None, f"{page.name} names {module}"


def test_architecture_names_every_room():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    rooms |= {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert not {room for room in rooms if f"`{room}`" not in text}


def table(page: str, heading: str) -> list[list[str]]:
    """The body rows of the first table after a heading, cell by cell, without code marks."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8").split(f"\n## {heading}\n")[1]
    rows = re.search(r"^\|(?:.*\n\|)*.*$", text, flags=re.MULTILINE)
    assert rows is not None
    return [[cell.strip(" `") for cell in row.strip("|").split("|")] for row in rows[0].splitlines()[2:]]


def test_the_worlds_page_lists_the_factors_suites_and_templates():
    factors = [
        [f.name, f"{f.default:g}", f"{f.metadata['low']:g} to {f.metadata['high']:g}", f.metadata["meaning"]]
        for f in fields(Perturbation)
    ]
    assert table("worlds.md", "Perturbations") == factors
    suites = table("worlds.md", "Suites")
    assert [row[0] for row in suites] == [name for name in suite_names() if name.count("_") == 1]
    assert [int(row[1]) for row in suites] == [len(load_suite(row[0])) for row in suites]
    templates = [template_of(name) for name in FAMILIES]
    shown = [(row[0], int(row[4]), int(row[5])) for row in table("worlds.md", "Workspaces and templates")]
    assert sorted(shown) == sorted((t.family.workspace, t.model.ngeom, t.model.nv) for t in templates)


def test_every_suite_has_its_picture():
    text = (ROOT / "docs" / "worlds.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\]\(worlds/(.*)\.png\)", text))
    assert {f"{path.stem}" for path in (ROOT / "docs" / "worlds").glob("*.png")} == shown
    for suite in suite_names():
        assert any(name.startswith(suite.removesuffix("_lan")) for name in shown), suite


def test_the_generated_pages_are_what_their_commands_print(capsys):
    for command, page in ((primitives_command, "robot_api.md"), (traces_command, "trace_columns.md")):
        assert command(["command", *(["--schema"] if page == "trace_columns.md" else [])]) == 0
        assert capsys.readouterr().out == (ROOT / "docs" / page).read_text(encoding="utf-8"), f"make {page} again"


def test_the_porting_page_has_every_call(capsys):
    assert primitives_command(["command", "--calls"]) == 0
    text = (ROOT / "docs" / "porting.md").read_text(encoding="utf-8")
    assert text.endswith(f"\n\n{capsys.readouterr().out}"), "put `python -m aspire_mjx.primitives --calls` at its end"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_is_a_draft(page):
    assert "TODO" not in page.read_text(encoding="utf-8")
