"""A finished run directory as it is read for its report: configuration, events, summary and rollouts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from aspire_mjx.errors import RunDirectoryError
from aspire_mjx.files import check_regular_file, why
from aspire_mjx.reports.summary import check_schema
from aspire_mjx.seeds import Purpose
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.traces.columns import TraceBatch, concatenate
from aspire_mjx.traces.store import read_traces

_TIMING = "timing"  # meta of a batch: wall-clock figures
_LOOK = "rollouts"  # the event that announces a trace file
_MOST = 4000  # rollouts of one program after which no further file is read: a run may have millions

Key = tuple[str, str, tuple[tuple[str, float], ...]]  #: task, hash of the program, settings of its tunables


@dataclass(frozen=True, eq=False)
class RunFolder:
    """What a run directory holds.

    Attributes:
        path: the folder.
        config: what ``config.json`` says.
        events: what happened, in order.
        summary: what ``summary.json`` says.
        rollouts: those on seeds that may be looked into: of held-out seeds of a search a report shows rates only. Of
            one program's millions the first some thousands.
        files: name of the trace file of each rollout, and its number there.
    """

    path: Path
    config: dict[str, Any]
    events: tuple[dict[str, Any], ...]
    summary: dict[str, Any]
    rollouts: TraceBatch
    files: tuple[tuple[str, int], ...]

    @property
    def searched(self) -> bool:
        """Whether the run searched for better programs, as the main job does; else it ran one program."""
        return "totals" in self.summary

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Events of one kind, in order."""
        return [event for event in self.events if event.get("event") == kind]

    def text_of(self, program: str) -> str:
        """The text of a program that ran, by its hash; "" for one that did not."""
        return self._texts.get(program, "")

    def rows(self, keys: Iterable[Key]) -> np.ndarray:
        """Rollouts of some programs on their tasks, in ascending order."""
        found = [row for key in dict.fromkeys(keys) for row in self._rows_by_key.get(key, ())]
        return np.array(sorted(found), np.int64)

    @cached_property
    def library(self) -> SkillLibrary:
        """The run's skills."""
        return SkillLibrary(self.path / "skills")

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {program.hash: program.text for program in self.rollouts.programs}

    @cached_property
    def _rows_by_key(self) -> dict[Key, list[int]]:
        batch, found = self.rollouts, {}
        tasks, programs = batch.rollout_text("task").tolist(), batch.rollouts["program"].tolist()
        for row, (task, program) in enumerate(zip(tasks, programs, strict=True)):
            key = key_of(task, batch.programs[program].hash, batch.tunables(row))
            found.setdefault(key, []).append(row)
        return found


def key_of(task: str, program: str, tunables: Mapping[str, float]) -> Key:
    """What names the rollouts of a candidate on a task."""
    return task, program, tuple(sorted(tunables.items()))


def read_run(path: str | Path) -> RunFolder:
    """Reads a run directory.

    Raises:
        RunDirectoryError: not the directory of a run, or of one that has not ended.
        TraceError: a trace file that is gone or damaged.
    """
    path = Path(path)
    config, summary = (_json(path, name) for name in ("config.json", "summary.json"))
    if "totals" in summary:
        check_schema(summary)
    elif "faults" not in summary:
        raise RunDirectoryError(
            f"{path} is no run of libero_pro or of run_program; name the directory of one of these."
        )
    events = tuple(_events(path / "events.jsonl"))
    looks = [event for event in events if event.get("event") == _LOOK]
    seen = [look for look in looks if look.get("purpose") != Purpose.REPORT.value]
    batches: list[TraceBatch] = []
    for look in seen:
        if "totals" in summary or sum(map(len, batches)) < _MOST:
            batches.append(read_traces(path / "traces" / Path(str(look.get("file"))).name))
    seen = seen[: len(batches)]
    files = [(str(look["file"]), row) for look, each in zip(seen, batches, strict=True) for row in range(len(each))]
    timeless = [replace(b, meta={key: each for key, each in b.meta.items() if key != _TIMING}) for b in batches]
    return RunFolder(path, config, events, summary, concatenate(timeless), tuple(files))


def _json(path: Path, name: str) -> dict[str, Any]:
    try:
        check_regular_file(path / name, f"{name} of the run in {str(path)!r}", error=RunDirectoryError)
        found = json.loads((path / name).read_text(encoding="utf-8"))
    except RunDirectoryError as error:
        raise RunDirectoryError(f"{error} A run directory has it once the run has ended; --resume ends it.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise RunDirectoryError(f"{path / name} cannot be read ({error}); name the directory of a run.") from None
    if not isinstance(found, dict):
        raise RunDirectoryError(f"{path / name} is no map; name the directory of a run.")
    return found


def _events(file: Path) -> list[dict[str, Any]]:
    try:
        check_regular_file(file, f"event log {str(file)!r}", error=RunDirectoryError)
        events = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise RunDirectoryError(f"event log cannot be read ({why(error)}).") from None
    except (ValueError, RecursionError) as error:
        raise RunDirectoryError(f"{file}: a line is not JSON ({error}); the file was changed or damaged.") from None
    if not all(isinstance(event, dict) for event in events):
        raise RunDirectoryError(f"{file}: a line is no map; the file was changed or damaged.")
    return events
