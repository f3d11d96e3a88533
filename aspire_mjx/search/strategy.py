"""Strategies: the whole loop, and the same with parts left out, to see what each is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.search.setup import SearchLimits


@dataclass(frozen=True)
class Strategy:
    """What a search uses.

    Attributes:
        traces: the agent is told why programs fail, and may look into rollouts; without, it is told pass rates.
        search: several candidates a round and several parents; without, one candidate a round, from the best program.
        skills: the library is searched, and what was learned is drafted, measured and kept.
    """

    traces: bool = True
    search: bool = True
    skills: bool = True

    def limited(self, limits: SearchLimits) -> SearchLimits:
        """The limits of a search that has no more than this."""
        return limits if self.search else replace(limits, candidates=2, parents=1)


#: Each has what the one before it has, and one thing more.
STRATEGIES: Mapping[str, Strategy] = {
    "blind": Strategy(traces=False, search=False, skills=False),
    "traces": Strategy(search=False, skills=False),
    "search": Strategy(skills=False),
    "skills": Strategy(),
}


def find_strategy(name: str) -> Strategy:
    """A strategy by its name.

    Raises:
        UnknownNameError: no such strategy; the known ones are listed.
    """
    if name not in STRATEGIES:
        raise UnknownNameError("strategy", name, STRATEGIES)
    return STRATEGIES[name]
