"""Rollouts that a command leaves out: their worlds cannot be built, as where things of twice the size have no room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.worlds import WorldSpec, refusals

_SHOWN = 5  # of them, on the terminal
_NOMINAL = Perturbation()


@dataclass(frozen=True)
class LeftOut:
    """Those of the worlds that a command asks for that cannot be built; it goes on with the others.

    Attributes:
        reasons: why, by world.
        asked: how many worlds there were, with those left out.
    """

    reasons: Mapping[WorldSpec, str] = field(default_factory=dict)
    asked: int = 0

    @classmethod
    def of(cls, tasks: Sequence[Task], seeds: Iterable[int], doses: Mapping[int, Perturbation]) -> LeftOut:
        """Looks at the worlds of all tasks and seeds.

        Args:
            tasks: of the command.
            seeds: of each task.
            doses: perturbation of the worlds of a seed; by default none.

        Raises:
            WorldError: none can be built.
        """
        worlds = [WorldSpec(task, seed, doses.get(seed, _NOMINAL)) for task in tasks for seed in sorted(set(seeds))]
        check_any(worlds)
        return cls(refusals(worlds), len(worlds))

    @classmethod
    def in_all(cls, parts: Iterable[LeftOut]) -> LeftOut:
        """What several parts of a command's worlds leave out."""
        parts = list(parts)
        reasons = {world: why for part in parts for world, why in part.reasons.items()}
        return cls(reasons, sum(part.asked for part in parts))

    def seeds(self, task: Task) -> frozenset[int]:
        """Seeds whose worlds of a task cannot be built."""
        return frozenset(world.seed for world in self.reasons if world.task.key == task.key)

    def to_json(self) -> list[dict[str, Any]]:
        """The form in ``summary.json``."""
        return [
            {"task": world.task.key, "seed": world.seed, "perturbation": str(world.perturbation), "why": why}
            for world, why in self.reasons.items()
        ]

    def show(self) -> None:
        """Prints how many there are, and the first of them; nothing where there are none."""
        if self.reasons:
            print(f"left out: {len(self.reasons)} of {self.asked} worlds cannot be built")
        for each in self.to_json()[:_SHOWN]:
            print(f"  {each['task']}, seed {each['seed']} with {each['perturbation']}: {each['why']}")
        if len(self.reasons) > _SHOWN:
            print(f"  and {len(self.reasons) - _SHOWN} more")


def check_any(worlds: Iterable[WorldSpec]) -> None:
    """Checks that one of some worlds can be built, and looks no further than the first of them.

    Raises:
        WorldError: none can be built.
    """
    count, first = 0, ""
    for world in worlds:
        reason = refusals([world])
        if not reason:
            return
        count, first = count + 1, first or reason[world]
    if count:
        raise WorldError(f"none of the {count} worlds can be built; the first: {first}")
