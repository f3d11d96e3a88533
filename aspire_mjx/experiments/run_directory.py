"""One experiment's folder: config.json, events.jsonl, summary.json, programs/, traces/, skills/, heldout.jsonl."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import platform
import shutil
import sys
import time
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aspire_mjx.command import how_stopped
from aspire_mjx.errors import AspireError, RunDirectoryError, RunStopped
from aspire_mjx.files import check_regular_file, whole_lines, why, write_whole
from aspire_mjx.language.program import Program
from aspire_mjx.seeds import HeldoutLedger, Purpose, parse_seeds

FORMAT, SCHEMA = "aspire_mjx.run", 1
LOOK = "rollouts"  #: the event that announces a trace file
_CONFIG, _LOCK = "config.json", ".lock"


class RunDirectory:
    """A run's folder, claimed by one configuration and one process. Programs and traces are only ever added.

    ``with`` gives it back at the end. A run that is stopped inside, by Ctrl-C, a full disk or a closed pipe, says how
    to go on with it. The lock ends with the process, however that ends.

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
        RunDirectoryError: the folder holds something else, a run and ``resume`` is not set, or another configuration;
            another process is at work in it; its event log or ledger lacks what has been looked at; it cannot be made.
    """

    def __init__(self, path: str | Path, config: Mapping[str, Any], *, resume: bool = False) -> None:
        self.path = Path(path)
        self.programs = self.path / "programs"
        self.traces = self.path / "traces"
        self.skills = self.path / "skills"
        self.ledger = self.path / "heldout.jsonl"
        self.summary = self.path / "summary.json"
        events = self.path / "events.jsonl"
        try:
            self._lock = _lock(self.path, empty=not _occupied(self.path))
            self.close = weakref.finalize(self, os.close, self._lock)
            self._claim(dict(config), resume)
            for folder in (self.programs, self.traces):
                folder.mkdir(parents=True, exist_ok=True)
            check_nothing_is_missing(events, HeldoutLedger(self.ledger), self.traces)
            # The library is made again from the traces: a skill of a later task must not be there for an earlier one.
            shutil.rmtree(self.skills, ignore_errors=True)
            self.skills.mkdir()
            self.events = EventLog(events)
        except (OSError, ValueError) as error:
            raise RunDirectoryError(
                f"run directory {str(path)!r} cannot be used ({why(error)}); name a folder that you may write to with "
                "--out."
            ) from None

    def __enter__(self) -> RunDirectory:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Ends the lock; says how to go on where the run was stopped from outside."""
        self.close()
        stopped, code = "memory that is used up", RunStopped.exit_code
        if isinstance(error, KeyboardInterrupt):
            stopped, code = how_stopped(error)
        if isinstance(error, OSError):
            stopped = "a closed pipe" if isinstance(error, BrokenPipeError) else f"the system ({why(error)})"
        if isinstance(error, (KeyboardInterrupt, MemoryError, OSError)):
            raise RunStopped(
                f"stopped by {stopped}; what is finished is kept: give the same command with --out={self.path} "
                "--resume to go on.",
                exit_code=code,
            ) from None

    def write_program(self, program: Program) -> None:
        """Keep a program's text."""
        write_whole(self.programs / f"{program.hash}.py", program.text, errors="surrogatepass")

    def write_summary(self, summary: Mapping[str, Any]) -> None:
        """Write ``summary.json``, whole or not at all: the run is over.

        Raises:
            RunDirectoryError: its event log tells of more than it gave.
        """
        self.events.check_told()
        write_whole(self.summary, json.dumps(summary, indent=2) + "\n")

    def _claim(self, config: dict[str, Any], resume: bool) -> None:
        wanted = {"format": FORMAT, "schema": SCHEMA, **config}
        file = self.path / _CONFIG
        if file.exists():
            _compare(self.path, _read(file), json.loads(json.dumps(wanted)))
            if not resume:
                raise RunDirectoryError(
                    f"run directory {self.path} already holds this run; add --resume to go on with it, "
                    "or name another folder with --out."
                )
        else:
            write_whole(file, json.dumps(wanted, indent=2) + "\n")


def _occupied(path: Path) -> bool:
    """Whether a folder holds a run.

    Raises:
        RunDirectoryError: it holds something else.
    """
    if (path / _CONFIG).exists():
        return True
    if path.is_dir() and {entry.name for entry in path.iterdir()} - {_LOCK}:
        raise RunDirectoryError(
            f"{path} is not empty and is not a run directory (no {_CONFIG}); name another folder with --out."
        )
    return False


def _lock(path: Path, *, empty: bool) -> int:
    """Locks a run directory for this process; the handle of its lock file, which says who holds it.

    Raises:
        RunDirectoryError: another process holds it.
    """
    if empty:
        path.mkdir(parents=True, exist_ok=True)
    handle = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(handle, 1000).decode("utf-8", "replace").strip()
        os.close(handle)
        raise RunDirectoryError(
            f"run directory {path} is in use by {holder or 'another process'}; wait until it has ended, or name "
            "another folder with --out."
        ) from None
    except OSError:
        os.close(handle)
        raise
    os.truncate(handle, 0)
    os.write(handle, f"process {os.getpid()} on {platform.node()}, since {time.strftime('%F %T')}\n".encode())
    return handle


