"""What may be to blame: calls that did not say OK, and anomalies, since the last milestone that was reached."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from aspire_mjx.faults.anomalies import ANOMALIES
from aspire_mjx.faults.handling import Goals, Handling, before
from aspire_mjx.faults.milestones import MILESTONES, NEVER, Progress, progress
from aspire_mjx.faults.numbers import NUMBERS, numbers
from aspire_mjx.faults.roles import NONE, contact_role, role_of_text
from aspire_mjx.faults.signature import MISSED, Signature
from aspire_mjx.machine.output import Outcome
from aspire_mjx.primitives.registry import Family, Registry
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import ProgramText, TraceBatch

_CONTACT_EXPLAINS = (Status.BLOCKED.name, Status.IN_COLLISION.name, Status.SLIPPED.name)
_TEXTS = ("text", "message", "contact_a", "contact_b")
_OF_OUTCOMES = (Status.OK, Status.OUT_OF_STEPS, Status.DIVERGED)  # statuses that say nothing about a call
_BLIND = (Family.SENSE, Family.PLAN)  # after one of these that failed an error uses a value that was not there
_GOALS = ("target", "container")
_UNKNOWN = (math.nan,) * (len(NUMBERS) - 1)  # all but the margin
_LOST = "slip-after-grasp"
_PROGRESS = np.array([name != "released" for name in MILESTONES])  # a thing let go at the wrong place is no progress
_NEAR = 0.1  # m, along the table; what is farther from a motion's aim is not what it is about


class Event(NamedTuple):
    """Something in a failed rollout that may be to blame.

    Attributes:
        signature: what the failure looks like if this is to blame.
        call: row of the batch's calls, -1 for none.
        line: source line, 0 for none.
        text: the call's text argument.
        message: what the primitive said beyond its status.
        numbers: in the order of :data:`NUMBERS`; NaN for what is not known.
    """

    signature: Signature
    call: int
    line: int
    text: str
    message: str
    numbers: tuple[float, ...]

    @property
    def kind(self) -> tuple[str, str]:
        """What is counted in failed and in passed rollouts: primitive, and status or anomaly."""
        return self.signature.primitive, self.signature.status


class Failure(NamedTuple):
    """A failed rollout and what it may have failed by.

    Attributes:
        rollout: its row.
        program: what it ran.
        events: those since the last milestone that was reached, in order of time; the last is how it ended.
        certain: the last event is to blame whatever else happened.
        error: what ended the program before its end, e.g. ``p.py:27: TypeError: ...``; "" when nothing did.
    """

    rollout: int
    program: ProgramText
    events: tuple[Event, ...]
    certain: bool
    error: str


@dataclass(frozen=True)
class Events:
    """What the failed rollouts of a batch may fail by, and how many passed rollouts have the same.

    Attributes:
        failures: one for each failed rollout, by row.
        passed: passed rollouts of each program by kind of event; under the kind ("", "") all of them.
    """

    failures: tuple[Failure, ...]
    passed: dict[ProgramText, Counter[tuple[str, str]]]

    def after(self, rollouts: int, calls: int) -> Events:
        """Those of a part of a batch as of the batch, of which as many rollouts and calls stand before it."""
        failures = [
            failure._replace(
                rollout=failure.rollout + rollouts,
                events=tuple(e if e.call < 0 else e._replace(call=e.call + calls) for e in failure.events),
            )
            for failure in self.failures
        ]
        return Events(tuple(failures), self.passed)

    @classmethod
    def of_all(cls, parts: Iterable[Events]) -> Events:
        """Those of several parts."""
        failures: list[Failure] = []
        passed: dict[ProgramText, Counter[tuple[str, str]]] = defaultdict(Counter)
        for part in parts:
            failures += part.failures
            for program, counts in part.passed.items():
                passed[program].update(counts)
        return cls(tuple(failures), dict(passed))


def find_events(batch: TraceBatch, passes: np.ndarray, *, registry: Registry) -> Events:
    """The events of a batch.

    Args:
        batch: traces.
        passes: ``[B]`` bool, the verdict to explain.
        registry: declares the primitives.
    """
    found, goals = progress(batch, registry=registry), Goals.of(batch)
    view = _View(batch, found, goals, registry)
    owner, programs = view.story.owner, batch.rollouts["program"]
    late = ~passes[owner] & (np.arange(len(owner)) >= view.begins[owner])
    passed: dict[ProgramText, Counter[tuple[str, str]]] = defaultdict(Counter)
    for program, count in zip(*np.unique(programs[passes], return_counts=True), strict=True):
        passed[batch.programs[program]]["", ""] = int(count)
    marked: list[tuple[int, str]] = []
    for name, mask in _marks(batch, passes, found, goals, view.story, registry):
        marked += [(row, name) for row in np.flatnonzero(mask & late).tolist()]
        for program, primitive, count in _hits(batch, mask & passes[owner]):
            passed[batch.programs[program]][primitive, name] += count
    marked.sort(key=lambda pair: pair[0])
    own: dict[int, dict[tuple[str, str], Event]] = defaultdict(dict)
    for event in view.events(marked):
        own[int(owner[event.call])].setdefault(event.kind, event)
    failed = np.flatnonzero(~passes)
    failures = [view.failure(rollout, own.get(rollout, {}), end) for rollout, end in view.ends(failed)]
    return Events(tuple(failures), dict(passed))


def _marks(
    batch: TraceBatch, passes: np.ndarray, found: Progress, goals: Goals, story: Handling, registry: Registry
) -> Iterator[tuple[str, np.ndarray]]:
    """Names of statuses and anomalies, each with the calls ``[C]`` that have it."""
    masks = {name: anomaly.test(batch, goals, story) for name, anomaly in ANOMALIES.items()}
    asked = [number for number in range(1, goals.targets.shape[1]) if (goals.targets[passes, number] != "").any()]
    for number in asked:  # of passed rollouts the things of all literals count
        other = Handling.of(batch, found, np.full(len(passes), number), registry=registry)
        for name, anomaly in ANOMALIES.items():
            masks[name] |= anomaly.test(batch, goals, other) & passes[other.owner]
    status = batch.calls["status"]
    for code in np.unique(status).tolist():
        if Status(code) not in _OF_OUTCOMES:  # that a thing is lost says more than that it slipped
            yield Status(code).name, (status == code) & ~(masks[_LOST] & (code == Status.SLIPPED))
    yield from masks.items()


def _hits(batch: TraceBatch, mask: np.ndarray) -> Iterator[tuple[int, str, int]]:
    """Program, primitive, and how many rollouts have a marked call of it."""
    rows = np.stack([batch.calls["rollout"][mask], batch.calls["primitive"][mask]], axis=1)
    pairs = np.unique(rows, axis=0)
    pairs[:, 0] = batch.rollouts["program"][pairs[:, 0]]
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)
    for (program, primitive), count in zip(kinds.tolist(), counts.tolist(), strict=True):
        yield program, batch.strings[primitive], count


class _View:
    """A batch, read for the calls that matter only: of each failed rollout, the literal that it failed first."""

    def __init__(self, batch: TraceBatch, found: Progress, goals: Goals, registry: Registry) -> None:
        self.batch, self.goals = batch, goals
        rollouts, self.literals = np.arange(len(batch)), np.maximum(found.literal, 0)
        self.story = Handling.of(batch, found, self.literals, registry=registry)
        self.bounds = np.searchsorted(self.story.owner, np.arange(len(batch) + 1))
        missed = found.missed[rollouts, self.literals]
        earlier = (np.arange(len(MILESTONES)) < missed[:, None]) & _PROGRESS
        reached = np.where(earlier, found.first[rollouts, self.literals], NEVER).max(axis=1, initial=NEVER)
        self.begins = np.maximum(reached, self.bounds[:-1])  #: ``[B]`` row of the last milestone before the missed one
        looked_at = np.diff(self.bounds) == 0  # where no call was made, the judge has missed nothing
        looked_at[self.story.owner[~np.isnan(self.story.margin)]] = True
        self.missed: list[str] = np.array(MISSED, object)[
            np.where(looked_at & (found.literal >= 0), missed, -1)
        ].tolist()
        self.targets: list[str] = goals.targets[rollouts, self.literals].tolist()
        self.containers: list[str] = goals.containers[rollouts, self.literals].tolist()

    def events(self, marked: list[tuple[int, str]]) -> Iterator[Event]:
        """One event for each call row with its status or anomaly."""
        rows, calls, strings = np.array([row for row, _ in marked], int), self.batch.calls, (*self.batch.strings, "")
        texts = {name: [strings[n] for n in calls[name][rows].tolist()] for name in _TEXTS}
        owners = self.story.owner[rows].tolist()
        columns = zip(
            marked,
            owners,
            self.story.primitive[rows].tolist(),
            calls["line"][rows].tolist(),
            zip(*texts.values(), strict=True),
            self._roles(rows),
            numbers(self.batch, self.story, rows),
            strict=True,
        )
        for (row, name), owner, primitive, line, (text, message, *pair), role, values in columns:
            contact = NONE
            if name in _CONTACT_EXPLAINS:
                contact = contact_role(*pair, target=self.targets[owner], container=self.containers[owner])
                if name == Status.SLIPPED.name and contact == role:
                    contact = NONE  # the fingers on what they hold explain nothing
                elif contact in _GOALS and role in ("other", "none"):
                    role = contact  # what stopped the hand is what it was about
            yield Event(Signature(self.missed[owner], primitive, name, contact, role), row, line, text, message, values)

    def _roles(self, rows: np.ndarray) -> Iterator[str]:
        """Role of what each call is about: what it names, else what is held, else what it or the last one aims at."""
        calls, story = self.batch.calls, self.story
        held = before(calls["true_held"], story.owner, -1)
        held = np.where(held >= 0, held, calls["true_held"])
        aims = np.linalg.norm(calls["true_near_offset"][:, :2], axis=1) < _NEAR
        named = calls["text"] >= 0
        thing = np.where(named, -1, np.where(held >= 0, held, np.where(aims, calls["true_near"], -1)))
        judged = np.isfinite(calls["true_fingertip"][:, 0])
        told = np.maximum.accumulate(np.where(named | (thing >= 0), np.arange(len(named)), -1))
        strings = (*self.batch.strings, "")
        for row, at, rollout in zip(rows.tolist(), told[rows].tolist(), story.owner[rows].tolist(), strict=True):
            if at < self.bounds[rollout] or (at < row and not judged[row]):
                yield "none"
            elif named[at]:
                known = {"target": self.targets[rollout], "container": self.containers[rollout]}
                yield _role_of_text(strings[calls["text"][at]], **known)
            else:
                holder = self.goals.holders[rollout, self.literals[rollout]]
                yield "target" if thing[at] == story.thing[at] else "container" if thing[at] == holder else "other"

    def ends(self, rollouts: np.ndarray) -> Iterator[tuple[int, Event]]:
        """How each rollout ended, as an event."""
        last = self.bounds[1:][rollouts] - 1
        some = last >= self.bounds[rollouts]
        values = iter(numbers(self.batch, self.story, last[some]))
        columns = (self.batch.rollouts[name][rollouts].tolist() for name in ("outcome", "error_line", "margin"))
        ended = zip(*columns, self.batch.rollout_text("error")[rollouts].tolist(), strict=True)
        for rollout, row, (outcome, line, margin, error) in zip(rollouts.tolist(), last.tolist(), ended, strict=True):
            status = Status.OK.name if outcome == Outcome.DONE else Outcome(outcome).name
            kind = error.partition(":")[0] if outcome == Outcome.PROGRAM_ERROR else ""
            signature = Signature(self.missed[rollout], NONE, status, error=kind if kind.isidentifier() else "")
            called = row >= self.bounds[rollout]
            known = next(values) if called else (margin if math.isfinite(margin) else math.nan, *_UNKNOWN)
            yield rollout, Event(signature, row if called else -1, line, "", error, known)

    def failure(self, rollout: int, own: dict[tuple[str, str], Event], end: Event) -> Failure:
        """A failed rollout with its events. An error that follows a look or plan that failed is that call's."""
        program = self.batch.programs[self.batch.rollouts["program"][rollout]]
        error = f"{program.name}:{end.line}: {end.message}" if end.message else ""
        certain = end.signature.status not in (Status.OK.name, Outcome.OUT_OF_STEPS.name)
        if certain and end.call >= 0 and self.story.family[end.call] in _BLIND:
            status = Status(int(self.batch.calls["status"][end.call])).name
            end = own.get((self.story.primitive[end.call], status), end)
        return Failure(rollout, program, (*own.values(), end), certain, error)


_role_of_text = lru_cache(maxsize=4096)(role_of_text)
