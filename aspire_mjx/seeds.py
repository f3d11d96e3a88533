"""Seeds and what each may be used for.

Debug seeds (51-65) may drive edits; validation seeds (66-80) choose and admit; every other seed is held out and
is only ever reported on, once per task and run, through the :class:`HeldoutLedger`.
"""

from __future__ import annotations

import json
import operator
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path

from aspire_mjx.errors import AspireError, RunDirectoryError, SeedRoleError
from aspire_mjx.files import check_regular_file, whole_lines


class SeedRole(Enum):
    """Which part of an experiment a seed belongs to."""

    DEBUG = "debug"
    VALIDATION = "validation"
    HELDOUT = "held-out"


class Purpose(Enum):
    """What an evaluation is for."""

    EDIT = "edit"  #: its traces may change a program
    SELECT = "select"  #: its verdicts choose between programs
    ADMIT = "admit"  #: its verdicts admit a skill to the library
    REPORT = "report"  #: its verdicts are published and drive nothing
    EXPLORE = "explore"  #: a person looks; nothing learned goes into a run


DEBUG_SEEDS = range(51, 66)
VALIDATION_SEEDS = range(66, 81)

_ALLOWED = {
    Purpose.EDIT: (SeedRole.DEBUG,),
    Purpose.SELECT: (SeedRole.DEBUG, SeedRole.VALIDATION),
    Purpose.ADMIT: (SeedRole.DEBUG, SeedRole.VALIDATION),
    Purpose.REPORT: tuple(SeedRole),
    Purpose.EXPLORE: tuple(SeedRole),
}
LAST_SEED = 999_999_999  #: the greatest number that a seed may be
_SPAN = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)
_MOST_SEEDS = 1_000_000


def role_of(seed: int) -> SeedRole:
    """The role of one seed: 51-65 debug, 66-80 validation, every other one held-out."""
    if seed in DEBUG_SEEDS:
        return SeedRole.DEBUG
    if seed in VALIDATION_SEEDS:
        return SeedRole.VALIDATION
    return SeedRole.HELDOUT


def check_seed(seed: object, *, of: str) -> int:
    """A seed as a whole number; ``of`` says who was given it.

    Raises:
        AspireError: no whole number, or one below 0 or above :data:`LAST_SEED`.
    """
    whole = hasattr(seed, "__index__") and not isinstance(seed, bool)
    if not whole or not 0 <= operator.index(seed) <= LAST_SEED:  # pyright: ignore[reportArgumentType]
        raise AspireError(f"{of}: seed is {seed!r:.80}; give a whole number from 0 to {LAST_SEED}.")
    return operator.index(seed)  # pyright: ignore[reportArgumentType]


def check_role(purpose: Purpose, seeds: Iterable[int]) -> None:
    """Raise :class:`SeedRoleError` when a seed's role forbids the purpose."""
    allowed = _ALLOWED[purpose]
    wrong = [seed for seed in seeds if role_of(seed) not in allowed]
    if wrong:
        role = role_of(wrong[0]).value
        may = " or ".join(allowed_role.value for allowed_role in allowed)
        raise SeedRoleError(
            f"purpose {purpose.value!r}: seed {wrong[0]} is a {role} seed ({len(wrong)} such seeds: "
            f"{format_seeds(wrong)}); {purpose.value!r} may use only {may} seeds "
            f"(debug {format_seeds(DEBUG_SEEDS)}, validation {format_seeds(VALIDATION_SEEDS)}, all others held-out). "
            "Choose other seeds, or use them for a report only."
        )


