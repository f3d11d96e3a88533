"""The class of a failure's cause, from the change that turned it and from how far the rollouts came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aspire_mjx.faults.forks import ForkOutcome
from aspire_mjx.faults.localise import Localisation, beyond
from aspire_mjx.faults.milestones import Progress
from aspire_mjx.machine.output import Outcome
from aspire_mjx.primitives.registry import Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch

CLASSES = (
    "hidden dynamics",
    "perception",
    "planning",
    "grasp",
    "contact dynamics",
    "coordination",
    "program logic",
)
HIDDEN_FACTORS = ("friction", "mass", "gain", "latency")  #: what no sensor sees
_SEEN_WRONG = ("noise", "camera", "camera_turn", "fov", "light", "colour")
_SHAPES = ("yaw", "size")  # what a hand has to fit
_TAKING = ("touched", "gripped", "lifted")  # milestones that a bad grasp misses
_UNREACHABLE = (Status.IK_INFEASIBLE, Status.IN_COLLISION, Status.PLANNING_ERROR)
#: Of edits that turn as much, the first of these kinds is the likeliest: a value was wrong, not its call.
_LIKELY = (
    "condition",
    "number",
    "sign",
    "orientation",
    "text",
    "index",
    "arguments",
    "way out",
    "name",
    "order",
    "removed",
    "added",
)
_MOVED = ("order", "removed", "added")
_VALUES = ("condition", "number", "sign", "orientation", "text")
_TURNS = 0.5  # effect that a change must have to be called the cause
_BESIDE, _HIGH = 0.05, 0.10  # m from its place, along the table and above it, where something is let go


@dataclass(frozen=True)
class Cause:
    """Why rollouts failed.

    Attributes:
        kind: one of :data:`CLASSES`; where no change turned enough failures, what the milestone suggests.
        line: source line to change, 0 for none: the world is to blame, or nothing was found.
        call: primitive that is missing or too much there, "" for none.
        factor: perturbation factor to blame, "" for none.
        change: the change that turned most failures, in words; "" for none.
        effect: what it did, in words; "" where nothing turned enough.
        milestone: the one that most of the failed rollouts missed first.
    """

    kind: str
    line: int
    call: str
    factor: str
    change: str
    effect: str
    milestone: str

    @property
    def sentence(self) -> str:
        """The cause in a sentence, with its numbers and what follows from it."""
        where = f"They first miss the milestone {self.milestone!r}." if self.milestone else ""
        if not self.effect:
            nothing = f"No change that was tried turns more failures than luck does; they look like {self.kind}."
            return f"{nothing} {where}".strip()
        turned = f"{self.change} {self.effect}"
        if self.kind == "hidden dynamics":
            return (
                f"Cause: hidden dynamics. {turned}; no sensor sees {self.factor}, so no rewrite of this program can be "
                "expected to help: it would change logic that is right to answer what its next look does not show "
                f"either. {where}".strip()
            )
        at = f" at line {self.line}" if self.line else ""
        return f"Cause: {self.kind}{at}. {turned}. {where}".strip()


def cause(
    batch: TraceBatch, found: Progress, rollouts: Sequence[int], forks: Localisation, *, registry: Registry = ROBOT_API
) -> Cause:
    """The cause that the forks of some failed rollouts point to.

    Args:
        batch: traces.
        found: how far its rollouts came.
        rollouts: those that failed.
        forks: what changes did to them.
        registry: declares the primitives.
    """
    missed = Counter(name for row in rollouts if (name := found.milestone(row)))
    milestone = missed.most_common(1)[0][0] if missed else ""
    best = _best(forks)
    if best is None:
        line = forks.lines[0] if forks.lines else 0
        return Cause(_unturned(batch, rollouts, milestone), line, "", "", "", "", milestone)
    edit, counts = best.fork.edit, (best.words, milestone)
    if edit is None:
        kind = "program logic" if best.fork.longer else _of_world(best.fork.factor, milestone)
        return Cause(kind, 0, "", best.fork.factor, best.fork.words, *counts)
    call = edit.call if edit.kind in ("removed", "added") and edit.call in registry.names else ""
    kind = _of_edit(batch, found, rollouts, best, milestone)
    return Cause(kind, edit.line, call, "", edit.words, *counts)


def _best(forks: Localisation) -> ForkOutcome | None:
    """The change that turns most failures; of equals one of the program, which a person can make."""
    best = max([*forks.program, *forks.world], key=lambda each: each.effect, default=None)
    if best is None or best.effect < max(_TURNS, beyond(forks.luck)):
        return None
    if best.fork.edit is None:
        return best
    equals = [(each, each.fork.edit) for each in forks.program if each.effect == best.effect and each.fork.edit]
    moved = best.fork.edit.kind in _MOVED  # a wrong value on any line is likelier than a call of this one
    same = [pair for pair in equals if pair[1].line == best.fork.edit.line or (moved and pair[1].kind in _VALUES)]
    return min(same, key=lambda pair: _LIKELY.index(pair[1].kind))[0]


def _of_world(factor: str, milestone: str) -> str:
    if factor in HIDDEN_FACTORS:
        return "hidden dynamics"
    if factor in _SEEN_WRONG:
        return "perception"
    return "grasp" if factor in _SHAPES and milestone != "seen" else "planning"


def _of_edit(batch: TraceBatch, found: Progress, rollouts: Sequence[int], best: ForkOutcome, milestone: str) -> str:
    edit = best.fork.edit
    assert edit is not None
    if edit.kind in _MOVED:
        return "coordination"
    if _erring(batch, rollouts) > 0.5 or edit.kind in ("text", "condition", "way out", "arguments"):
        return "program logic"
    if _unreachable(batch, rollouts) > 0.5:
        return "planning"
    if milestone in _TAKING or (milestone == "reached" and edit.kind in ("number", "sign")):
        return "grasp"
    beside, above = _let_go_at(batch, found, rollouts)
    if milestone in ("released", "holds") and edit.kind in ("number", "sign") and beside < _BESIDE and above > _HIGH:
        return "contact dynamics"
    return "program logic"


def _unreachable(batch: TraceBatch, rollouts: Sequence[int]) -> float:
    """Share of rollouts in which a motion was asked for that the arm cannot make."""
    bad = np.isin(batch.calls["status"], [status.value for status in _UNREACHABLE])
    return float(np.mean([bad[batch.calls_of(row)].any() for row in rollouts]))


def _unturned(batch: TraceBatch, rollouts: Sequence[int], milestone: str) -> str:
    """The class that is likely where no change has turned the failures."""
    if _erring(batch, rollouts) > 0.5:
        return "program logic"
    if _unreachable(batch, rollouts) > 0.5:
        return "planning"
    return "grasp" if milestone in _TAKING else "program logic"


def _erring(batch: TraceBatch, rollouts: Sequence[int]) -> float:
    """Share of rollouts that an error ended."""
    return float((batch.rollouts["outcome"][list(rollouts)] == Outcome.PROGRAM_ERROR).mean())


def _let_go_at(batch: TraceBatch, found: Progress, rollouts: Sequence[int]) -> tuple[float, float]:
    """Median distances beside and above its place at which what was carried was held last, m; 0 where nothing was."""
    offsets = []
    for row in rollouts:
        calls, literal = batch.calls_of(row), max(int(found.literal[row]), 0)
        held = np.flatnonzero(batch.calls["true_held"][calls] == found.objects[row, literal])
        if len(held):
            last = calls.start + int(held[-1])
            offsets.append(batch.calls["true_objects"][last, literal] - batch.calls["true_places"][last, literal])
    known = np.array([offset for offset in offsets if np.isfinite(offset).all()]).reshape(-1, 3)
    if not len(known):
        return 0.0, 0.0
    return float(np.median(np.linalg.norm(known[:, :2], axis=1))), float(np.median(known[:, 2]))
