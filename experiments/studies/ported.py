"""Programs in the idioms of CaP-X's and ASPIRE's prompts, each beside the outcome that upstream's semantics give.

The programs are those of ``tests/ported``: a folder for each robot API they are written for; and those of
``tests/ported_blind``, which were written, with what is expected of them, before anyone saw what they do here. The
comment that a file begins with says what is expected of it::

    # profile: aspire                       the API profile
    # task: libero_goal/8                   where it runs
    # kinds: 2, 4                           what it exercises, numbers of KINDS
    # outcome: passes                       or one of those below
    # camera: 800x512                       where its thresholds are those of images of that size
    # why: the hand is wider than the gap   where upstream's robot would fail as well

``passes``: the goal holds at the end. ``prints``: what is printed are the lines behind ``# > `` below. ``raises`` with
the error's text: it ends with that error. ``refused`` with a word: the policy check refuses it before anything moves,
with that word. ``fails``: it does not reach the goal, by its own doing. A program holds where that is so in three of
four seeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import ProgramRefused, WorldError
from aspire_mjx.language.program import Program
from aspire_mjx.primitives.perception import IMAGE_SIZE
from aspire_mjx.rollout.simulator import Job, Simulators
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.tasks import Task

KINDS = {
    1: "types of numpy",
    2: "points under a mask",
    3: "budgets",
    4: "motions in contact and among things",
    5: "values under upstream's names",
    6: "names and parameters",
    7: "words",
}
OUTCOMES = ("passes", "prints", "raises", "refused", "fails")
SEEDS = (51, 52, 53, 54)
FOLDER = Path(__file__).parents[2] / "tests" / "ported"
BLIND = FOLDER.with_name("ported_blind")
_SHARE = 0.75  # of the seeds in which a program does as expected


@dataclass(frozen=True)
class Ported:
    """A program and what is expected of it.

    Attributes:
        name: its folder and file, without the suffix.
        profile: the API profile it is written for.
        task: what it runs on.
        kinds: numbers of :data:`KINDS`.
        outcome: one of :data:`OUTCOMES`.
        expected: lines that are printed, the error, or the word of the refusal.
        program: its text.
        camera: size of the images that it needs, None where any will do.
    """

    name: str
    profile: str
    task: Task
    kinds: tuple[int, ...]
    outcome: str
    expected: tuple[str, ...]
    program: Program
    camera: ImageSize | None = None

    @classmethod
    def read(cls, path: Path) -> Ported:
        """A file of the corpus. WorldError where its first comment does not say what is expected of it."""
        program = Program.read(path)
        said: dict[str, str] = {}
        printed = []
        for line in program.text.splitlines():
            if not line.startswith("#"):
                break
            key, _, value = line.removeprefix("# ").partition(": ")
            if line.startswith("# > ") or line == "# >":
                printed.append(line[4:])
            else:
                said.setdefault(key, value)
        missing = {"profile", "task", "kinds", "outcome"} - set(said)
        outcome, _, text = said.get("outcome", "").partition(" ")
        if missing or outcome not in OUTCOMES:
            raise WorldError(f"{path}: its first comment lacks {sorted(missing)} or has the outcome {outcome!r}.")
        suite, _, index = said["task"].partition("/")
        return cls(
            name=f"{path.parent.name}/{path.stem}",
            profile=said["profile"],
            task=find_task(suite, index),
            kinds=tuple(int(kind) for kind in said["kinds"].split(",")),
            outcome=outcome,
            expected=tuple(printed) if outcome == "prints" else (text,),
            program=program,
            camera=ImageSize.parse(said["camera"]) if "camera" in said else None,
        )

    def as_expected(self, batch: TraceBatch, row: int) -> str:
        """Why a rollout is not as expected, "" where it is."""
        error = batch.rollout_text("error")[row]
        printed = _own_lines(batch.rollout_text("prints")[row])
        passed = bool(batch.passes()[row])
        if self.outcome == "raises":
            return "" if error.strip() == self.expected[0].strip() else f"ended with {error!r}"
        if self.outcome == "fails":
            return "the goal holds" if passed else ""
        if self.outcome == "refused":
            return f"it is not refused; {error!r}"
        if error:
            return f"line {batch.rollouts['error_line'][row]}: {error}"
        if self.outcome == "prints":
            return "" if printed == self.expected else f"printed {printed}"
        return "" if passed else f"margin {batch.rollouts['margin'][row]:.3f}"


def _own_lines(printed: str) -> tuple[str, ...]:
    """What the program printed itself: calls say in lines of theirs what they replaced."""
    return tuple(line.rstrip() for line in printed.splitlines() if not line.startswith("solve_ik: "))


@dataclass(frozen=True)
class Held:
    """What came of a program: ``reasons`` has one text a seed, "" where it did as expected."""

    ported: Ported
    reasons: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether it did as expected often enough."""
        return sum(not reason for reason in self.reasons) >= _SHARE * len(self.reasons)