def parse_seeds(text: str) -> tuple[int, ...]:
    """Seeds of a list such as ``"51-65"`` or ``"1-3,7"``, in the order written.

    Raises :class:`AspireError` for anything but comma-separated numbers and rising ranges, for a seed named
    twice, and for more than a million seeds.
    """
    seeds: list[int] = []
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            raise AspireError(
                f"seeds {text!r}: {part.strip()!r} is neither a number nor a range; write numbers from 0 and ranges "
                "separated by commas, such as '51-65' or '1-3,7'."
            )
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise AspireError(f"seeds {text!r}: range {part.strip()!r} falls; write '{last}-{first}'.")
        if len(seeds) + last - first >= _MOST_SEEDS:
            raise AspireError(f"seeds {text!r}: more than {_MOST_SEEDS} seeds; name a shorter list.")
        seeds.extend(range(first, last + 1))
    if len(set(seeds)) != len(seeds):
        twice = next(seed for seed, count in Counter(seeds).items() if count > 1)
        raise AspireError(f"seeds {text!r}: seed {twice} is named twice; name each seed once.")
    return tuple(seeds)


def format_seeds(seeds: Iterable[int]) -> str:
    """The list in short, such as ``"51-65"``; :func:`parse_seeds` gives the seeds back in the same order."""
    spans: list[list[int]] = []
    for seed in seeds:
        if spans and seed == spans[-1][1] + 1:
            spans[-1][1] = seed
        else:
            spans.append([seed, seed])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)


class HeldoutLedger:
    """The run's record of what was evaluated on held-out seeds; one JSON line an evaluation, only ever appended.

    The first evaluation of a task fixes its set of programs. The same set again (a resumed run) is accepted;
    any other set on that task raises :class:`SeedRoleError`, because held-out rates of a program chosen after
    seeing held-out rates mean nothing.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._programs: dict[str, tuple[str, ...]] = {}
        self._seeds: dict[str, set[int]] = {}
        for row in self._read():
            self._programs.setdefault(row["task"], tuple(row["programs"]))
            self._seeds.setdefault(row["task"], set()).update(parse_seeds(row["seeds"]))

    def record(self, task: str, programs: Sequence[str], seeds: Iterable[int]) -> None:
        """Enter an evaluation *before* it runs. ``programs`` are content hashes; order and repeats do not matter.

        Debug and validation seeds among ``seeds`` are not recorded.
        """
        if isinstance(programs, str):
            raise AspireError(f"held-out ledger: programs must be a sequence of hashes, got the text {programs!r}.")
        held = sorted({seed for seed in seeds if role_of(seed) is SeedRole.HELDOUT})
        if not held:
            return
        wanted = tuple(sorted(set(programs)))
        known = self._programs.get(task)
        if known is not None and known != wanted:
            raise SeedRoleError(
                f"task {task!r}: its held-out seeds were already used in this run for the programs "
                f"{', '.join(known)}; programs {', '.join(wanted)} may not see them as well. "
                f"Evaluate them in a new run directory (ledger: {self.path})."
            )
        if known is not None and self._seeds[task].issuperset(held):
            return
        row = {"task": task, "programs": list(wanted), "seeds": format_seeds(held)}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._programs[task] = wanted
        self._seeds.setdefault(task, set()).update(held)

    def holds(self, task: str, seeds: Iterable[int]) -> bool:
        """Whether an evaluation of all held-out seeds among some, on a task, is entered."""
        return self._seeds.get(task, set()).issuperset(seed for seed in seeds if role_of(seed) is SeedRole.HELDOUT)

    def _read(self) -> list[dict]:
        """Rows on disk. A last line cut short by a crash was never acted on: it is dropped from the file."""
        if not self.path.exists():
            return []
        check_regular_file(self.path, f"held-out ledger {str(self.path)!r}", error=RunDirectoryError)
        rows = []
        for number, line in enumerate(whole_lines(self.path), start=1):
            try:
                row = json.loads(line)
                parse_seeds(row["seeds"])
                rows.append(
                    {"task": str(row["task"]), "programs": [*map(_hash, row["programs"])], "seeds": row["seeds"]}
                )
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError, AspireError):
                raise RunDirectoryError(
                    f"{self.path}, line {number}: not an entry of a held-out ledger: {line[:80]!r}. "
                    "The file was changed by hand or damaged; start a new run directory."
                ) from None
        return rows


def _hash(program: object) -> str:
    if not isinstance(program, str):
        raise TypeError(f"{program!r} is no hash of a program")
    return program
