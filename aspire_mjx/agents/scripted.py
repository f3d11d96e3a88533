"""The offline agent: rules, no language model.

It proposes repairs from the retrieved skills and from its repertoire, keyed by the fault signatures of the parents,
alone and combined, and single edits of programs that hardly ever pass. What neither answers stays unsolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from aspire_mjx.agents.briefing import Briefing, Diagnosis, Parent
from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.mends import mends
from aspire_mjx.agents.protocol import Agent
from aspire_mjx.agents.repair import Repair
from aspire_mjx.agents.repertoire import REPERTOIRE
from aspire_mjx.agents.rewrite import enclosing_function, outermost_function


class ScriptedAgent(Agent):
    """Rules that answer fault signatures with repairs. Equal briefings get equal answers.

    Of repairs that explain as much, those that come first in the repertoire are preferred.
    """

    def __init__(self, repertoire: Iterable[Repair] = REPERTOIRE) -> None:
        self._repertoire = tuple(repertoire)
        self._mended: dict[str, list[Candidate]] = {}  # by the parent's key

    def propose(self, briefing: Briefing) -> list[Candidate]:
        """Retrieved skills first, then mends, then repairs of the frequent causes, alone and combined, then others.

        A parent that hardly ever passes is mended where forks show which edit turns its failures.
        """
        chosen: dict[str, Candidate] = {}
        tried = {*briefing.tried, *(parent.candidate.key for parent in briefing.parents)}
        streams = [self._proposals(parent, briefing.skills) for parent in briefing.parents]
        streams.insert(1, _crossovers(briefing.parents))
        for candidate in _interleave(streams, first=max(1, briefing.room // 2)):
            if len(chosen) == briefing.room:
                break
            if candidate.key not in tried:
                chosen.setdefault(candidate.key, candidate)
        return list(chosen.values())

    def _proposals(self, parent: Parent, skills: tuple[Repair, ...]) -> Iterator[Candidate]:
        """Candidates made from one parent, the most promising first."""
        present = {repair.name for repair, _ in parent.candidate.repairs}
        skills = tuple(skill for skill in skills if skill.name not in present)
        if len(skills) > 1:
            yield _with(parent, skills, "the library's skills together answer what fails here")
        for skill in skills:
            yield _with(parent, [skill], f"the skill {skill.name} answered the same fault before")
        known = present | {skill.name for skill in skills}
        mended = self._mends(parent)
        yield from mended[:2]
        ranked = self._ranked(parent.diagnosis, known)
        single = [_with(parent, [repair], _answers(parent, repair)) for repair in ranked]
        yield from single[:2]
        best = _first_of_each_cause(parent.diagnosis, ranked)
        if len(best) > 1:
            yield _with(parent, best, "each frequent cause gets its first repair")
        if skills and ranked:
            yield _with(parent, [*skills, ranked[0]], f"the skills leave what {ranked[0].name} answers")
        if len(ranked) > 2:
            yield _with(parent, ranked[:3], "the first three repairs together")
        yield from [*mended[2:], *single[2:]]
        for first, second in combinations(ranked, 2):
            yield _with(parent, [first, second], f"{first.name} and {second.name} answer different parts of the fault")

    def _mends(self, parent: Parent) -> list[Candidate]:
        """The mends of a parent: it may be a parent again, and they are found once."""
        if parent.candidate.key not in self._mended:
            self._mended[parent.candidate.key] = list(mends(parent))
        return self._mended[parent.candidate.key]

    def _ranked(self, diagnosis: Diagnosis, present: set[str]) -> list[Repair]:
        """Repairs that answer a cause, by the rollouts that those causes explain; ties in the repertoire's order."""
        weights = {}
        for repair in self._repertoire:
            rollouts = sum(cause.rollouts for cause in diagnosis.causes if repair.answers_to(cause.signature))
            if rollouts and repair.name not in present:
                weights[repair.name] = rollouts
        candidates = [repair for repair in self._repertoire if repair.name in weights]
        return sorted(candidates, key=lambda repair: -weights[repair.name])


def _first_of_each_cause(diagnosis: Diagnosis, ranked: list[Repair]) -> list[Repair]:
    chosen: dict[str, Repair] = {}
    for cause in diagnosis.causes:
        for repair in ranked:
            if repair.answers_to(cause.signature):
                chosen.setdefault(repair.name, repair)
                break
    return list(chosen.values())


def _with(parent: Parent, repairs: Iterable[Repair], hypothesis: str) -> Candidate:
    """The parent with more repairs; each wraps the function around the call of the cause that it answers."""
    candidate = parent.candidate
    added = [(repair, _function(parent, repair)) for repair in repairs]
    made = candidate.with_repairs([*candidate.repairs, *added])
    return _explained(made, parent, hypothesis=hypothesis)


def _explained(made: Candidate, parent: Parent, *, hypothesis: str) -> Candidate:
    present = {repair.name for repair, _ in parent.candidate.repairs}
    names = [repair.name for repair, _ in made.repairs if repair.name not in present]
    left = parent.diagnosis.causes[-1].text if parent.diagnosis.causes else "none seen"
    return replace(
        made,
        parent=parent.candidate.key,
        hypothesis=hypothesis,
        difference=f"adds {', '.join(names) or 'nothing'}",
        expected_failure=f"as its parent: {left}",
    )


def _answers(parent: Parent, repair: Repair) -> str:
    for cause in parent.diagnosis.causes:
        if repair.answers_to(cause.signature):
            return f"{repair.name} answers {cause.signature.key}"
    return f"{repair.name} may help"


def _function(parent: Parent, repair: Repair) -> str:
    """What a repair for functions stands in for: the function around the call of the first cause that it answers."""
    if not repair.wraps_function:
        return ""
    base = parent.candidate.base.text
    if repair.outermost:
        return outermost_function(base)
    for cause in parent.diagnosis.causes:
        function = enclosing_function(base, cause.path) if repair.answers_to(cause.signature) else ""
        if function:
            return function
    return ""


def _crossovers(parents: tuple[Parent, ...]) -> Iterator[Candidate]:
    """The incumbent with the repairs of each other parent as well."""
    for other in parents[1:]:
        best = parents[0]
        present = {repair.name for repair, _ in best.candidate.repairs}
        added = [item for item in other.candidate.repairs if item[0].name not in present]
        if added:
            made = best.candidate.with_repairs([*best.candidate.repairs, *added])
            yield _explained(made, best, hypothesis=f"the incumbent and {other.candidate.key} fail in different ways")


def _interleave(streams: list[Iterator[Candidate]], *, first: int) -> Iterator[Candidate]:
    """``first`` candidates of the first stream, then one of each other stream in turn with one of the first."""
    head, *others = streams
    for _ in range(first):
        candidate = next(head, None)
        if candidate is not None:
            yield candidate
    streams = [*others, head]
    while streams:
        for stream in list(streams):
            candidate = next(stream, None)
            if candidate is None:
                streams.remove(stream)
            else:
                yield candidate
