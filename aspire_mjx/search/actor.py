"""An actor: one task, one agent, from the first program to the report on held-out seeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aspire_mjx.agents.briefing import Parent
from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.protocol import RepairEvidence
from aspire_mjx.agents.score import Score
from aspire_mjx.faults.report import analyse
from aspire_mjx.language.program import Program
from aspire_mjx.search.ablation import Ablation, measure_repairs
from aspire_mjx.search.rounds import Retrieve, Round, Search
from aspire_mjx.search.setup import SearchSetup
from aspire_mjx.seeds import Purpose
from aspire_mjx.skills.skill import Skill
from aspire_mjx.worlds.tasks import Task

_FINALISTS = 3  # programs that validation seeds compare with the first one


@dataclass(frozen=True)
class Standing:
    """A candidate with its scores by seed role."""

    candidate: Candidate
    debug: Score
    validation: Score
    heldout: Score


@dataclass(frozen=True)
class SkillProposal:
    """A skill draft with the paired evaluation behind it."""

    skill: Skill
    ablation: Ablation


@dataclass(frozen=True)
class TaskOutcome:
    """What an actor brings back: the first program, the winner, the rounds, and skills to admit."""

    task: Task
    first: Standing
    winner: Standing
    rounds: tuple[Round, ...]
    proposals: tuple[SkillProposal, ...]


@dataclass(frozen=True)
class Actor:
    """Works on one task. It sees skills through ``retrieve`` and other actors not at all."""

    setup: SearchSetup
    retrieve: Retrieve

    def work(self, task: Task, program: Program) -> TaskOutcome:
        """Search on debug seeds, choose on validation seeds, draft skills, report on held-out seeds once."""
        search = Search(task, program, setup=self.setup, retrieve=self.retrieve)
        self.setup.note("first-program", task=task.key, program=program.hash, debug=search.first.debug.as_dict())
        search.run()
        chosen = self._choose(search)
        ablations = measure_repairs(chosen, task=task, setup=self.setup) if self.setup.skills else ()
        self.setup.note(
            "winner",
            task=task.key,
            program=chosen.program.hash,
            repairs=[repair.name for repair, _ in chosen.repairs],
            tunables=dict(chosen.tunables),
        )
        proposals = tuple(self._proposal(task, ablation) for ablation in ablations)
        first, winner = self._report(task, search.first.candidate, chosen)
        return TaskOutcome(task, first, winner, tuple(search.rounds), proposals)

    def _choose(self, search: Search) -> Candidate:
        """The best of the first program and the three best programs on debug seeds, once validation seeds are in.

        Both roles count: with 15 validation seeds alone, one lucky rollout would outweigh a clear lead on debug seeds.
        """
        best: dict[str, Parent] = {}
        for entry in search.archive.ranked():
            best.setdefault(entry.candidate.program.hash, entry)
        entries = (*list(best.values())[:_FINALISTS], search.first)
        finalists = list({entry.candidate.key: entry for entry in entries}.values())
        candidates = [entry.candidate for entry in finalists]
        scores = self._scores(search.task, candidates, self.setup.seeds.validation, Purpose.SELECT, "validation")

        def rank(k: int) -> tuple[float, ...]:
            debug, validation = finalists[k].debug, scores[k]
            strict = debug.strict_passes + validation.strict_passes
            total = debug.passes + validation.passes
            return (-total, -validation.passes, -strict, *finalists[k].candidate.complexity)

        order = sorted(range(len(finalists)), key=rank)
        self.setup.note(
            "validation",
            task=search.task.key,
            finalists=[
                {"program": finalists[k].candidate.program.hash, "validation": scores[k].as_dict()} for k in order
            ],
        )
        return finalists[order[0]].candidate

    def _scores(
        self, task: Task, candidates: Sequence[Candidate], seeds: Sequence[int], purpose: Purpose, stage: str
    ) -> list[Score]:
        return [Score.of(batch) for batch in self.setup.evaluate_each(candidates, task, seeds, purpose, stage)]

    def _proposal(self, task: Task, ablation: Ablation) -> SkillProposal:
        """A skill drafted from one repair, for the fault that it took away most often."""
        report, gained = analyse(ablation.without_batch), ablation.gained
        counts = Counter(fault.signature for fault in report.faults if gained[fault.rollout])
        evidence = RepairEvidence(
            repair=ablation.repair,
            task=task.key,
            signature=min(counts, key=lambda signature: (-counts[signature], signature.key)),
            without=Score.of(ablation.without_batch),
            with_repair=Score.of(ablation.with_batch),
        )
        return SkillProposal(self.setup.agent.distil(evidence), ablation)

    def _report(self, task: Task, first: Candidate, winner: Candidate) -> tuple[Standing, Standing]:
        """Scores by role; the held-out seeds are used here, once, for both programs together."""
        candidates = [first] if winner.key == first.key else [first, winner]
        seeds = self.setup.seeds
        debug = self._scores(task, candidates, seeds.debug, Purpose.SELECT, "winner-debug")
        validation = self._scores(task, candidates, seeds.validation, Purpose.SELECT, "winner-validation")
        heldout = self._scores(task, candidates, seeds.heldout, Purpose.REPORT, "held-out")
        standings = [Standing(*row) for row in zip(candidates, debug, validation, heldout, strict=True)]
        return standings[0], standings[-1]
