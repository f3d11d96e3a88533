"""Rounds of evolutionary search on debug seeds: candidates, one batch of rollouts, archive, next round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import Any, NamedTuple

from aspire_mjx.agents.briefing import Briefing, Diagnosis, Parent
from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.protocol import Agent
from aspire_mjx.agents.repair import Repair
from aspire_mjx.agents.score import Score
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError
from aspire_mjx.faults.report import analyse
from aspire_mjx.language.program import Program
from aspire_mjx.language.tunables import tunable_values, tunables_of
from aspire_mjx.search.archive import Archive, rank
from aspire_mjx.search.setup import SearchSetup
from aspire_mjx.search.tunable_search import tunable_settings
from aspire_mjx.seeds import Purpose
from aspire_mjx.skills.imported import ImportedSkill
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.tasks import Task

MOST_CANDIDATES = len(ascii_uppercase)  #: the most that a round may have: one letter each
_SPREAD = 0.5  # width of the first round's tunable settings, as a share of each range
_OPENING = 0  # number of the round that only tries the library's skills


class Retrieved(NamedTuple):
    """What the library has for a task and its failures: tested skills as repairs, and what was imported."""

    repairs: tuple[Repair, ...] = ()
    knowledge: tuple[ImportedSkill, ...] = ()


Retrieve = Callable[[Task, Diagnosis], Retrieved]


@dataclass(frozen=True)
class Round:
    """What one round evaluated: its number (0 the opening), and every candidate with its debug score, A first."""

    index: int
    entries: tuple[Parent, ...]


class Search:
    """The search for one task's program. :meth:`run` goes through the rounds; the rest is what they found."""

    def __init__(self, task: Task, program: Program, *, setup: SearchSetup, retrieve: Retrieve) -> None:
        self.task = task
        self.archive = Archive()
        self.rounds: list[Round] = []
        self._setup = setup
        self._retrieve = retrieve
        self._analysis: list[str] = []
        self._refused: dict[str, str] = {}  # reasons by key
        (self.first,) = self._score([Candidate.first(program)], stage="first-program")
        self.archive.add(self.first)

    def run(self) -> Archive:
        """Rounds until the incumbent's debug rate reaches the threshold, or they are used up, or nothing is left.

        Where the library has skills for what fails, a small opening round (number 0) tries them all together first:
        it costs one candidate, and often saves the rounds.
        """
        limits = self._setup.limits
        if self._unfinished() and limits.rounds and self._retrieve(self.task, self.archive.best.diagnosis).repairs:
            self._round(_OPENING, size=2, tuned=0)
        for index in range(1, limits.rounds + 1):
            if not self._unfinished() or not self._round(index, size=limits.candidates, tuned=limits.tuned):
                break
        return self.archive

    def _unfinished(self) -> bool:
        return self.archive.best.debug.rate < self._setup.limits.threshold

    def _round(self, index: int, *, size: int, tuned: int) -> bool:
        """One round of ``size`` candidates, or none where all were refused; False when there is nothing new to try."""
        incumbent, refused = self.archive.best, len(self._refused)
        proposed = self._accepted(index, self._proposed(index, room=size - 1, tuned=tuned))
        candidates = line_up(incumbent.candidate, proposed, size=size, tried=self.archive.keys)
        if len(candidates) == 1 and len(self._refused) > refused:
            return True  # the next briefing says why
        if len(candidates) == 1:
            self._setup.note("nothing-left", task=self.task.key, round=index)
            return False
        entries = self._score(candidates, stage=f"round-{index}")
        for entry in entries:
            self.archive.add(entry)
            self._learn(index, entry, incumbent)
        record = Round(index, tuple(entries))
        self.rounds.append(record)
        self._setup.note("round", task=self.task.key, **round_as_dict(record))
        return True

    def _proposed(self, index: int, *, room: int, tuned: int) -> list[Candidate]:
        """The agent's candidates, then settings of the incumbent's tunables, these filling what the agent leaves."""
        parents = self.archive.parents(self._setup.limits.parents)
        retrieved = self._retrieve(self.task, parents[0].diagnosis)
        briefing = Briefing(
            task=self.task,
            round=index,
            rounds=self._setup.limits.rounds,
            room=room - tuned,
            parents=parents,
            skills=retrieved.repairs,
            knowledge=retrieved.knowledge,
            tried=self.archive.keys.union(self._refused),
            analysis=tuple(self._analysis),
        )
        proposed = _candidates(self._setup.agent, self._setup.agent.propose(briefing))[: briefing.room]
        if not tuned:
            return proposed
        seed = (self._setup.seed, self.task.index, index)
        return [
            *proposed,
            *tunable_settings(parents[0].candidate, room - len(proposed), seed=seed, spread=_SPREAD / index),
        ]

    def _accepted(self, index: int, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those that can run; why others cannot is noted, and told in the next briefing."""
        accepted = []
        for candidate in candidates:
            if candidate.key in self._refused:
                continue
            try:
                compile_program(candidate.program)
                tunable_values(tunables_of(candidate.program), dict(candidate.tunables), program=candidate.program.name)
            except AspireError as refusal:
                reason = self._refused[candidate.key] = str(refusal)
                self._setup.note("refused", task=self.task.key, program=candidate.program.hash, reason=reason)
                self._analysis.append(f"{_told(index, candidate)}: refused, did not run: {' '.join(reason.split())}")
            else:
                accepted.append(candidate)
        return accepted

    def _score(self, candidates: Sequence[Candidate], *, stage: str) -> list[Parent]:
        setup = self._setup
        batches = setup.evaluate_each(candidates, self.task, setup.seeds.debug, Purpose.EDIT, stage)
        return [
            Parent(candidate, Score.of(batch), self._diagnosis(batch))
            for candidate, batch in zip(candidates, batches, strict=True)
        ]

    def _diagnosis(self, batch: TraceBatch) -> Diagnosis:
        return self._setup.agent.critique(analyse(batch), batch) if self._setup.traces else Diagnosis()

    def _learn(self, index: int, entry: Parent, incumbent: Parent) -> None:
        if entry.candidate.key != incumbent.candidate.key:
            self._analysis.append(
                f"{_told(index, entry.candidate)}: {incumbent.debug.passes} -> {entry.debug.passes} of "
                f"{entry.debug.trials}; fails mostly by {entry.diagnosis.dominant}"
            )


def _told(index: int, candidate: Candidate) -> str:
    """A candidate as the next briefing names it: round, key, and what it changes in which program."""
    change = " ".join(candidate.difference.split()) or "(no difference given)"
    return f"round {index}, {candidate.key} from {candidate.parent or 'nothing'}, {change}"


def _candidates(agent: Agent, proposed: Sequence[Any]) -> list[Candidate]:
    """What an agent proposed, where it is candidates."""
    name = type(agent).__name__
    if not isinstance(proposed, (list, tuple)):
        raise AspireError(f"agent {name}: propose() gave {type(proposed).__name__}; give a list of Candidate.")
    for each in proposed:
        if not isinstance(each, Candidate):
            raise AspireError(
                f"agent {name}: propose() gave a {type(each).__name__} among its candidates; "
                "make them with briefing.parents[0].candidate.revised(text, ...)."
            )
    return list(proposed)


def line_up(
    incumbent: Candidate, proposed: Iterable[Candidate], *, size: int, tried: frozenset[str]
) -> tuple[Candidate, ...]:
    """``size`` candidates at most: A is the incumbent unchanged, B, C, ... the first proposals not tried before."""
    chosen = {incumbent.key: incumbent}
    for candidate in proposed:
        if len(chosen) == size:
            break
        if candidate.key not in tried:
            chosen.setdefault(candidate.key, candidate)
    return tuple(replace(c, label=label) for c, label in zip(chosen.values(), ascii_uppercase, strict=False))


def round_as_dict(record: Round) -> dict[str, Any]:
    """The form in ``summary.json`` and ``events.jsonl``."""
    return {
        "round": record.index,
        "best": min(record.entries, key=rank).candidate.label,
        "candidates": [
            {
                "label": entry.candidate.label,
                "program": entry.candidate.program.hash,
                "parent": entry.candidate.parent,
                "tunables": dict(entry.candidate.tunables),
                "repairs": [repair.name for repair, _ in entry.candidate.repairs],
                "hypothesis": entry.candidate.hypothesis,
                "difference": entry.candidate.difference,
                "expected_failure": entry.candidate.expected_failure,
                "debug": entry.debug.as_dict(),
                "fails_by": entry.diagnosis.dominant,
            }
            for entry in record.entries
        ],
    }
