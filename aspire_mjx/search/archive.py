"""The best candidates so far, kept apart by how they fail."""

from __future__ import annotations

from collections.abc import Iterator

from aspire_mjx.agents.briefing import Parent


class Archive:
    """Every evaluated candidate; parents are drawn so that no two have the same dominant fault signature."""

    def __init__(self) -> None:
        self._by_key: dict[str, Parent] = {}

    def add(self, entry: Parent) -> None:
        """Enter an evaluated candidate; the same candidate again changes nothing."""
        self._by_key.setdefault(entry.candidate.key, entry)

    def __iter__(self) -> Iterator[Parent]:
        return iter(self._by_key.values())

    @property
    def keys(self) -> frozenset[str]:
        """Keys of all candidates entered."""
        return frozenset(self._by_key)

    def ranked(self) -> list[Parent]:
        """Best first: passes, strict passes, then the simpler; equal ones in the order entered.

        Of those that never pass the one that came nearest is the best.
        """
        return sorted(self, key=rank)

    @property
    def best(self) -> Parent:
        """The incumbent."""
        return self.ranked()[0]

    def parents(self, count: int) -> tuple[Parent, ...]:
        """The best ``count`` candidates that fail mostly in different ways, the incumbent first."""
        chosen: dict[str, Parent] = {}
        for entry in self.ranked():
            chosen.setdefault(entry.diagnosis.dominant, entry)
        return tuple(chosen.values())[:count]


def rank(entry: Parent) -> tuple[float, float, tuple[float, float], tuple[int, int, int]]:
    """Sort key of an evaluated candidate: low is good."""
    share, margin = (0.0, 0.0) if entry.debug.passes else entry.diagnosis.nearness
    return (-entry.debug.passes, -entry.debug.strict_passes, (-share, -margin), entry.candidate.complexity)
