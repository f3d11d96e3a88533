"""The public face: every name is there, importing it costs nothing and changes nothing; what is shipped is found."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import aspire_mjx
from aspire_mjx import errors, shipped
from aspire_mjx.errors import UnknownNameError
from aspire_mjx.language.program import Program
from aspire_mjx.shipped import named_program_file, program_file, program_names
from aspire_mjx.skills.library import SkillLibrary
from tests.support.paths import PROGRAMS, ROOT

IMPORT = """
import json, os, sys
before = dict(os.environ)
import aspire_mjx
names = dir(aspire_mjx)
print(json.dumps({"same": before == dict(os.environ), "loaded": sorted(sys.modules), "dir": names}))
"""


def fresh(code: str, cwd: Path) -> str:
    """What a new process prints that runs in ``cwd``."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=True).stdout


def test_importing_changes_nothing_and_loads_nothing_heavy(tmp_path):
    seen = json.loads(fresh(IMPORT, tmp_path))
    assert seen["same"]
    heavy = {"jax", "jaxlib", "mujoco", "numpy", "scipy", "matplotlib", "rich", "absl"}
    assert heavy.isdisjoint(seen["loaded"])
    assert set(aspire_mjx.__all__) <= set(seen["dir"])


@pytest.mark.parametrize("name", aspire_mjx.__all__)
def test_every_public_name_is_there_and_is_that_of_its_module(name):
    value = getattr(aspire_mjx, name)
    if name != "__version__":
        home = errors if hasattr(errors, name) else sys.modules[value.__module__]
        assert value.__name__ == name and getattr(home, name) is value


def test_all_errors_are_public():
    own = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert len(own) >= 11 and own <= set(aspire_mjx.__all__)


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'aspire_mjx' has no attribute 'no_such'"):
        aspire_mjx.no_such  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue]


def test_the_package_itself_imports_from_the_modules_and_not_from_its_face():
    public = set(aspire_mjx.__all__) - {"__version__"}
    for path in Path(aspire_mjx.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "aspire_mjx":
                assert public.isdisjoint(alias.name for alias in node.names), path


def test_shipped_programs_are_those_of_the_folder():
    assert program_names() == tuple(sorted(path.stem for path in PROGRAMS.glob("*.py")))
    for name in program_names():
        program = Program.shipped(name)
        assert program.text == (PROGRAMS / f"{name}.py").read_text(encoding="utf-8") and program.name == f"{name}.py"


def test_shipped_skills_are_those_of_the_folder():
    assert SkillLibrary(shipped.SKILLS).names() == SkillLibrary(ROOT / "skills").names() != ()


def test_an_unknown_shipped_program_lists_those_there_are():
    with pytest.raises(UnknownNameError, match="Did you mean 'reach'.*bowl_on_plate.*pick_and_place.*push"):
        Program.shipped("raech")


def test_a_bare_name_is_a_shipped_program_and_a_path_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert named_program_file("reach") == program_file("reach")
    assert named_program_file("programs/reach.py") == Path("programs/reach.py")
    assert named_program_file("reach.py") == Path("reach.py")
    (tmp_path / "reach").write_text("wait(1)")
    assert named_program_file("reach") == Path("reach")
    with pytest.raises(UnknownNameError, match="shipped program 'nowhere'"):
        named_program_file("nowhere")
