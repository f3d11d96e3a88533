"""What the report of a run says, as plain frozen data; ``report.html`` lays it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Rate:
    """Passes of some rollouts with their 95 % interval."""

    passes: int
    trials: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Passes over trials; 0 without any."""
        return self.passes / self.trials if self.trials else 0.0


Rates = tuple[tuple[str, Rate], ...]  #: each with its name


@dataclass(frozen=True)
class RateGroup:
    """Pass rates on seeds of one role; ``role`` is "all" where the run gave its seeds none."""

    role: Literal["debug", "validation", "heldout", "all"]
    title: str
    rates: Rates


@dataclass(frozen=True)
class TaskRow:
    """One task: its rates before and after by role of seeds, and what changed its program."""

    key: str
    language: str
    rates: dict[str, tuple[Rate, Rate]]
    repairs: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class CallRow:
    """One call of a rollout.

    Attributes:
        number: within the rollout.
        start: s.
        end: s.
        asked: the call with its arguments.
        status: its name.
        said: why, where the status is not OK.
        ok: whether it is.
        line: source line.
        source: its text.
        measures: what the robot measured.
        judged: what only the judge saw.
        blamed: whether the fault names it.
    """

    number: int
    start: float
    end: float
    asked: str
    status: str
    said: str
    ok: bool
    line: int
    source: str
    measures: tuple[str, ...]
    judged: tuple[str, ...]
    blamed: bool


@dataclass(frozen=True)
class Picture:
    """A picture as a data URI, with its title and size in pixels."""

    uri: str
    title: str
    width: int
    height: int


@dataclass(frozen=True)
class Keyframe:
    """What the camera showed before and after a call; ``legend`` is of (colour, what is drawn in it)."""

    words: str
    pictures: tuple[Picture, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RolloutTrace:
    """One failed rollout, call by call.

    Attributes:
        task: its key.
        language: the instruction.
        seed: of its world.
        program: name and hash.
        margin: m, signed distance to the goal's boundary.
        outcome: how the program ended.
        fault: its signature.
        milestone: the first that it missed.
        sentence: why it failed.
        error: what ended the program before its end; "" for nothing.
        settings: doses of its world and settings of tunables.
        calls: in order.
        hidden: calls that are not shown.
        file: trace file.
        row: its number there.
        keyframe: before and after the blamed call; None where it was not drawn.
    """

    task: str
    language: str
    seed: int
    program: str
    margin: float
    outcome: str
    fault: str
    milestone: str
    sentence: str
    error: str
    settings: tuple[str, ...]
    calls: tuple[CallRow, ...]
    hidden: int
    file: str
    row: int
    keyframe: Keyframe | None


@dataclass(frozen=True)
class Cell:
    """Failed rollouts with one fault that missed one milestone first: how many, and the worst of them.

    ``level`` is 0 for none to 5 for the most of the map.
    """

    id: str
    count: int
    level: int
    milestone: str
    fault: str
    worst: tuple[RolloutTrace, ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class FaultRow:
    """One line of a heat map: what happened, about what, and the share of rollouts that failed so."""

    words: str
    detail: str
    share: Rate
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class HeatMap:
    """Failed rollouts by fault and by the first milestone missed."""

    id: str
    title: str
    trials: int
    failed: int
    milestones: tuple[str, ...]
    rows: tuple[FaultRow, ...]


@dataclass(frozen=True)
class Answer:
    """One of the three questions that the page answers first."""

    question: str
    short: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Factor:
    """Pass rates over the range of a dose or a tunable; ``sentence`` is the test's."""

    name: str
    kind: str
    meaning: str
    sentence: str
    telling: bool
    bins: Rates


@dataclass(frozen=True)
class DiffLine:
    """A line of a difference; ``kind`` is "added", "removed", "same" or "place"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """How a program differs from the one before."""

    title: str
    why: str
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True)
class Node:
    """A candidate in the line of descent, with those that were made from it."""

    name: str
    words: str
    debug: Rate
    fails_by: str
    chosen: bool
    children: tuple[Node, ...]


@dataclass(frozen=True)
class TaskHistory:
    """How the program of one task came about."""

    key: str
    language: str
    rounds: Rates
    changes: tuple[Change, ...]
    tree: tuple[Node, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class SkillRow:
    """A skill that was tested at the gate, or came from the library and was used."""

    name: str
    what: str
    tasks: tuple[str, ...]
    evidence: str
    signatures: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """The whole page. Every text is as it was written; the template escapes it.

    ``typical`` is a rollout of the most frequent failure, to be shown first.
    """

    title: str
    headline: str
    answers: tuple[Answer, ...]
    typical: RolloutTrace | None
    rates: tuple[RateGroup, ...]
    tasks: tuple[TaskRow, ...]
    maps: tuple[HeatMap, ...]
    factors: tuple[Factor, ...]
    histories: tuple[TaskHistory, ...]
    program: tuple[str, ...]
    used: tuple[SkillRow, ...]
    admitted: tuple[SkillRow, ...]
    turned_away: tuple[SkillRow, ...]
    cost: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
