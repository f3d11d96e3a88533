"""The fault report of a batch of rollouts: what failed, how often, where and why, in words and numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aspire_mjx.checked import checked
from aspire_mjx.faults.blame import SiteBlame, blame_hits, comparison
from aspire_mjx.faults.events import Events, find_events
from aspire_mjx.faults.factors import FactorEffect, Starts, factor_effects, join_starts, start_conditions
from aspire_mjx.faults.fault import Fault, blamed
from aspire_mjx.faults.groups import SignatureGroup, groups
from aspire_mjx.faults.milestones import MILESTONES, progress
from aspire_mjx.faults.missing import MissingCall, find_missing
from aspire_mjx.faults.offsets import SeenOffset, seen_offsets, systematic
from aspire_mjx.faults.roles import NONE
from aspire_mjx.faults.spectrum import Hits, Site, site_hits
from aspire_mjx.faults.statistics import Interval, clustered
from aspire_mjx.faults.suspects import suspects
from aspire_mjx.html import as_html
from aspire_mjx.primitives.registry import Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.printable import source_lines
from aspire_mjx.traces.columns import ProgramText, TraceBatch, Verdict, concatenate

if TYPE_CHECKING:
    from rich.table import Table

    from aspire_mjx.faults.diagnosis import Diagnosis

TOKENS = 1_500  #: of a report in words, by default
_CHARACTERS = 4  # of a token, about
_SITES_SHOWN = 3
_EFFECTS_SHOWN = 3
_SUSPECTS_SHOWN = 3
_RARE = 0.05  # share of the failed rollouts; groups of fewer are named without their sentence
_LOOKED_AT = 40  # failed and passed rollouts of a program whose calls are kept and gone through


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
        blame: sites: those that tell failures from passes, then the others; in each most suspicious first.
        effects: factors, start conditions and tunables, smallest p-value first.
        offsets: how far off looks are in most rollouts.
        suspects: source lines to look at with their text, most suspicious first, as far as some failed rollouts say.
        missing: a call that the program lacks, as far as some rollouts say; None for none that is known.
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
    offsets: tuple[SeenOffset, ...] = ()
    suspects: tuple[tuple[int, str], ...] = ()
    missing: MissingCall | None = None

    def blocks(self, diagnosis: Diagnosis | None = None) -> Iterator[list[str]]:
        """The report in words and numbers, most important first, in pieces that stand or fall as wholes.

        Args:
            diagnosis: of the same rollouts; it stands in place of the milestones and suspects found here.
        """
        failed = self.trials - self.passes
        yield [
            f"program {self.name} ({self.hash}): {self.passes}/{self.trials} pass "
            f"(95% {self.interval.low:.2f}-{self.interval.high:.2f}), strict {self.strict_passes}/{self.trials}"
        ]
        if diagnosis is not None:
            yield diagnosis.text().splitlines()[1:]
        elif self.missed:
            said = ", ".join(f"{name} {count}" for name, count in self.missed)
            yield [f"  first milestone missed (the judge's view): {said}"]
        if diagnosis is None and self.missing is not None:
            yield [f"  {self.missing.sentence}"]
        for group in self.groups[:1]:
            yield self._group(group)
        for effect in [e for e in self.effects if e.significant][:_EFFECTS_SHOWN]:
            yield [f"  {effect.sentence}"]
        yield from ([f"  {offset.sentence}"] for offset in self.offsets)
        if diagnosis is None and self.suspects:
            yield [f"  look at line {line}: {text.strip()}" for line, text in self.suspects]
        often = [group for group in self.groups[1:] if group.count >= max(_RARE * failed, 2)]
        yield from (self._group(group) for group in often)
        found = comparison(self.blame, failed, self.passes, shown=_SITES_SHOWN)
        yield from ([f"  blame {sentence}"] for sentence in found)
        yield from (self._group(group)[:1] for group in self.groups[1:] if group not in often)

    def _group(self, group: SignatureGroup) -> list[str]:
        shown = ", ".join(map(str, group.examples))
        also = ", ".join(f"{signature.key} {count}" for signature, count in group.members[1:])
        return [
            f"  fault {group.signature.key}: {group.count}/{self.trials} "
            f"(95% {group.interval.low:.2f}-{group.interval.high:.2f}), typical rollouts {shown}",
            *(f"    {where}" for where in group.where),
            f"    rollout {group.examples[0]}, {group.sentence}",
            *([f"    with {also}"] if also else []),
        ]

    @property
    def missed(self) -> tuple[tuple[str, int], ...]:
        """Milestones with how many failed rollouts missed each first, most frequent first."""
        counts = Counter[str]()
        for group in self.groups:
            counts[group.signature.milestone] += group.count
        counts.pop(NONE, None)
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], MILESTONES.index(item[0]))))


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

    def text(self, diagnoses: Sequence[Diagnosis] = (), *, tokens: int = TOKENS) -> str:
        """Short text and numbers, made to be read by an agent, the most important first.

        Args:
            diagnoses: of the same rollouts, one for each program, or none.
            tokens: how long it may be, at four characters a token; what does not fit is left out, and counted.
        """
        room, lines, left = tokens * _CHARACTERS, [], 0
        pairs = zip(self.programs, diagnoses or (None,) * len(self.programs), strict=True)
        for block in (block for program, diagnosis in pairs for block in program.blocks(diagnosis)):
            need = sum(len(line) + 1 for line in block)
            if need > room or left:
                left += 1
                continue
            room -= need
            lines += block
        return "\n".join([*lines, *([f"  (left out for length: {left}; to_json() has all)"] if left else [])])

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
            "faults": [fault.to_json() for fault in self.faults],
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
        self._events: list[Events] = []
        self._offsets: list[np.ndarray] = []
        self._kept: dict[tuple[ProgramText, bool], list[TraceBatch]] = defaultdict(list)  # some failed, some passed
        self._hits: dict[ProgramText, dict[Site, Hits]] = {}
        self._rollouts = 0
        self._calls = 0

    def add(self, batch: TraceBatch) -> None:
        """Count the rollouts of the next part.

        Raises:
            UnknownNameError: an unknown verdict, or a traced primitive that the registry does not declare.
        """
        passes = np.asarray(batch.passes(self._verdict), bool)
        events = find_events(batch, passes, registry=self._registry)
        self._events.append(events.after(self._rollouts, self._calls))
        self._offsets.append(seen_offsets(batch))
        for index, program in enumerate(batch.programs):
            for passed in (False, True):
                kept = self._kept[program, passed]
                rows = np.flatnonzero((passes == passed) & (batch.rollouts["program"] == index))
                rows = rows[: _LOOKED_AT - sum(map(len, kept))]
                kept += [batch.select(rows)] if len(rows) else []
            known = self._hits.setdefault(program, {})
            for site, hits in site_hits(batch, passes, program=index).items():
                known[site] = hits.plus(known.get(site, Hits(0, 0)))
        self._parts.append(batch.without_calls())
        self._starts.append((len(batch), start_conditions(batch)))
        self._rollouts += len(batch)
        self._calls += len(batch.calls["rollout"])

    def rollouts(self) -> TraceBatch:
        """Those added so far, without their calls."""
        return concatenate(self._parts)

    def report(self) -> FaultReport:
        """The report on those added so far."""
        batch, starts = self.rollouts(), join_starts(self._starts)
        offsets = np.concatenate([*self._offsets, np.zeros((0, 2))])
        passes = np.asarray(batch.passes(self._verdict), bool)
        faults, by_program = blamed(Events.of_all(self._events)), defaultdict(list)
        for fault in faults:
            by_program[int(batch.rollouts["program"][fault.rollout])].append(fault)
        reports, kept = [], concatenate([part for parts in self._kept.values() for part in parts])
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
                    groups=groups(batch, by_program[index], source_lines(program.text), rows),
                    blame=blame_hits(self._hits[program], len(rows) - count, count),
                    effects=factor_effects(batch, passes, rows, starts=starts),
                    offsets=systematic(offsets[rows]),
                    suspects=self._suspects(program),
                    missing=find_missing(
                        kept,
                        np.asarray(kept.passes(self._verdict), bool),
                        kept.programs.index(program),
                        registry=self._registry,
                    ),
                )
            )
        return FaultReport(self._verdict, tuple(reports), tuple(faults))

    def _suspects(self, program: ProgramText) -> tuple[tuple[int, str], ...]:
        if not self._kept[program, False]:
            return ()
        failed, source = concatenate(self._kept[program, False]), source_lines(program.text)
        found = suspects(failed, progress(failed, registry=self._registry), range(len(failed)), program.text)
        return tuple((line, source[line - 1]) for line in found[:_SUSPECTS_SHOWN] if line <= len(source))


def _program_json(program: ProgramReport) -> dict[str, Any]:
    return {
        **_with_bounds(program),
        "groups": [
            {
                **_with_bounds(group),
                "signature": group.signature.key,
                "kind": group.signature.kind,
                "members": {signature.key: count for signature, count in group.members},
                "examples": list(group.examples),
                "seeds": list(group.seeds),
            }
            for group in program.groups
        ],
        "blame": [asdict(site) for site in program.blame],
        "offsets": [asdict(offset) for offset in program.offsets],
        "missing": None if program.missing is None else asdict(program.missing),
        "suspects": [line for line, _ in program.suspects],
        "effects": [_with_bounds(effect) for effect in program.effects],
    }


def _with_bounds(report: ProgramReport | SignatureGroup | FactorEffect) -> dict[str, Any]:
    """The fields, with the two bounds in place of the interval."""
    values = dict(vars(report))
    values["interval_low"], values["interval_high"] = values.pop("interval")
    return values
