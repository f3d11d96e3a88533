"""What every agent can do: propose candidates, diagnose a fault report, distil a validated repair into a skill."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aspire_mjx.agents.briefing import Briefing, Diagnosis
from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.equipment import Equipment
from aspire_mjx.agents.repair import Repair
from aspire_mjx.agents.score import Score
from aspire_mjx.faults.report import FaultReport
from aspire_mjx.faults.signature import Signature
from aspire_mjx.skills.skill import Skill
from aspire_mjx.traces.columns import TraceBatch


@dataclass(frozen=True)
class Usage:
    """What an agent has used of a language model so far.

    Attributes:
      calls: questions asked.
      tokens: read and written.
      usd: US dollars; None where the price of the model is not known.
    """

    calls: int = 0
    tokens: int = 0
    usd: float | None = 0.0

    def __sub__(self, earlier: Usage) -> Usage:
        usd = None if self.usd is None or earlier.usd is None else self.usd - earlier.usd
        return Usage(self.calls - earlier.calls, self.tokens - earlier.tokens, usd)

    def __add__(self, other: Usage) -> Usage:
        usd = None if self.usd is None or other.usd is None else self.usd + other.usd
        return Usage(self.calls + other.calls, self.tokens + other.tokens, usd)


@dataclass(frozen=True)
class RepairEvidence:
    """What a paired evaluation says about one repair: the same program without and with it, on the same seeds.

    Attributes:
      repair: the repair.
      task: key of the task.
      signature: the fault that it took away most often.
      without: score of the program without the repair.
      with_repair: score of the program with it.
    """

    repair: Repair
    task: str
    signature: Signature
    without: Score
    with_repair: Score


class Agent(ABC):
    """One mind that works on tasks. Derive from it, write :meth:`propose`, and name the class with ``--agent``.

    The class is called without arguments, once a run; one that wants to run programs, or to keep files, takes its
    equipment in :meth:`equipped`. Equal calls in equal order must give equal answers where a run is to be repeated or
    resumed. What the other methods do by default is enough for an agent that only proposes.
    """

    @classmethod
    def check(cls, options: Mapping[str, Any]) -> None:
        """Raises an AspireError where a run's flags do not do for it; called before anything is written."""
        return None

    @classmethod
    def equipped(cls, equipment: Equipment) -> Agent:
        """An agent for a run; ``equipment`` is what it may use there."""
        return cls()

    @property
    def usage(self) -> Usage:
        """Language model use so far; it goes into the summary of each task."""
        return Usage()

    def usage_by_role(self, task: str) -> dict[str, Usage]:
        """The use for one task by its key, by what it was for; it goes into the task's summary."""
        return {}

    def critique(self, report: FaultReport, traces: TraceBatch) -> Diagnosis:
        """Say why a program fails; the traces are there to look into the calls that the report blames."""
        return Diagnosis.of(report, traces)

    @abstractmethod
    def propose(self, briefing: Briefing) -> list[Candidate]:
        """At most ``briefing.room`` candidates, the most promising first, none of them tried before.

        An empty list gives the task up once the search has no settings of tunables left to try either.
        """

    def distil(self, evidence: RepairEvidence) -> Skill:
        """Draft a skill from a validated repair; by default its own words and code."""
        return evidence.repair.as_skill(evidence.signature)
