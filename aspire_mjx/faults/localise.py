"""Which change turns failures into passes: forks of the world, then of the program, the most suspicious lines first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from aspire_mjx.faults.edits import Edit, edits
from aspire_mjx.faults.forks import Fork, ForkOutcome, ForkStudy, forkable, world_forks
from aspire_mjx.faults.milestones import Progress
from aspire_mjx.faults.suspects import suspects
from aspire_mjx.language.program import Program
from aspire_mjx.traces.columns import TraceBatch, Verdict
from aspire_mjx.worlds.tasks import Task

_CONFIRMED = 8  # failures, and passes, that a promising change is confirmed on
_CHUNK = 96  # changes that are tried together
_LEAST = 2 * _CHUNK  # changes that are tried at least: what mends a line may be made up for by others
_ENOUGH = 0.75  # effect that a change must have to end the search
_FEW = 2  # failures, and passes, that a change is tried on before
_CLIMB = (_CHUNK, 24, 12)  # changes that are tried on the rollouts of each rung at most
_PLACEBOS = 4  # changes that do nothing: the best of them is what luck gives
_SOME_PASS = 0.1  # share of rollouts from which on luck matters: noise drawn anew turns about as many failures
_BEYOND_LUCK = 0.4  # how much more than the best placebo a change must do: it is the best of many more
#: How much longer an edit waits than its line: of each kind, and of each further edit of that kind in the line.
_WAITS = {
    "removed": (0.0, 1.0),
    "condition": (0.0, 1.0),
    "sign": (0.0, 0.5),
    "order": (0.5, 1.0),
    "orientation": (1.0, 1.0),
    "number": (1.0, 0.4),
    "index": (1.0, 0.5),
    "text": (1.0, 0.5),
    "arguments": (2.0, 1.0),
    "way out": (2.0, 1.0),
    "added": (2.0, 0.5),
    "name": (3.0, 0.5),
}


@dataclass(frozen=True)
class Localisation:
    """What forks say of the failures of one program.

    Attributes:
        suspects: source lines, most suspicious first, before any fork.
        world: what changes of the world did, in no order.
        program: what edits did that were confirmed, those of the largest effect first.
        tried: edits that were tried.
        luck: the largest effect of changes that do nothing but draw noise anew; 0 where nothing passes.
    """

    suspects: tuple[int, ...]
    world: tuple[ForkOutcome, ...]
    program: tuple[ForkOutcome, ...]
    tried: int
    luck: float = 0.0

    @property
    def lines(self) -> tuple[int, ...]:
        """Source lines, those first whose edits turn failures, then the suspects."""
        flipped = [outcome.fork.edit.line for outcome in self.program if outcome.fork.edit and outcome.effect > 0]
        return tuple(dict.fromkeys([*flipped, *self.suspects]))


def localise(
    batch: TraceBatch,
    found: Progress,
    *,
    verdict: Verdict = "benchmark",
    budget: int = 600,
    told: Callable[[str], None] | None = None,
) -> Localisation:
    """Runs forks of the failed rollouts of a batch of one program.

    Args:
        batch: traces of one program.
        found: how far its rollouts came.
        verdict: which verdict is to turn.
        budget: edits that are tried at most.
        told: told what is under way.

    Raises:
        AspireError: no failed rollout may be forked.
    """
    passes = np.asarray(batch.passes(verdict), bool)
    failed, passed = forkable(batch, passes, _CONFIRMED)
    failed = _typical_first(failed, found)
    program = Program(batch.programs[0].text, batch.programs[0].name)
    lines = suspects(batch, found, failed, program.text)
    all_ = [*failed, *passed]
    study = ForkStudy(batch, verdict=verdict)
    world = study.run(world_forks(batch), all_)
    drawn = study.run(_placebos(program), all_) if passes.mean() > _SOME_PASS else []
    luck = max((0.0, *(each.effect for each in drawn)))
    if any(each.effect >= max(_ENOUGH, beyond(luck)) and not each.fork.longer for each in world):
        return Localisation(tuple(lines), tuple(world), (), 0, luck)
    rungs = [failed[: _FEW if passed else 1], [*failed[:_FEW], *passed[:_FEW]], all_]
    waiting = _in_order(edits(program, lines, texts=_words(batch)), lines)[:budget]
    confirmed: list[ForkOutcome] = []
    tried = 0
    for start in range(0, len(waiting), _CHUNK):
        part = [Fork(edit.words, edit=edit) for edit in waiting[start : start + _CHUNK]]
        tried += len(part)
        if told:
            told(f"{tried} of {len(waiting)} edits")
        confirmed += _climbed(study, part, rungs)
        confirmed.sort(key=lambda each: -each.effect)  # of equals, those tried first stay first
        if tried >= _LEAST and confirmed and confirmed[0].effect >= max(_ENOUGH, beyond(luck)):
            break
    return Localisation(tuple(lines), tuple(world), tuple(confirmed), tried, luck)


def _climbed(study: ForkStudy, forks: Sequence[Fork], rungs: Sequence[Sequence[int]]) -> list[ForkOutcome]:
    """What the changes did that turned failures on every rung, on all rollouts of the last.

    Successive halving: each rung has the rollouts of the one before it and more, and only the best climb on.
    """
    outcomes = [ForkOutcome(fork, 0, 0) for fork in forks]
    tried: set[int] = set()
    for most, rung in zip(_CLIMB, rungs, strict=True):
        best = sorted(outcomes, key=lambda each: -each.effect)[:most]
        rows = [row for row in rung if row not in tried]
        new = study.run([each.fork for each in best], rows) if rows else []
        outcomes = [each.with_more(more) for each, more in zip(best, new, strict=True)] if rows else best
        outcomes = [each for each in outcomes if each.turned]
        tried |= set(rows)
    return outcomes


def _typical_first(failed: Sequence[int], found: Progress) -> list[int]:
    """Failed rollouts, those first that missed the milestone that most of them missed."""
    missed = Counter(found.milestone(row) for row in failed)
    return sorted(failed, key=lambda row: -missed[found.milestone(row)])


def beyond(luck: float) -> float:
    """The effect that a change must have to be more than luck, which is none where no rollout passes."""
    return min(1.0, luck + _BEYOND_LUCK) if luck > 0.0 else 0.0


def _placebos(program: Program) -> list[Fork]:
    """Changes that do nothing but let time pass, so that every look draws its noise anew."""
    waits = [f"wait({0.02 * number:.2f})" for number in range(1, _PLACEBOS + 1)]
    texts = [Program(f"{wait}\n{program.text}", program.name) for wait in waits]
    return [Fork(w, edit=Edit(1, "added", "wait", w, text)) for w, text in zip(waits, texts, strict=True)]


def _in_order(found: Sequence[Edit], lines: Sequence[int]) -> list[Edit]:
    """Edits of suspicious lines first, and of each line those of a kind that is often the answer."""
    rank, count = {line: number for number, line in enumerate(lines)}, Counter[tuple[int, str]]()
    waits = []
    for edit in found:
        wait, further = _WAITS[edit.kind]
        place = rank.get(edit.line, len(rank)) ** 0.5  # every line has its turn
        waits.append(place + wait + further * count[edit.line, edit.kind])
        count[edit.line, edit.kind] += 1
    return [found[at] for at in np.argsort(waits, kind="stable").tolist()]


def _words(batch: TraceBatch) -> list[str]:
    """Names of the things that the goals of a batch speak of."""
    definitions = np.unique(batch.rollouts["definition"])
    names = [
        name
        for number in definitions.tolist()
        for literal in Task.from_json(batch.strings[number]).goal
        for name in literal[1:]
    ]
    return list(dict.fromkeys(re.sub(r"(_contain|_cook)?_region|_\d+", "", name).replace("_", " ") for name in names))
