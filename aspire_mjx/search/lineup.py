"""The candidates of one round: the incumbent first, no two alike, each labelled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from string import ascii_uppercase

from aspire_mjx.agents.candidate import Candidate

#: The most candidates a round may have: one letter each.
MOST_CANDIDATES = len(ascii_uppercase)


def line_up(
    incumbent: Candidate, proposed: Iterable[Candidate], *, size: int, tried: frozenset[str]
) -> tuple[Candidate, ...]:
    """``size`` candidates at most: A is the incumbent unchanged, B, C, ... the first proposals not tried before."""
    chosen = {incumbent.key: incumbent}
    for candidate in proposed:
        if len(chosen) == size:
            break
        if candidate.key not in tried:
            chosen.setdefault(candidate.key, candidate)
    return tuple(replace(c, label=label) for c, label in zip(chosen.values(), ascii_uppercase, strict=False))
