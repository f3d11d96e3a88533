"""The programs, skills and data files that come with the package, by name.

In a checkout ``programs`` and ``skills`` beside this file are links to the folders at the top; a wheel holds copies.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aspire_mjx.errors import UnknownNameError

SKILLS = Path(__file__).parent / "skills"  #: the shipped library: one folder a skill
_PROGRAMS = Path(__file__).parent / "programs"
_PACKAGE = Path(__file__).parents[1]


def packaged_json(file: str) -> Any:
    """What a data file of the package holds, such as ``sensing/data/lexicon.json``."""
    return json.loads((_PACKAGE / file).read_text(encoding="utf-8"))


def program_names() -> tuple[str, ...]:
    """Names of the shipped programs, sorted."""
    return tuple(sorted(path.stem for path in _PROGRAMS.glob("*.py")))


def program_file(name: str) -> Path:
    """The file of a shipped program.

    Raises:
        UnknownNameError: no such program; the shipped ones are listed.
    """
    if name not in program_names():
        raise UnknownNameError("shipped program", name, program_names())
    return _PROGRAMS / f"{name}.py"


def named_program_file(name: str) -> Path:
    """The file that a command's argument names: a path, or where no such file is there, a shipped program.

    Raises:
        UnknownNameError: a bare name, such as ``reach``, that is neither a file nor a shipped program.
    """
    return program_file(name) if name.isidentifier() and not Path(name).exists() else Path(name)
