"""What each rollout did, as sites that it hit or not: lines, branches, loops, calls and how calls ended."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np

from aspire_mjx.machine.coverage import read_coverage
from aspire_mjx.traces.columns import TraceBatch

Spectrum = Literal["line", "branch", "call", "not-ok", "outcome"]


class Site(NamedTuple):
    """A place of a program and what a rollout can have done there.

    Attributes:
        line: source line.
        what: e.g. ``executed``, ``if not taken``, ``loop with several trips``, ``close_gripper``.
        spectrum: what a hit is: the "line" was executed; the "branch" was taken so; the "call" was made; it was made
            and did "not-ok" say OK; it ended with an "outcome" that was asked about.
    """

    line: int
    what: str
    spectrum: Spectrum


class Hits(NamedTuple):
    """Rollouts that hit a site: those that ``failed`` and those that ``passed``."""

    failed: int
    passed: int

    def plus(self, other: Hits) -> Hits:
        """Of two sets of rollouts together."""
        return Hits(self.failed + other.failed, self.passed + other.passed)


def site_hits(
    batch: TraceBatch, passes: np.ndarray, *, program: int = 0, outcomes: Mapping[str, np.ndarray] | None = None
) -> dict[Site, Hits]:
    """The rollouts of one program in a batch that hit each of its sites; sites without a hit are left out.

    Hits of several batches of one program may be added up.

    Args:
        batch: traces.
        passes: ``[B]`` bool, the verdict to explain.
        program: index into ``batch.programs``.
        outcomes: names to ``[C]`` bool, calls that ended so, such as anomalies.
    """
    mine = batch.rollouts["program"] == program
    of_mine = mine[batch.calls["rollout"]]
    found: dict[Site, Hits] = {}
    spectra: list[tuple[Spectrum, str, np.ndarray]] = [
        ("not-ok", "", of_mine & (batch.calls["status"] != 0)),
        ("call", "", of_mine),
        *(("outcome", f": {name}", of_mine & mask) for name, mask in (outcomes or {}).items()),
    ]
    for spectrum, suffix, hit in spectra:
        _add_calls(found, batch, passes, hit, spectrum, suffix)
    for site, hit in _executed(batch, np.flatnonzero(mine), program):
        failed, passed = int((hit & ~passes[mine]).sum()), int((hit & passes[mine]).sum())
        if failed + passed:
            found[site] = Hits(failed, passed)
    return found


def _add_calls(
    found: dict[Site, Hits], batch: TraceBatch, passes: np.ndarray, hit: np.ndarray, spectrum: Spectrum, suffix: str
) -> None:
    """Adds the call sites of the calls ``hit`` ``[C]``."""
    lines, names, rollouts = (batch.calls[name][hit].astype(np.int64) for name in ("line", "primitive", "rollout"))
    if not len(lines):
        return
    wide, count = len(batch.strings), len(batch)
    hits = np.unique((lines * wide + names) * count + rollouts)  # one a (site, rollout), however often it was hit
    sites, which = np.unique(hits // count, return_inverse=True)
    total = np.bincount(which)
    good = np.bincount(which, weights=passes[hits % count]).astype(int)
    for site, all_, ep in zip(sites.tolist(), total.tolist(), good.tolist(), strict=True):
        found[Site(site // wide, batch.strings[site % wide] + suffix, spectrum)] = Hits(all_ - ep, ep)


def _executed(batch: TraceBatch, rows: np.ndarray, program: int) -> Iterator[tuple[Site, np.ndarray]]:
    """Sites of lines and branches with the rollouts ``rows`` that hit them, ``[len(rows)]`` bool."""
    texts, which = np.unique(batch.rollouts["executed"][rows], return_inverse=True)
    read = [read_coverage(batch.strings[index]) if index >= 0 else {} for index in texts.tolist()]
    counts = np.zeros((len(read), 1 + max((line for each in read for line in each), default=0)), int)
    for row, each in enumerate(read):
        counts[row, list(each)] = list(each.values())
    for line in np.flatnonzero(counts.any(axis=0)).tolist():
        yield Site(line, "executed", "line"), (counts[:, line] > 0)[which]
    if not counts.any():
        return  # a program that never began need not even parse
    for branch in _branches(batch.programs[program].text):
        header, body = (counts[:, line] if line < counts.shape[1] else 0 * counts[:, 0] for line in branch.lines)
        for what, hit in branch.ways(header, body):
            yield Site(branch.lines[0], what, "branch"), hit[which]


class _Branch(NamedTuple):
    """An ``if`` or a loop: its own line and the first of its body."""

    lines: tuple[int, int]
    loop: bool

    def ways(self, header: np.ndarray, body: np.ndarray) -> list[tuple[str, np.ndarray]]:
        """What can happen there, and where it did, from how often both lines began."""
        if self.loop:
            return [("loop without a trip", (header > 0) & (body == 0)), ("loop with several trips", body > 1)]
        return [("if taken", body > 0), ("if not taken", header > body)]


@lru_cache(maxsize=256)
def _branches(text: str) -> tuple[_Branch, ...]:
    """Those of a program whose body does something, on lines of its own."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.If | ast.For | ast.While)]
    found = [
        _Branch((node.lineno, first.lineno), not isinstance(node, ast.If))
        for node in nodes
        if (first := next((each for each in node.body if not _is_nothing(each)), None))
    ]
    return tuple(sorted(branch for branch in found if branch.lines[0] < branch.lines[1]))


def _is_nothing(statement: ast.stmt) -> bool:
    """Whether the machine has nothing to execute there."""
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
