"""Planted faults: what is changed in a program or world that passes, and what an expert says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, product
from pathlib import Path
from typing import Any

import numpy as np

from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.faults.cause import CLASSES
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.job import Job
from aspire_mjx.seeds import DEBUG_SEEDS, VALIDATION_SEEDS
from aspire_mjx.worlds.perturbation import Perturbation, nearest_step
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.tasks import Task

SPLITS = ("tune", "test")
LANES = 64
FOLDER = Path(__file__).parent / "faults"
_ROOT = Path(__file__).parents[3]
_SEEDS = (*DEBUG_SEEDS, *VALIDATION_SEEDS)


@dataclass(frozen=True)
class PlantedFault:
    """A change and the answer to it.

    Attributes:
        name: unique.
        split: one of :data:`SPLITS`.
        cause_class: one of :data:`CLASSES`.
        why: what is wrong, in a sentence.
        edits: pairs of texts, old and new; empty in a fault of the world.
        doses: perturbation factor to its lowest and highest dose; empty in a fault of the program.
        truth: texts that end on the true lines of the mutated program.
        missing: primitive that is not called any more; "" for none.
        consequences: texts that end on lines where the fault shows directly.
        near_classes: classes that one could defend as well.
    """

    name: str
    split: str
    cause_class: str
    why: str
    edits: tuple[tuple[str, str], ...] = ()
    doses: dict[str, tuple[float, float]] = field(default_factory=dict)
    truth: tuple[str, ...] = ()
    missing: str = ""
    consequences: tuple[str, ...] = ()
    near_classes: tuple[str, ...] = ()

    @property
    def in_program(self) -> bool:
        """Whether the program is changed, not the world."""
        return bool(self.edits)

    @classmethod
    def parse(cls, raw: dict[str, Any]) -> PlantedFault:
        """A fault as a file holds it.

        Raises:
            UnknownNameError: a split or class that there is not.
            AspireError: neither edits with lines nor doses alone.
        """
        doses = {name: _range(dose) for name, dose in raw.get("doses", {}).items()}
        fault = cls(
            name=raw["name"],
            split=raw["split"],
            cause_class=raw["class"],
            why=raw["why"],
            edits=tuple((old, new) for old, new in raw.get("edits", ())),
            doses=doses,
            truth=tuple(raw.get("lines", ())),
            missing=raw.get("missing", ""),
            consequences=tuple(raw.get("near_lines", ())),
            near_classes=tuple(raw.get("near_classes", ())),
        )
        for kind, value, known in (
            ("split", fault.split, SPLITS),
            *(("cause class", value, CLASSES) for value in (fault.cause_class, *fault.near_classes)),
        ):
            if value not in known:
                raise UnknownNameError(f"{kind} of planted fault {fault.name!r}", value, known)
        if bool(fault.edits) != bool(fault.truth) or bool(fault.edits) == bool(fault.doses):
            raise AspireError(f"planted fault {fault.name!r}: give edits and their lines, or doses of a world alone.")
        return fault


@dataclass(frozen=True)
class Family:
    """A program that passes, where it runs, and the faults planted in it.

    Attributes:
        name: kind of task.
        program: without any fault.
        tasks: where it runs.
        worlds: perturbations of its nominal worlds, in the order in which lanes take them.
        faults: those planted.
    """

    name: str
    program: Program
    tasks: tuple[Task, ...]
    worlds: tuple[Perturbation, ...]
    faults: tuple[PlantedFault, ...]

    @classmethod
    def read(cls, path: Path) -> Family:
        """A file of the data."""
        raw = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            name=raw["family"],
            program=Program.read(_ROOT / raw["program"]),
            tasks=tuple(find_task(*task.split("/")) for task in raw["tasks"]),
            worlds=tuple(Perturbation.parse(world) for world in raw["worlds"]),
            faults=tuple(PlantedFault.parse(fault) for fault in raw["faults"]),
        )

    def jobs(self, *, lanes: int = LANES) -> list[Job]:
        """Rollouts of the program without a fault."""
        places = islice(product(self.worlds, _SEEDS, self.tasks), lanes)
        return [Job(self.program, task, seed, perturbation=world) for world, seed, task in places]

    def mutated_jobs(self, fault: PlantedFault, *, lanes: int = LANES) -> list[Job]:
        """The same rollouts with a fault; where its doses have a range, lanes have doses spread evenly over it."""
        jobs, program = self.jobs(lanes=lanes), self.mutant(fault).program
        spread = _spread(len(jobs))
        return [
            replace(job, program=program, perturbation=replace(job.perturbation, **_dosed(fault, share)))
            for job, share in zip(jobs, spread, strict=True)
        ]

    def mutant(self, fault: PlantedFault) -> Mutant:
        """The program with a fault.

        Raises:
            AspireError: a text to replace that does not stand there exactly once, or that stays as it is.
        """
        text = self.program.text
        for old, new in fault.edits:
            if text.count(old) != 1 or old == new:
                found = f"stands {text.count(old)} times in {self.program.name}"
                raise AspireError(f"planted fault {fault.name!r}: {old!r} {found}; give another text, found once.")
            text = text.replace(old, new)
        return Mutant(fault, Program(text, self.program.name))


@dataclass(frozen=True)
class Mutant:
    """A program with a fault, which is none where the fault is the world's."""

    fault: PlantedFault
    program: Program

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """The true lines, from 1."""
        return tuple(self._line(text) for text in self.fault.truth)

    @cached_property
    def near_lines(self) -> tuple[int, ...]:
        """Lines where the fault shows directly."""
        return tuple(self._line(text) for text in self.fault.consequences)

    def _line(self, text: str) -> int:
        found = self.program.text.count(text)
        if found != 1:
            what = f"{text!r} stands {found} times in the mutated {self.program.name}"
            raise AspireError(f"planted fault {self.fault.name!r}: {what}; give a longer or another text, found once.")
        end = self.program.text.index(text) + len(text)
        return self.program.text.count("\n", 0, end) + 1


def families(folder: Path = FOLDER) -> list[Family]:
    """All files of the data, by name."""
    return [Family.read(path) for path in sorted(folder.glob("*.json"))]


def planted(folder: Path = FOLDER) -> Iterator[tuple[Family, PlantedFault]]:
    """All faults with their families."""
    return ((family, fault) for family in families(folder) for fault in family.faults)


def _range(dose: float | list[float]) -> tuple[float, float]:
    low, high = dose if isinstance(dose, list) else (dose, dose)
    return float(low), float(high)


def _spread(lanes: int) -> list[float]:
    """Shares from 0 to 1, evenly, in an order that has nothing to do with seeds and tasks; the same every time."""
    return np.random.default_rng(0).permutation(np.linspace(0.0, 1.0, lanes)).tolist()


def _dosed(fault: PlantedFault, share: float) -> dict[str, float]:
    return {name: nearest_step(name, low + share * (high - low)) for name, (low, high) in fault.doses.items()}
