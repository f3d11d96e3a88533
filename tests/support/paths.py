"""Where the files lie that tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]  #: the checkout
PROGRAMS = ROOT / "programs"  #: the shipped programs
CORPUS = ROOT / "tests" / "corpus"  #: programs that are run compiled and plain
TASK_FILES = ROOT / "tests" / "worlds" / "bddl"  #: BDDL files of our own
