"""What an agent is told before it proposes candidates."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.repair import Repair
from aspire_mjx.agents.score import Score
from aspire_mjx.checked import checked
from aspire_mjx.faults.milestones import progress
from aspire_mjx.faults.report import FaultReport
from aspire_mjx.faults.signature import Signature
from aspire_mjx.language.program_flag import api_of
from aspire_mjx.language.prompt import agent_prompt
from aspire_mjx.printable import printable
from aspire_mjx.skills.imported import ImportedSkill
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.tasks import Task

_LONGEST_BODY = 3_000  # characters of an imported skill


@dataclass(frozen=True)
class Cause:
    """One way in which a candidate fails.

    Attributes:
      signature: the fault signature.
      path: strand path of a typical blamed call, e.g. ``main:50>pick:31``.
      rollouts: rollouts that fail this way.
      text: one sentence for a reader.
    """

    signature: Signature
    path: str
    rollouts: int
    text: str


@dataclass(frozen=True)
class Diagnosis:
    """Why a candidate fails.

    Attributes:
      causes: the most frequent first.
      text: the fault report in words.
      nearness: how far its rollouts came in the judge's view: mean share of the milestones, and mean margin of the goal
        (m, at least -1), for the order of candidates that never pass.
      traces: its rollouts; None where there are none to look into.
    """

    causes: tuple[Cause, ...] = ()
    text: str = ""
    nearness: tuple[float, float] = (0.0, 0.0)
    traces: TraceBatch | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, report: FaultReport, traces: TraceBatch) -> Diagnosis:
        """The causes that a report counts, each with the path of the first of its examples that blames a call."""
        blamed = {fault.rollout: fault.call for fault in report.faults}
        causes = []
        for group in (group for program in report.programs for group in program.groups):
            call = next((blamed[rollout] for rollout in group.examples if blamed[rollout] is not None), None)
            index = -1 if call is None else int(traces.calls["path"][call])
            path = traces.strings[index] if index >= 0 else ""
            causes.append(Cause(group.signature, path, group.count, group.sentence))
        causes.sort(key=lambda cause: (-cause.rollouts, cause.signature.key))
        return cls(tuple(causes), report.text(), _nearness(traces), traces)

    @property
    def dominant(self) -> str:
        """Signature of the most frequent cause; "none" when nothing fails."""
        return self.causes[0].signature.key if self.causes else "none"


def _nearness(traces: TraceBatch) -> tuple[float, float]:
    if not len(traces):
        return 0.0, 0.0
    margins = np.nan_to_num(traces.rollouts["margin"].astype(float), nan=-1.0)
    return progress(traces).share, float(np.clip(margins, -1.0, 0.0).mean())


@dataclass(frozen=True)
class Parent:
    """A candidate that was evaluated on the debug seeds, with what came of it."""

    candidate: Candidate
    debug: Score
    diagnosis: Diagnosis


@checked
@dataclass(frozen=True)
class Briefing:
    """Everything an agent needs to propose the next candidates.

    Attributes:
      task: the task; programs may know its language, nothing else of it.
      round: number of the round, from 1.
      rounds: the most there will be.
      room: how many candidates are wanted.
      parents: the incumbent first, then the best candidates that fail in other ways.
      skills: skills retrieved from the library for the parents' causes, best match first, as repairs.
      tried: keys of all candidates evaluated or refused so far.
      analysis: one line for each candidate of earlier rounds: what it changed and how it did, or why it was refused.
      knowledge: what was imported from others on such tasks and failures, not tested here.
    """

    task: Task
    round: int
    rounds: int
    room: int
    parents: tuple[Parent, ...]
    skills: tuple[Repair, ...] = ()
    tried: frozenset[str] = field(default_factory=frozenset)
    analysis: tuple[str, ...] = ()
    knowledge: tuple[ImportedSkill, ...] = ()

    @property
    def robot_api(self) -> str:
        """The calls that programs may make, as text, in the API that the incumbent is written for."""
        return agent_prompt(api_of(self.parents[0].candidate.program).profile)

    def text(self) -> str:
        """The briefing as an agent reads it: the robot API, the task, the parents, what was found so far."""
        lines = [
            self.robot_api,
            f"Task {self.task.key}: {self.task.language!r}. Round {self.round} of {self.rounds}; "
            f"{self.room} candidates wanted, no two that fail at the same place for the same reason.",
        ]
        for parent in self.parents:
            lines += ["", f"Parent {parent.candidate.key}: {parent.debug} on debug seeds. {parent.diagnosis.text}"]
            lines += ["```python", parent.candidate.program.text.strip(), "```"]
        for skill in self.skills:
            lines += ["", f"Skill {skill.name}: {skill.description} When: {skill.when}"]
        for imported in self.knowledge:
            body = imported.body if len(imported.body) <= _LONGEST_BODY else f"{imported.body[:_LONGEST_BODY]}\n[...]"
            lines += ["", f"Imported from {imported.source}, not tested here: {imported.description}", body]
        if self.analysis:
            lines += ["", "Tried so far:", *(f"- {finding}" for finding in self.analysis)]
        return printable("\n".join(lines))
