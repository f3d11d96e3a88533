"""One experiment's folder: config.json, events.jsonl, summary.json, programs/, traces/, skills/, heldout.jsonl."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aspire_mjx.errors import RunDirectoryError
from aspire_mjx.language.program import Program

FORMAT, SCHEMA = "aspire_mjx.run", 1


class RunDirectory:
    """A run's folder, claimed by one configuration. Programs and traces are only ever added.

    Args:
        path: the folder; made when it is not there.
        config: everything that the result depends on, as plain values.
        resume: go on with what the folder holds.

    Attributes:
        path: the folder.
        programs: folder of program texts by hash.
        traces: folder of trace files.
        skills: folder of the run's skill library.
        ledger: the held-out ledger.
        summary: the run's result.
        events: the run's event log.

    Raises:
        RunDirectoryError: the folder holds something else, a run and ``resume`` is not set, or another configuration.
    """

    def __init__(self, path: str | Path, config: Mapping[str, Any], *, resume: bool = False) -> None:
        self.path = Path(path)
        self.programs = self.path / "programs"
        self.traces = self.path / "traces"
        self.skills = self.path / "skills"
        self.ledger = self.path / "heldout.jsonl"
        self.summary = self.path / "summary.json"
        self._claim(dict(config), resume)
        for folder in (self.programs, self.traces):
            folder.mkdir(parents=True, exist_ok=True)
        # The library is made again from the traces: a skill of a later task must not be there for an earlier one.
        shutil.rmtree(self.skills, ignore_errors=True)
        self.skills.mkdir()
        self.events = EventLog(self.path / "events.jsonl")

    def write_program(self, program: Program) -> None:
        """Keep a program's text."""
        _write(self.programs / f"{program.hash}.py", program.text)

    def write_summary(self, summary: Mapping[str, Any]) -> None:
        """Write ``summary.json``, whole or not at all."""
        _write(self.summary, json.dumps(summary, indent=2) + "\n")

    def _claim(self, config: dict[str, Any], resume: bool) -> None:
        wanted = {"format": FORMAT, "schema": SCHEMA, **config}
        file = self.path / "config.json"
        if file.exists():
            _compare(self.path, _read(file), json.loads(json.dumps(wanted)))
            if not resume:
                raise RunDirectoryError(
                    f"run directory {self.path} already holds this run; add --resume to go on with it, "
                    "or name another folder with --out."
                )
        elif self.path.is_dir() and any(self.path.iterdir()):
            raise RunDirectoryError(
                f"{self.path} is not empty and is not a run directory (no config.json); name another folder with --out."
            )
        else:
            self.path.mkdir(parents=True, exist_ok=True)
            _write(file, json.dumps(wanted, indent=2) + "\n")


class EventLog:
    """What happened, one JSON line an event, only ever appended.

    A resumed run goes through the same events again: those already in the file are checked, not written twice.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recorded = self._read()
        self._position = 0

    def __call__(self, kind: str, **data: Any) -> None:
        """Record one event. ``data`` holds plain values and no wall-clock times."""
        line = json.dumps({"event": kind, **data})
        if self._position < len(self._recorded):
            known = self._recorded[self._position]
            if known != line:
                raise RunDirectoryError(
                    f"{self._path}, line {self._position + 1}: the resumed run gives another event than the recorded "
                    f"one ({_excerpt(line)} instead of {_excerpt(known)}): the code has changed since. "
                    "Start a new run directory."
                )
        else:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        self._position += 1

    def _read(self) -> list[str]:
        """Lines on disk; a last one cut short by a crash is dropped from the file."""
        if not self._path.exists():
            return []
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) != len(content):
            with self._path.open("r+b") as file:
                file.truncate(len(whole))
        return whole.decode("utf-8", "replace").splitlines()


def next_free(parent: Path, stem: str) -> Path:
    """``parent/stem-001``, or the next number that is not taken."""
    number = 1
    while (parent / f"{stem}-{number:03d}").exists():
        number += 1
    return parent / f"{stem}-{number:03d}"


def _compare(path: Path, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    differing = [
        f"{key} ({found.get(key, 'absent')!r} there, {wanted.get(key, 'absent')!r} now)"
        for key in dict.fromkeys((*found, *wanted))
        if found.get(key) != wanted.get(key)
    ]
    if differing:
        raise RunDirectoryError(
            f"run directory {path} belongs to another configuration: {'; '.join(differing)}. "
            "Give the same flags to resume it, or name another folder with --out."
        )


def _read(file: Path) -> dict[str, Any]:
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunDirectoryError(f"{file}: cannot be read ({error}); name another folder with --out.") from None
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise RunDirectoryError(f"{file}: not the configuration of a run; name another folder with --out.")
    return config


def _excerpt(line: str) -> str:
    return line if len(line) <= 120 else line[:117] + "..."


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)
