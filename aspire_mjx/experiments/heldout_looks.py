"""Looks at held-out seeds outside a run: entered in a ledger beside the program, and said on the terminal.

A run of ``libero_pro`` has a ledger of its own. Whoever looks at held-out seeds with another command, and then changes
the program, has used them up: the ledger keeps which text of a program saw which seeds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from aspire_mjx.errors import AspireError, RunDirectoryError
from aspire_mjx.files import check_regular_file
from aspire_mjx.language.program import Program
from aspire_mjx.seeds import SeedRole, format_seeds, parse_seeds, role_of
from aspire_mjx.shipped import named_program_file
from aspire_mjx.worlds.tasks import Task

_ENDING = ".heldout.jsonl"


def ledger_of(name: str) -> Path:
    """The ledger of a program as it is named on the command line: beside its file, of a shipped one in ``runs/``."""
    file = named_program_file(name)
    folder = file.parent if file == Path(name) else Path("runs")
    return folder / f"{file.stem}{_ENDING}"


def enter_looks(name: str, program: Program, tasks: Sequence[Task], seeds: Iterable[int]) -> None:
    """:func:`enter` for a program, in the :func:`ledger_of` the ``name`` that it has on the command line."""
    enter(ledger_of(name), program.name, program.hash, tasks, seeds)


def enter(path: Path, name: str, text: str, tasks: Sequence[Task], seeds: Iterable[int]) -> None:
    """Enters what is about to be looked at, before it is, and says so; nothing where no seed is held out.

    The same text on the same seeds again tells nothing new, and is not entered again.

    Args:
        path: of the ledger.
        name: who looks.
        text: which version of it, such as the hash of a program's text.
        tasks: that it runs on.
        seeds: of each task; debug and validation seeds among them are not entered.

    Raises:
        RunDirectoryError: a line of the ledger that is no entry.
    """
    held = sorted({seed for seed in seeds if role_of(seed) is SeedRole.HELDOUT})
    if not held:
        return
    known = _read(path)
    new, others = [], set()
    for task in tasks:
        mine = [(digest, seen) for key, digest, seen in known if key == task.key]
        own = set().union(*(seen for digest, seen in mine if digest == text))
        others |= {digest for digest, seen in mine if digest != text and seen.intersection(held)}
        if not own.issuperset(held):
            new.append({"task": task.key, "program": text, "seeds": format_seeds(held)})
    try:
        if new:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in new)
        entered = f"entered in {path}"
    except OSError as error:
        entered = f"NOT entered: {path} cannot be written ({error.strerror})"
    print(f"held-out seeds {format_seeds(held)}: {name} looks at {len(tasks)} tasks, {entered}.")
    if others:
        print(
            f"  {len(others)} other texts in this ledger saw some of them before ({', '.join(sorted(others))}): "
            "what was changed in between is not measured by seeds that led to the change. Report on new ones."
        )


def _read(path: Path) -> list[tuple[str, str, set[int]]]:
    """Task, program and seeds of each line."""
    if not path.exists():
        return []
    check_regular_file(path, f"ledger {str(path)!r}", error=RunDirectoryError)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise RunDirectoryError(f"{path} cannot be read ({error}); mend it, or move it away.") from None
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            rows.append((str(row["task"]), str(row["program"]), set(parse_seeds(row["seeds"]))))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, AspireError):
            raise RunDirectoryError(
                f"{path}, line {number}: not an entry of looks at held-out seeds: {line[:80]!r}. "
                "Mend or remove the line."
            ) from None
    return rows