def corpus(folder: Path = FOLDER) -> list[Ported]:
    """All programs below a folder, by name."""
    return [Ported.read(path) for path in sorted(folder.glob("*/*.py"))]


def run_ported(
    programs: Sequence[Ported],
    *,
    seeds: Iterable[int] = SEEDS,
    engine: str = "native",
    camera: ImageSize = IMAGE_SIZE,
) -> list[Held]:
    """Runs every program on every seed; those of one template and one size of images run together.

    Args:
      programs: of the corpus.
      seeds: of their worlds.
      engine: its name.
      camera: size of the images of programs that need no other.
    """
    seeds, reasons = tuple(seeds), dict[str, tuple[str, ...]]()
    for ported in programs:
        if found := _refusal(ported):
            meant = ported.outcome == "refused" and ported.expected[0] in found
            reasons[ported.name] = ("" if meant else found,) * len(seeds)
    sizes = {ported.name: ported.camera or camera for ported in programs}
    for size in dict.fromkeys(sizes.values()):
        able = [ported for ported in programs if sizes[ported.name] == size and ported.name not in reasons]
        jobs = [Job(ported.program, ported.task, seed, (), ported.name) for ported in able for seed in seeds]
        batch = Simulators(engine, camera=size).run(jobs)
        for place, ported in enumerate(able):
            rows = range(place * len(seeds), (place + 1) * len(seeds))
            reasons[ported.name] = tuple(ported.as_expected(batch, row) for row in rows)
    return [Held(ported, reasons[ported.name]) for ported in programs]


def _refusal(ported: Ported) -> str:
    try:
        compile_program(ported.program)
    except ProgramRefused as error:
        return str(error)
    return ""


def table(held: Sequence[Held]) -> dict[str, dict[str, int]]:
    """How many programs there are and hold, by kind, by profile and by outcome."""
    groups: dict[str, list[Held]] = {"all": list(held)}
    for one in held:
        for kind in one.ported.kinds:
            groups.setdefault(f"kind {kind}: {KINDS[kind]}", []).append(one)
        groups.setdefault(f"profile {one.ported.profile}", []).append(one)
        groups.setdefault(f"outcome {one.ported.outcome}", []).append(one)
    return {
        name: {"programs": len(group), "hold": sum(one.holds for one in group)}
        for name, group in sorted(groups.items())
    }


def ported(engine: str, camera: str, folder: Path = FOLDER) -> dict[str, Any]:
    """The study: how many programs do as expected, why the others do not, and which texts they were (their hashes).

    ``rollouts`` are all that were run and those that did as expected; ``camera`` is the size of the images of programs
    that need no other.
    """
    held = run_ported(corpus(folder), engine=engine, camera=ImageSize.parse(camera))
    wrong = {one.ported.name: sorted(set(one.reasons) - {""})[:2] for one in held if not one.holds}
    programs = {one.ported.name: one.ported.program.hash for one in held}
    reasons = [reason for one in held for reason in one.reasons]
    return {
        "camera": camera,
        "seeds": list(SEEDS),
        "rollouts": [len(reasons), reasons.count("")],
        "table": table(held),
        "not_as_expected": wrong,
        "programs": programs,
    }
