"""A candidate: one of the programs proposed in a round, with the reasons for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from aspire_mjx.agents.repair import Repair
from aspire_mjx.agents.rewrite import apply_all
from aspire_mjx.checked import checked
from aspire_mjx.language.program import Program
from aspire_mjx.language.tunables import tunables_of


def candidate_key(program: str, tunables: Iterable[tuple[str, float]]) -> str:
    """Names a program, given by its hash, with settings of tunables, sorted by name."""
    settings = tuple(tunables)
    if not settings:
        return program
    return f"{program}-{hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:8]}"


@checked
@dataclass(frozen=True)
class Candidate:
    """One program with one setting of its tunables.

    Attributes:
      program: what runs.
      tunables: ``(name, value)`` that differ from the program's defaults, sorted by name.
      base: the program before the repairs (``program`` itself when there are none).
      repairs: ``(repair, function)`` applied to ``base``; ``function`` is what a wrapping repair wraps, else "".
      parent: key of the candidate that this one was made from; "" for a first program.
      hypothesis: why it should do better.
      difference: what it changes in its parent.
      expected_failure: how it will fail if the hypothesis is wrong.
      label: "A" (the incumbent, unchanged), "B", ... within its round.
    """

    program: Program
    base: Program
    tunables: tuple[tuple[str, float], ...] = ()
    repairs: tuple[tuple[Repair, str], ...] = ()
    parent: str = ""
    hypothesis: str = ""
    difference: str = ""
    expected_failure: str = ""
    label: str = ""

    @classmethod
    def first(cls, program: Program) -> Candidate:
        """The candidate that is a program as it stands."""
        return cls(program, program, hypothesis="the program as it stands", difference="none")

    def revised(
        self, text: str, *, hypothesis: str = "", difference: str = "", expected_failure: str = ""
    ) -> Candidate:
        """A candidate with another program text, made from this one; it starts without repairs and settings.

        Args:
          text: of the whole program, in the robot API.
          hypothesis: why it should do better.
          difference: what it changes; later briefings name the candidate by it.
          expected_failure: how it will fail if the hypothesis is wrong.
        """
        program = Program(text, self.program.name)
        return Candidate(
            program,
            program,
            parent=self.key,
            hypothesis=hypothesis,
            difference=difference,
            expected_failure=expected_failure,
        )

    @property
    def key(self) -> str:
        """Content hash of program text and tunables: equal keys are equal behaviour."""
        return candidate_key(self.program.hash, self.tunables)

    @property
    def complexity(self) -> tuple[int, int, int]:
        """Repairs, changed tunables, characters: the smaller of two equals wins."""
        return (len(self.repairs), len(self.tunables), len(self.program.text))

    def with_repairs(self, repairs: Iterable[tuple[Repair, str]]) -> Candidate:
        """This candidate with exactly these repairs on its base, as far as they apply.

        Settings of tunables that the program then no longer has are dropped.
        """
        wanted = {repair.name: (repair, function) for repair, function in repairs}
        text, applied = apply_all(self.base.text, wanted.values())
        program = Program(text, self.base.name)
        declared = {tunable.name for tunable in tunables_of(program)}
        return replace(
            self,
            program=program,
            tunables=tuple(item for item in self.tunables if item[0] in declared),
            repairs=tuple(wanted[repair.name] for repair in applied),
            parent=self.key,
            label="",
        )

    def with_tunables(self, tunables: Mapping[str, float]) -> Candidate:
        """This candidate with these settings over its own."""
        settings = {**dict(self.tunables), **{name: float(value) for name, value in tunables.items()}}
        return replace(self, tunables=tuple(sorted(settings.items())), parent=self.key, label="")