def check_nothing_is_missing(events: Path, ledger: HeldoutLedger, traces: Path) -> None:
    """What a run has looked at stands in its event log, and if it was held-out, in its ledger.

    A trace file is announced in the log, and a look at held-out seeds entered in the ledger, before it begins. So no
    moment at which a run may be killed leaves less than that.

    Raises:
        RunDirectoryError: one of the files was deleted or shortened.
    """
    looks = [event for event in map(_look, EventLog(events).recorded) if event]
    told = {look["file"] for look in looks}
    strays = sorted({path.name for path in traces.glob("*.msgpack")} - told)
    if strays:
        raise RunDirectoryError(
            f"{events} does not tell of {len(strays)} of the trace files, such as {strays[0]}: it was deleted or "
            "shortened, so nobody knows what this run has looked at. Put it back, or start a new run directory."
        )
    reported = [look for look in looks if look["purpose"] == Purpose.REPORT.value]
    for task, seeds in (seen for look in reported for seen in look["seeds"].items()):
        if not ledger.holds(task, parse_seeds(seeds)):
            raise RunDirectoryError(
                f"{ledger.path} does not tell of the held-out seeds that this run has seen on {task}: it was "
                "deleted or shortened. Put it back, or start a new run directory."
            )
    gone = [look["file"] for look in looks[:-1] if not (traces / look["file"]).exists()]
    if gone:
        print(f"{len(gone)} trace files of this run are gone, such as {gone[0]}; they run again.", file=sys.stderr)


def _look(line: str) -> dict[str, Any]:
    """The announcement of a trace file in a line of the event log; empty where it is another event.

    A line that was edited is found when the run comes there and gives another one.
    """
    try:
        look = json.loads(line)
        known = look["event"] == LOOK and isinstance(look["file"], str)
        for seeds in look["seeds"].values() if known else ():
            parse_seeds(seeds)
        return look if known and "purpose" in look else {}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError, AspireError):
        return {}


class EventLog:
    """What happened, one JSON line an event, only ever appended.

    A resumed run goes through the same events again: those already in the file are checked, not written twice.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.recorded = self._read()
        self._position = 0

    def __call__(self, kind: str, **data: Any) -> None:
        """Record one event. ``data`` holds plain values and no wall-clock times."""
        line = json.dumps({"event": kind, **data})
        if self._position < len(self.recorded):
            known = self.recorded[self._position]
            if known != line:
                raise RunDirectoryError(
                    f"{self._path}, line {self._position + 1}: the resumed run gives another event than the recorded "
                    f"one ({_excerpt(line)} instead of {_excerpt(known)}): the code has changed since. "
                    "Start a new run directory."
                )
        else:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
                file.flush()
                os.fsync(file.fileno())
        self._position += 1

    def _read(self) -> list[str]:
        """Lines on disk; a last one cut short by a crash is dropped from the file."""
        if not self._path.exists():
            return []
        check_regular_file(self._path, f"event log {str(self._path)!r}", error=OSError)
        return whole_lines(self._path)

    def check_told(self) -> None:
        """A run that is over has come past all that its log tells of.

        Raises:
            RunDirectoryError: there are more lines in the log.
        """
        if self._position < len(self.recorded):
            raise RunDirectoryError(
                f"{self._path}, line {self._position + 1}: this run is over and gives no such event "
                f"({_excerpt(self.recorded[self._position])}): the file was changed. Start a new run directory."
            )


def next_free(parent: Path, stem: str) -> Path:
    """Makes ``parent/stem-001``, or the next number that is not taken; two processes never get the same.

    Raises:
        RunDirectoryError: it cannot be made.
    """
    for number in itertools.count(1):
        path = parent / f"{stem}-{number:03d}"
        try:
            path.mkdir(parents=True)
        except FileExistsError:
            if not parent.is_dir():
                raise RunDirectoryError(f"{parent} is a file, not a folder; name a run directory with --out.") from None
            continue
        except OSError as error:
            raise RunDirectoryError(f"cannot be made: {why(error)}; name a run directory with --out.") from None
        return path
    raise AssertionError("numbers end")


def _compare(path: Path, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    found, wanted = _flat(found), _flat(wanted)
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


def _flat(config: dict[str, Any]) -> dict[str, Any]:
    """A configuration with one entry for each value of its maps, such as ``versions.jax``."""
    flat: dict[str, Any] = {}
    for key, value in config.items():
        flat |= {f"{key}.{name}": each for name, each in value.items()} if isinstance(value, dict) else {key: value}
    return flat


def _read(file: Path) -> dict[str, Any]:
    try:
        check_regular_file(file, f"configuration {str(file)!r}", error=RunDirectoryError)
        config = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RunDirectoryError(f"{file}: cannot be read ({error}); name another folder with --out.") from None
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise RunDirectoryError(f"{file}: not the configuration of a run; name another folder with --out.")
    return config


def _excerpt(line: str) -> str:
    return line if len(line) <= 120 else line[:117] + "..."
