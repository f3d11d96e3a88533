"""Which lines to suspect first: those of the calls at which a milestone was missed, and those that feed them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from aspire_mjx.faults.milestones import MILESTONES, NEVER, Progress
from aspire_mjx.machine.coverage import read_coverage
from aspire_mjx.machine.output import Outcome
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch

_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Assert)
_WINDOW_BEFORE = 3  # calls before the milestone's own that prepare it
_PASSES_ON = 0.6  # of the suspicion, for a line that stores what a function of the program gives back, as it is


def suspects(batch: TraceBatch, found: Progress, rollouts: Iterable[int], program: str) -> list[int]:
    """Source lines of a program, most suspicious first; every executed line is among them.

    A call between the last milestone that a rollout reached and the first that it missed is suspected, the nearer to
    the missed one the more; so are the lines that compute what such a call is given. An error's line is suspected
    before all others. What few of the failed rollouts executed is suspected less.

    Args:
        batch: traces.
        found: its progress.
        rollouts: failed ones.
        program: the text that they ran.
    """
    score: dict[int, float] = defaultdict(float)
    feeds, passing, spans = feeding_lines(program), _passing(program), _spans(program)
    rows = list(rollouts)
    for rollout in rows:
        covered = read_coverage(str(batch.rollout_text("executed")[rollout]))
        executed = {part for line in covered for part in spans.get(line, (line,))}
        ran = {line: sources & executed for line, sources in feeds.items()} if executed else feeds
        own: dict[int, float] = {}
        for line, weight in _blamed(batch, found, rollout):
            _spread(line, weight, ran, own)
        for line in covered:
            own.setdefault(line, 0.01)
        for line, weight in own.items():
            score[line] += weight * (_PASSES_ON if line in passing else 1.0) / len(rows)
    ranked = sorted(score, key=lambda line: (-score[line], line))
    return list(dict.fromkeys(part for line in ranked for part in spans.get(line, (line,))))


def _blamed(batch: TraceBatch, found: Progress, rollout: int) -> list[tuple[int, float]]:
    """Lines of the calls around the missed milestone with weights up to 1, an error's line with 2."""
    rows = batch.calls_of(rollout)
    lines = batch.calls["line"]
    blamed: list[tuple[int, float]] = []
    error = int(batch.rollouts["error_line"][rollout])
    if int(batch.rollouts["outcome"][rollout]) == Outcome.PROGRAM_ERROR and error:
        blamed.append((error, 2.0))
    literal = int(found.literal[rollout])
    if literal < 0 or rows.start == rows.stop:
        return blamed
    first, missed = found.first[rollout, literal], int(found.missed[rollout, literal])
    reached = first[:missed][first[:missed] >= 0]
    begin = max(int(reached.max(initial=NEVER)) - _WINDOW_BEFORE + 1, rows.start)
    end = _end(batch, first, missed, begin, rows)
    count = max(end - begin, 1)
    return [*blamed, *((int(lines[row]), 0.3 + 0.7 * (row - begin + 1) / count) for row in range(begin, end))]


def _end(batch: TraceBatch, first: np.ndarray, missed: int, begin: int, rows: slice) -> int:
    """Row after the call at which the milestone should have come.

    A grip comes at the last closing, or right after the hand was there where it never closes; what follows a grip ends
    with the release after it; a thing is not reached where a call does not say OK.
    """
    name = MILESTONES[min(missed, len(MILESTONES) - 1)]
    names = batch.call_text("primitive")[rows]
    if name in ("touched", "gripped"):
        closes = np.flatnonzero(names == "close_gripper") + rows.start
        there = int(first[MILESTONES.index("reached")])
        return int(closes[-1]) + 1 if len(closes) else min(there + 2, rows.stop) if there >= 0 else rows.stop
    if name in ("seen", "reached"):
        bad = np.flatnonzero(batch.calls["status"][begin : rows.stop] != Status.OK.value)
        return begin + int(bad[0]) + 1 if len(bad) else rows.stop
    opens = np.flatnonzero(names == "open_gripper") + rows.start
    after = opens[opens > begin]
    return int(after[0]) + 1 if len(after) else rows.stop


def _spread(line: int, weight: float, feeds: dict[int, set[int]], score: dict[int, float]) -> None:
    """A weight for a line, and less for those that compute what it uses, and so on."""
    waiting = [(line, weight)]
    while waiting:
        at, share = waiting.pop()
        if share <= score.get(at, 0.0) or share < 0.05:
            continue
        score[at] = share
        waiting += [(source, 0.8 * share) for source in feeds.get(at, ())]


def _passing(program: str) -> set[int]:
    """Lines that do no more than store what a function of the program gives back: the value is made in there."""
    tree = ast.parse(program)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return {
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
        if node.value.func.id in own and all(isinstance(each, ast.Name) for each in node.value.args)
    }


def _spans(program: str) -> dict[int, range]:
    """By its first line, all lines of each statement that is written on several; of a block those of its header."""
    spans = {}
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, (*_SIMPLE, ast.If, ast.For, ast.While)):
            last = node if isinstance(node, _SIMPLE) else _head(node)
            spans[node.lineno] = range(node.lineno, (getattr(last, "end_lineno", None) or node.lineno) + 1)
    return spans


def feeding_lines(program: str) -> dict[int, set[int]]:
    """For each line the lines whose values it uses: those that store its variables, and calls of its function."""
    tree = ast.parse(program)
    stores: dict[str, set[int]] = defaultdict(set)
    calls: dict[str, set[int]] = defaultdict(set)
    feeds: dict[int, set[int]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stores[node.id].add(node.lineno)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            calls[node.func.id].add(node.lineno)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for parameter in (*function.args.args, *function.args.kwonlyargs):
            stores[parameter.arg] |= calls[function.name]
        for node in ast.walk(function):
            if isinstance(node, ast.Return):
                for line in calls[function.name]:
                    feeds[line].add(node.lineno)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef):
            for name in ast.walk(_head(node)):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load):
                    feeds[node.lineno] |= stores[name.id] - {node.lineno}
        if isinstance(node, ast.If | ast.For | ast.While):
            for inner in (*node.body, *node.orelse):
                feeds[inner.lineno].add(node.lineno)
    return feeds


def _head(node: ast.stmt) -> ast.AST:
    if isinstance(node, ast.If | ast.While):
        return node.test
    return node.iter if isinstance(node, ast.For) else node
