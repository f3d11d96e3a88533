"""Missing calls: what the goal needs, or passing programs of the same task do, and a failing program never does."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from aspire_mjx.faults.handling import Handling
from aspire_mjx.faults.milestones import Progress, progress
from aspire_mjx.machine.coverage import read_coverage
from aspire_mjx.machine.output import Outcome
from aspire_mjx.primitives.registry import Family, Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.tasks import Task

_AT, _CARRIED, _OVER, _SAME = 0.10, 0.05, 0.08, 0.015  # m: at a thing, carried, over its place, at the same place
_LOOKED_AT = 40  # rollouts whose calls are gone through
_MOST = 0.5  # share of the failed rollouts that must miss the same call
_OFTEN = 0.8  # share of passed rollouts that make a call which the program lacks
_DOING = (Family.SENSE, Family.MOVE, Family.GRIP)
_LOOK, _MOVE, _CLOSE, _OPEN = "get_object_pose", "goto_pose", "close_gripper", "open_gripper"
_LOOKS = {primitive.name for primitive in ROBOT_API if primitive.family is Family.SENSE}
_GRASPED = ("Open", "Turnon", "Turnoff")  # literals of doors, drawers and knobs that a hand takes hold of

_WHY = {
    "look": "nothing is ever looked at",
    "come": "the hand does not go to the thing before it closes",
    "close": "the hand is at the thing and never closes",
    "lift": "the hand has closed on the thing and does not move with it",
    "carry": "the thing is held and never carried along",
    "open": "the thing is held over its place and the hand does not open there",
}
_CALLS = {"look": _LOOK, "come": _MOVE, "close": _CLOSE, "lift": _MOVE, "carry": _MOVE, "open": _OPEN}


class _Gap(NamedTuple):
    """A step of the task that a rollout left out: one of ``_WHY``, and the row of the call after which it belongs."""

    step: str
    row: int


@dataclass(frozen=True)
class MissingCall:
    """A call that most failed rollouts of a program do not make.

    Attributes:
        call: the primitive.
        line: source line after which it belongs, 0 for before all others.
        why: what shows that it is missing, in words.
        failed: failed rollouts that miss it there.
        of: failed rollouts that were looked at.
        passed: passed rollouts of the same tasks that make it, where that is how it was found; else 0.
        stands: lines where the program has such a call that no failed rollout came to: a branch or loop is to blame.
    """

    call: str
    line: int
    why: str
    failed: int
    of: int
    passed: int = 0
    stands: tuple[int, ...] = ()

    @property
    def sentence(self) -> str:
        """The call, its place and the numbers."""
        where = f"after line {self.line}" if self.line else "at the beginning"
        if self.stands:
            where += f" (not reached: line {', '.join(map(str, self.stands))})"
        others = f"; {self.passed} passed rollouts of the task make it" if self.passed else ""
        return f"missing call: {self.call} {where}: {self.why} ({self.failed} of {self.of} failed rollouts{others})"


def missing_call(
    batch: TraceBatch,
    found: Progress,
    failed: Sequence[int],
    *,
    passed: Sequence[int] = (),
    registry: Registry = ROBOT_API,
) -> MissingCall | None:
    """The call that most of some failed rollouts of one program miss, and where it belongs; None for none.

    A step of the task counts as missing where nothing of its kind was tried: a motion to a wrong place, or one that
    did not say OK, is another fault, and so is a hand that opens too early or too late. Of rollouts that ended early,
    as by an error, only what they left out before counts.

    Args:
        batch: traces.
        found: progress of its rollouts.
        failed: rows of failed rollouts, of one program.
        passed: rows of passed rollouts of the same tasks, of any program.
        registry: declares the primitives.
    """
    rollouts = [row for row in failed if found.literal[row] >= 0]
    if not rollouts:
        return None
    view = _View(batch, found, registry)
    gaps = [view.gap(rollout) for rollout in rollouts]
    counts = Counter(gap.step for gap in gaps if gap)
    for step, count in counts.most_common(1):
        if count >= _MOST * len(rollouts):
            line = view.line([gap.row for gap in gaps if gap and gap.step == step])
            stands = _unreached(batch, rollouts, step) if step != "open" else ()
            return MissingCall(_CALLS[step], line, _WHY[step], count, len(rollouts), stands=stands)
    ended = [row for row in rollouts if batch.rollouts["outcome"][row] == Outcome.DONE]
    program = batch.programs[batch.rollouts["program"][failed[0]]].text
    return _compared(view, ended, passed, program) if len(ended) >= _MOST * len(rollouts) else None


def find_missing(
    batch: TraceBatch, passes: np.ndarray, program: int, *, registry: Registry = ROBOT_API
) -> MissingCall | None:
    """The call that one program of a batch misses, also beside passed rollouts of other programs on its tasks.

    Args:
        batch: traces.
        passes: ``[B]`` bool, the verdict to explain.
        program: index into ``batch.programs``.
        registry: declares the primitives.
    """
    own, tasks = batch.rollouts["program"] == program, batch.rollouts["task"]
    failed = _spread(np.flatnonzero(own & ~passes), _LOOKED_AT)
    if not len(failed):
        return None
    others = _spread(np.flatnonzero(passes & ~own & np.isin(tasks, tasks[failed])), _LOOKED_AT)
    part = batch.select(np.concatenate([failed, others]))
    numbers = range(len(failed)), range(len(failed), len(part))
    return missing_call(part, progress(part, registry=registry), numbers[0], passed=numbers[1], registry=registry)


def _spread(rows: np.ndarray, count: int) -> np.ndarray:
    """Up to ``count`` of some rows, evenly over all of them."""
    return rows[np.unique(np.linspace(0, max(len(rows) - 1, 0), count).round().astype(int))] if len(rows) else rows


class _View:
    """A batch, with the story of the first literal of each rollout that does not hold."""

    def __init__(self, batch: TraceBatch, found: Progress, registry: Registry) -> None:
        self._batch, self._lines = batch, batch.calls["line"]
        self.story = Handling.of(batch, found, np.maximum(found.literal, 0), registry=registry)
        self._tip = batch.calls["true_fingertip"].astype(float)
        self._apart = np.linalg.norm(self._tip - self.story.at, axis=1)
        self._over = self.story.held & (np.linalg.norm((self.story.at - self.story.place)[:, :2], axis=1) < _OVER)
        self._grasped = _grasped(batch, found)
        self.bounds = np.searchsorted(batch.calls["rollout"], np.arange(len(batch) + 1))

    def line(self, rows: Sequence[int]) -> int:
        """The line of most of some calls, 0 for none."""
        lines = Counter(int(self._lines[row]) if row >= 0 else 0 for row in rows)
        return min(lines, key=lambda line: (-lines[line], line))

    def gap(self, rollout: int) -> _Gap | None:
        """The first step of the task that a failed rollout left out."""
        rows = np.arange(self.bounds[rollout], self.bounds[rollout + 1])
        found = self._gap(rollout, rows) if len(rows) else None
        if found is None or self._batch.rollouts["outcome"][rollout] == Outcome.DONE:
            return found
        went_on = found.row < rows[-1] and (found.step == "open" or not self.story.held[rows[-1]])
        return found if went_on else None

    def _gap(self, rollout: int, rows: np.ndarray) -> _Gap | None:
        names, story = self.story.primitive, self.story
        pushes = not story.placed[rows].any() and not self._grasped[rollout]
        if not (story.family[rows] == Family.SENSE).any():
            return _Gap("look", -1)
        arms, closes = rows[story.arm[rows]], rows[names[rows] == _CLOSE]
        if story.placed[rows].any() and story.held[rows].any():
            return self._after_grip(rows)
        if not len(arms):
            return _Gap("come", int(closes[0]) - 1 if len(closes) else int(rows[-1]))
        if pushes:
            return None
        if len(closes) and not (names[rows] == _OPEN).any():
            return None  # a fist, to push with
        if len(closes) and not (self._apart[closes] < _AT).any():
            return self._never_came(rows, closes)
        later = closes[closes > arms[0]]
        if not len(later):
            return _Gap("close", self._nearest(arms))
        opens = rows[(names[rows] == _OPEN) & (rows > later[0])]
        end = int(opens[0]) if len(opens) else int(rows[-1]) + 1
        if story.placed[rows].any() or story.arm[later[0] : end].any() or self._opened_early(rows, end):
            return None
        return _Gap("lift", int(later[0]))

    def _opened_early(self, rows: np.ndarray, opened: int) -> bool:
        """Whether the hand does with nothing in it what it should have done before it opened.

        It goes on to the thing's place, makes several motions, or opens once more after one, before it closes again.
        """
        names, after = self.story.primitive, rows[rows > opened]
        closes = after[names[after] == _CLOSE]
        after = after[after < closes[0]] if len(closes) else after
        arms = after[self.story.arm[after]]
        if not self.story.placed[rows].any():
            return len(arms) > 1
        again = after[np.isin(after, rows[self._releases(rows)])]
        to_place = np.linalg.norm((self._tip - self.story.place)[arms, :2], axis=1) < _AT
        return bool(to_place.any()) or bool(len(again) and (arms < again[-1]).any())

    def _releases(self, rows: np.ndarray) -> np.ndarray:
        """Of the calls of a rollout those that open the hand, but for lines that do so before anything is picked."""
        opens = self.story.primitive[rows] == _OPEN
        idle = ~self.story.picked[rows] & ~self.story.held_before[rows]
        first = rows[self.story.arm[rows] | (self.story.primitive[rows] == _CLOSE)]
        idle &= rows < (first[0] if len(first) else rows[-1] + 1)
        return opens & ~np.isin(self._lines[rows], self._lines[rows][opens & idle])

    def _never_came(self, rows: np.ndarray, closes: np.ndarray) -> _Gap | None:
        """The motion that is missing before a hand closes, away from the thing: none since the look before."""
        looks = rows[self.story.family[rows] == Family.SENSE]
        for close in closes.tolist():
            since = looks[looks < close]
            if len(since) and not self.story.arm[since[-1] : close].any():
                return _Gap("come", close - 1)
        return None

    def _nearest(self, arms: np.ndarray) -> int:
        """The motion that first came as near to the thing as any did."""
        apart = np.nan_to_num(self._apart[arms], nan=np.inf)
        return int(arms[int((apart <= apart.min() + _SAME).argmax())])

    def _after_grip(self, rows: np.ndarray) -> _Gap | None:
        """The step that is missing after the last grip, or that which held the thing over its place."""
        held = self.story.held[rows]
        begins = rows[held & ~np.append(False, held[:-1])]
        over = rows[self._over[rows]]
        begin = int(begins[begins <= over[0]][-1]) if len(over) else int(begins[-1])
        ended = rows[(rows > begin) & ~self.story.held[rows]]
        end = int(ended[0]) if len(ended) else int(rows[-1]) + 1
        if end <= rows[-1] and self.story.lost[end]:
            return None
        if len(over):
            meant = rows[self._releases(rows) & self.story.held_before[rows] & (rows > over[0])]
            return None if len(meant) else _Gap("open", int(over[over < end][-1]))
        if self._opened_early(rows, end):
            return None
        moves = np.flatnonzero(self.story.arm[begin + 1 : end]) + begin + 1
        if not len(moves):
            return _Gap("lift", begin)
        way = self._tip[[begin, *moves]]
        rises = (np.diff(way[:, 2]) > -_SAME).all() and np.linalg.norm((way - way[0])[:, :2], axis=1).max() < _CARRIED
        all_ok = (self._batch.calls["status"][moves] == Status.OK.value).all()
        return _Gap("carry", int(moves[-1])) if all_ok and rises else None

    def calls(self, rollout: int) -> list[str]:
        """The calls of a rollout that look at something or act, in order."""
        rows = np.arange(self.bounds[rollout], self.bounds[rollout + 1])
        return self.story.primitive[rows[[family in _DOING for family in self.story.family[rows]]]].tolist()

    def first(self, rollout: int, call: str) -> int:
        """The row of the first call of a primitive, -1 for none."""
        rows = np.arange(self.bounds[rollout], self.bounds[rollout + 1])
        found = rows[self.story.primitive[rows] == call]
        return int(found[0]) if len(found) else -1


def _compared(view: _View, failed: Sequence[int], passed: Sequence[int], program: str) -> MissingCall | None:
    """The first call that most passed rollouts make, and that stands nowhere in the program that failed."""
    own = {node.id for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Name)}
    own |= {name for row in failed for name in view.calls(row)}  # also under another name, as of an API profile
    good = [view.calls(row) for row in passed]
    made = Counter(name for calls in good for name in set(calls) - own)
    often = [name for name in good[0] if made[name] >= _OFTEN * len(good)] if good else []
    if not often:
        return None
    call = often[0]
    ahead = Counter(calls[calls.index(call) - 1] if calls.index(call) else "" for calls in good if call in calls)
    before = ahead.most_common(1)[0][0]
    line = view.line([view.first(row, before) for row in failed])
    return MissingCall(call, line, "it stands nowhere in the program", len(failed), len(failed), made[call])


def _grasped(batch: TraceBatch, found: Progress) -> np.ndarray:
    """``[B]`` bool, the first literal that does not hold is of a door, drawer or knob that a hand takes hold of."""
    definitions, which = np.unique(batch.rollouts["definition"], return_inverse=True)
    goals = [Task.from_json(batch.strings[number]).goal if number >= 0 else () for number in definitions.tolist()]
    literals = [goals[number][max(literal, 0) :][:1] for number, literal in zip(which, found.literal, strict=True)]
    return np.array([bool(literal) and literal[0][0] in _GRASPED for literal in literals], bool)


def _unreached(batch: TraceBatch, failed: Sequence[int], step: str) -> tuple[int, ...]:
    """Lines of a program that make a step's call and that none of its failed rollouts executed."""
    program = batch.programs[batch.rollouts["program"][failed[0]]]
    reached = {line for row in set(batch.rollout_text("executed")[failed].tolist()) for line in read_coverage(row)}
    made = {_CALLS[step]} if step != "look" else _LOOKS
    nodes = (node for node in ast.walk(ast.parse(program.text)) if isinstance(node, ast.Call))
    calls = (node for node in nodes if isinstance(node.func, ast.Name) and node.func.id in made)
    return tuple(sorted({node.lineno for node in calls} - reached))
