"""The fault report of a batch of rollouts: what failed, how often, where and why, in words and numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from aspire_mjx.checked import checked
from aspire_mjx.faults.blame import Hits, Site, SiteBlame, blame_hits, site_hits
from aspire_mjx.faults.factors import FactorEffect, Starts, factor_effects, join_starts, start_conditions
from aspire_mjx.faults.fault import Fault, find_faults
from aspire_mjx.faults.signature import Signature
from aspire_mjx.faults.statistics import Interval, clustered
from aspire_mjx.html import as_html
from aspire_mjx.primitives.registry import Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.printable import source_lines
from aspire_mjx.traces.columns import ProgramText, TraceBatch, Verdict, concatenate

if TYPE_CHECKING:
    from rich.table import Table

_EXAMPLES = 3
_MEASURES = ("margin", "width", "residual_m", "residual_rad", "peak_force", "slip")  # of the rollout, of blamed calls
_SITES_SHOWN = 3
_EFFECTS_SHOWN = 3


@dataclass(frozen=True)
class SignatureGroup:
    """The failed rollouts of one program that share a fault signature.

    Attributes:
        signature: what they share.
        count: how many failed so.
        share: ``count`` over all rollouts of the program.
        interval: 95 % interval of the share, over seeds.
        examples: up to three rollouts (rows of the batch), lowest task and seed first.
        line: source line blamed most often, 0 for none; of an error its own line.
        source: text of that line.
        error: what ended the program of the first example before its end, e.g. ``p.py:27: TypeError: ...``; else "".
        error_line: its line, 0 for none.
        error_source: text of that line.
        medians: median of each measure over the group, where it is known: ``margin`` (m) of the rollouts; ``width``
            (m), ``residual_m`` (m), ``residual_rad`` (rad), ``peak_force`` (N), ``slip`` (m) of the blamed calls.
        sentence: what happened in the first example.
    """

    signature: Signature
    count: int
    share: float
    interval: Interval
    examples: tuple[int, ...]
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


@dataclass(frozen=True)
class ProgramReport:
    """What one program did over its rollouts in a batch.

    Attributes:
        hash: of the program's text.
        name: of the program.
        trials: rollouts.
        passes: of the verdict that is reported on.
        strict_passes: of the strict verdict.
        interval: 95 % interval of ``passes / trials``, over seeds.
        groups: failures by signature, most frequent first.
        blame: call sites: those that did not say OK, then those executed; in each most suspicious first.
        effects: factors, start conditions and tunables, smallest p-value first.
    """

    hash: str
    name: str
    trials: int
    passes: int
    strict_passes: int
    interval: Interval
    groups: tuple[SignatureGroup, ...]
    blame: tuple[SiteBlame, ...]
    effects: tuple[FactorEffect, ...]

    def text(self) -> str:
        """A few lines of words and numbers for an agent."""
        lines = [
            f"program {self.name} ({self.hash}): {self.passes}/{self.trials} pass "
            f"(95% {self.interval.low:.2f}-{self.interval.high:.2f}), strict {self.strict_passes}/{self.trials}"
        ]
        for group in self.groups:
            medians = ", ".join(f"{name} {round(value, 4):.3g}" for name, value in group.medians.items())
            lines.append(
                f"  fault {group.signature.key}: {group.count}/{self.trials} "
                f"(95% {group.interval.low:.2f}-{group.interval.high:.2f}), "
                f"rollouts {', '.join(map(str, group.examples))}{'' if group.count <= _EXAMPLES else ', ...'}"
            )
            lines += [f"    {where}" for where in group.where]
            if medians:
                lines.append(f"    median {medians}")
            lines.append(f"    e.g. {group.sentence}")
        for site in [s for s in self.blame if s.failed_hits and s.tells_apart][:_SITES_SHOWN]:
            lines.append(
                f"  blame line {site.line} {site.primitive} ({site.spectrum}): in {site.failed_hits}/{site.failed} "
                f"failed, {site.passed_hits}/{site.passed} passed; Ochiai {site.ochiai:.2f}, "
                f"Tarantula {site.tarantula:.2f}"
            )
        shown = [e for e in self.effects if e.significant][:_EFFECTS_SHOWN]
        lines += [f"  {effect.sentence}" for effect in shown]
        return "\n".join(lines)


@dataclass(frozen=True)
class FaultReport:
    """Faults of every program of a batch, in the batch's order of programs.

    Attributes:
        verdict: the verdict that the passes count ("benchmark" or "strict").
        programs: one report a program.
        faults: one fault a failed rollout, by rollout.
    """

    verdict: str
    programs: tuple[ProgramReport, ...]
    faults: tuple[Fault, ...]

    def text(self) -> str:
        """Short text and numbers, made to be read by an agent."""
        return "\n".join(program.text() for program in self.programs)

    def table(self) -> Table:
        """The fault groups of all programs as a rich table for people."""
        from rich.box import SIMPLE
        from rich.table import Table
        from rich.text import Text

        table = Table(
            title=f"Faults ({self.verdict} verdict)",
            title_justify="left",
            box=SIMPLE,
            pad_edge=False,
            collapse_padding=True,
        )
        table.add_column("program, fault, where", overflow="fold")
        for heading in ("count", "share (95%)", "margin m"):
            table.add_column(heading, justify="right", no_wrap=True)
        for program in self.programs:
            head = Text(f"{program.name}: {program.passes}/{program.trials} pass", style="bold")
            table.add_row(head, "", "", "", end_section=not program.groups)
            for row, group in enumerate(program.groups):
                table.add_row(
                    Text("\n  ".join([group.signature.key, *group.where])),
                    str(group.count),
                    f"{group.share:.2f} ({group.interval.low:.2f}-{group.interval.high:.2f})",
                    f"{group.medians['margin']:+.3f}" if "margin" in group.medians else "",
                    end_section=row == len(program.groups) - 1,
                )
        return table

    def _repr_html_(self) -> str:
        return as_html(self.table())

    def to_json(self) -> dict[str, Any]:
        """Plain values (text, numbers, lists, maps) with everything in the report."""
        return {
            "verdict": self.verdict,
            "programs": [_program_json(program) for program in self.programs],
            "faults": [{**vars(fault), "signature": fault.signature.key} for fault in self.faults],
        }


@checked
def analyse(batch: TraceBatch, *, verdict: Verdict = "benchmark", registry: Registry = ROBOT_API) -> FaultReport:
    """The fault report of a batch. The same rollouts in another order give the same report, renumbered.

    Raises:
        UnknownNameError: an unknown verdict, or a traced primitive that the registry does not declare.
    """
    tally = FaultTally(verdict=verdict, registry=registry)
    tally.add(batch)
    return tally.report()


class FaultTally:
    """The fault report of rollouts that come in parts: of each part it keeps what a report needs, and no calls.

    The report is that of all parts as one batch, in the order in which they were added.

    Args:
        verdict: the verdict to report on.
        registry: declares the primitives.
    """

    def __init__(self, *, verdict: Verdict = "benchmark", registry: Registry = ROBOT_API) -> None:
        self._verdict: Verdict = verdict
        self._registry = registry
        self._parts: list[TraceBatch] = []
        self._starts: list[tuple[int, Starts]] = []
        self._faults: list[Fault] = []
        self._measured: list[dict[str, np.ndarray]] = []  # of the faults of each part
        self._hits: dict[ProgramText, dict[Site, Hits]] = {}
        self._rollouts = 0
        self._calls = 0

    def add(self, batch: TraceBatch) -> None:
        """Count the rollouts of the next part.

        Raises:
            UnknownNameError: an unknown verdict, or a traced primitive that the registry does not declare.
        """
        passes = np.asarray(batch.passes(self._verdict), bool)
        faults = find_faults(batch, np.flatnonzero(~passes), registry=self._registry)
        self._measured.append(_measures(batch, faults))
        self._faults += [_renumbered(fault, self._rollouts, self._calls) for fault in faults]
        for index, program in enumerate(batch.programs):
            known = self._hits.setdefault(program, {})
            for site, (failed, passed) in site_hits(batch, passes, program=index).items():
                before = known.get(site, (0, 0))
                known[site] = (before[0] + failed, before[1] + passed)
        self._parts.append(batch.without_calls())
        self._starts.append((len(batch), start_conditions(batch)))
        self._rollouts += len(batch)
        self._calls += len(batch.calls["rollout"])

    def rollouts(self) -> TraceBatch:
        """Those added so far, without their calls."""
        return concatenate(self._parts)

    def report(self) -> FaultReport:
        """The report on those added so far."""
        batch, names, starts = self.rollouts(), _MEASURES[1:], join_starts(self._starts)
        passes = np.asarray(batch.passes(self._verdict), bool)
        measured = {name: np.concatenate([part[name] for part in self._measured]) for name in names if self._measured}
        by_program: dict[int, list[tuple[int, Fault]]] = defaultdict(list)
        for row, fault in enumerate(self._faults):
            by_program[int(batch.rollouts["program"][fault.rollout])].append((row, fault))
        reports = []
        for index, program in enumerate(batch.programs):
            rows = np.flatnonzero(batch.rollouts["program"] == index)
            if not len(rows):
                continue
            count = int(passes[rows].sum())
            reports.append(
                ProgramReport(
                    hash=program.hash,
                    name=program.name,
                    trials=len(rows),
                    passes=count,
                    strict_passes=int(batch.rollouts["strict"][rows].sum()),
                    interval=clustered(passes[rows].tolist(), batch.rollouts["seed"][rows].tolist()),
                    groups=_groups(batch, by_program[index], measured, source_lines(program.text), rows),
                    blame=blame_hits(self._hits[program], len(rows) - count, count),
                    effects=factor_effects(batch, passes, rows, starts=starts),
                )
            )
        return FaultReport(self._verdict, tuple(reports), tuple(self._faults))


def _renumbered(fault: Fault, rollouts: int, calls: int) -> Fault:
    """A fault of a part as one of all rollouts, of which as many stand before it."""
    if not rollouts:
        return fault
    return replace(fault, rollout=fault.rollout + rollouts, call=None if fault.call is None else fault.call + calls)


def _measures(batch: TraceBatch, faults: Sequence[Fault]) -> dict[str, np.ndarray]:
    """The measures of the blamed call of each fault, NaN where there is none."""
    blamed = [fault.call for fault in faults if fault.call is not None]
    where = [fault.call is not None for fault in faults]
    found = {}
    for name in _MEASURES[1:]:
        found[name] = np.full(len(faults), np.nan, batch.calls[name].dtype)
        found[name][where] = batch.calls[name][blamed]
    return found


def _groups(
    batch: TraceBatch,
    faults: Sequence[tuple[int, Fault]],
    measured: Mapping[str, np.ndarray],
    source: list[str],
    rows: np.ndarray,
) -> tuple[SignatureGroup, ...]:
    """The groups of the faults of one program, given with their rows in ``measured``."""
    by_signature: dict[Signature, list[tuple[int, Fault]]] = defaultdict(list)
    tasks, seeds = batch.rollout_text("task"), batch.rollouts["seed"]
    for row, fault in sorted(faults, key=lambda f: (tasks[f[1].rollout], int(seeds[f[1].rollout]), f[1].rollout)):
        by_signature[fault.signature].append((row, fault))
    groups = []
    for signature, numbered in by_signature.items():
        members = [fault for _, fault in numbered]
        rollouts = [fault.rollout for fault in members]
        failed_so = np.isin(rows, rollouts)
        lines = Counter(f.line for f in members if f.line)
        line = min(lines, key=lambda n: (-lines[n], n)) if lines else 0
        erring = next((f for f in members if f.error), None)
        at = int(batch.rollouts["error_line"][erring.rollout]) if erring else 0
        values = {name: column[[row for row, _ in numbered]] for name, column in measured.items()}
        groups.append(
            SignatureGroup(
                signature=signature,
                count=len(members),
                share=len(members) / len(rows),
                interval=clustered(failed_so.tolist(), seeds[rows].tolist()),
                examples=tuple(rollouts[:_EXAMPLES]),
                line=line,
                source=source[line - 1] if 0 < line <= len(source) else "",
                error=erring.error if erring else "",
                error_line=at,
                error_source=source[at - 1] if 0 < at <= len(source) else "",
                medians=_medians({_MEASURES[0]: batch.rollouts[_MEASURES[0]][rollouts], **values}),
                sentence=members[0].sentence,
            )
        )
    return tuple(sorted(groups, key=lambda g: (-g.count, g.signature.key)))


def _medians(values: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Of each measure that is known of anyone."""
    return {name: float(np.nanmedian(v)) for name, v in values.items() if not np.isnan(v).all()}


def _program_json(program: ProgramReport) -> dict[str, Any]:
    return {
        **_with_bounds(program),
        "groups": [
            {
                **_with_bounds(group),
                "signature": group.signature.key,
                "kind": group.signature.kind,
                "examples": list(group.examples),
            }
            for group in program.groups
        ],
        "blame": [asdict(site) for site in program.blame],
        "effects": [_with_bounds(effect) for effect in program.effects],
    }


def _with_bounds(report: ProgramReport | SignatureGroup | FactorEffect) -> dict[str, Any]:
    """The fields, with the two bounds in place of the interval."""
    values = dict(vars(report))
    values["interval_low"], values["interval_high"] = values.pop("interval")
    return values
