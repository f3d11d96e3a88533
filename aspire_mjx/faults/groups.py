"""Failed rollouts of one program in groups that fail alike, each with its typical rollouts and numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aspire_mjx.faults.fault import Fault
from aspire_mjx.faults.numbers import NUMBERS
from aspire_mjx.faults.signature import Signature
from aspire_mjx.faults.statistics import Interval, clustered
from aspire_mjx.traces.columns import TraceBatch

_EXAMPLES = 3


@dataclass(frozen=True)
class SignatureGroup:
    """The failed rollouts of one program that share a fault signature, or nearly.

    Attributes:
        signature: what most of them share.
        members: all their signatures with how many rollouts have each, most frequent first.
        count: how many failed so.
        share: ``count`` over all rollouts of the program.
        interval: 95 % interval of the share, over seeds.
        examples: up to three rollouts (rows of the batch) whose numbers are nearest to the medians.
        seeds: of all of them, each once.
        line: source line blamed most often, 0 for none; of an error its own line.
        source: text of that line.
        error: what ended the program of the first example that an error ended, e.g. ``p.py:27: TypeError: ...``; "".
        error_line: its line, 0 for none.
        error_source: text of that line.
        medians: median of each of :data:`~aspire_mjx.faults.numbers.NUMBERS` over the group, where it is known.
        sentence: what happened in the first example.
    """

    signature: Signature
    members: tuple[tuple[Signature, int], ...]
    count: int
    share: float
    interval: Interval
    examples: tuple[int, ...]
    seeds: tuple[int, ...]
    line: int
    source: str
    error: str
    error_line: int
    error_source: str
    medians: dict[str, float]
    sentence: str

    @property
    def where(self) -> list[str]:
        """The error, its source line, and the one that is blamed where it is another, as far as there are any."""
        lines = {self.error_line: self.error_source, self.line: self.source}
        written = [f"line {line}: {source.strip()}" for line, source in lines.items() if line]
        return [*([self.error] * bool(self.error)), *written]


def groups(
    batch: TraceBatch, faults: Sequence[Fault], source: Sequence[str], rows: np.ndarray
) -> tuple[SignatureGroup, ...]:
    """The groups of the faults of one program, most frequent first.

    Args:
        batch: traces, with or without their calls.
        faults: of the program's failed rollouts.
        source: its lines.
        rows: all its rollouts.
    """
    heads = alike(Counter(fault.signature for fault in faults))
    members: dict[Signature, list[Fault]] = defaultdict(list)
    tasks, seeds = batch.rollout_text("task"), batch.rollouts["seed"]
    for fault in sorted(faults, key=lambda f: (tasks[f.rollout], int(seeds[f.rollout]), f.rollout)):
        members[heads[fault.signature]].append(fault)
    found = [_group(batch, signature, own, source, rows) for signature, own in members.items()]
    return tuple(sorted(found, key=lambda group: (-group.count, group.signature.key)))


def alike(counts: Counter[Signature]) -> dict[Signature, Signature]:
    """For each signature the most frequent one from which it differs in the primitive or in what it touched alone."""
    heads: dict[tuple[str, ...], Signature] = {}
    ranked = sorted(counts, key=lambda signature: (-counts[signature], signature.key))
    return {each: heads.setdefault((each.milestone, each.status, each.role, each.error), each) for each in ranked}


def _group(
    batch: TraceBatch, signature: Signature, members: list[Fault], source: Sequence[str], rows: np.ndarray
) -> SignatureGroup:
    rollouts, seeds = [fault.rollout for fault in members], batch.rollouts["seed"]
    lines = Counter(fault.line for fault in members if fault.line)
    line = min(lines, key=lambda number: (-lines[number], number)) if lines else 0
    values = np.array([fault.numbers for fault in members])
    known = ~np.isnan(values).all(axis=0)
    medians = np.nanmedian(values[:, known], axis=0)
    examples = [members[at] for at in _typical(values[:, known], medians)]
    erring = next((fault for fault in (*examples, *members) if fault.error), None)
    at = int(batch.rollouts["error_line"][erring.rollout]) if erring else 0
    kinds = Counter(fault.signature for fault in members)
    return SignatureGroup(
        signature=signature,
        members=tuple(sorted(kinds.items(), key=lambda item: (-item[1], item[0].key))),
        count=len(members),
        share=len(members) / len(rows),
        interval=clustered(np.isin(rows, rollouts).tolist(), seeds[rows].tolist()),
        examples=tuple(fault.rollout for fault in examples),
        seeds=tuple(np.unique(seeds[rollouts]).tolist()),
        line=line,
        source=source[line - 1] if 0 < line <= len(source) else "",
        error=erring.error if erring else "",
        error_line=at,
        error_source=source[at - 1] if 0 < at <= len(source) else "",
        medians=dict(zip(np.array(NUMBERS)[known].tolist(), medians.tolist(), strict=True)),
        sentence=examples[0].sentence,
    )


def _typical(values: np.ndarray, medians: np.ndarray) -> list[int]:
    """Of members with numbers ``[N, M]``, those nearest to the medians, in units of each number's usual deviation."""
    away = np.abs(values - medians)
    usual = np.nanmedian(away, axis=0)
    distance = np.nansum(np.where(usual > 0.0, away / np.where(usual > 0.0, usual, 1.0), away > 0.0), axis=1)
    return np.argsort(np.round(distance, 9), kind="stable")[:_EXAMPLES].tolist()
