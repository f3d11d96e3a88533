"""A strand: the lanes that stand at the same instruction with the same uniform values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from aspire_mjx.compiler.graph import Copier, Merge, Promotion, Signature, Take, copied
from aspire_mjx.compiler.limits import Limits
from aspire_mjx.compiler.output import Output
from aspire_mjx.compiler.schedule import Code, Schedule
from aspire_mjx.compiler.values import ExceptionValue, Laned
from aspire_mjx.primitives.registry import Primitive


class Frame:
    """One call in progress: code, place, scopes (its own first), operand stack and exception handlers.

    ``tries`` holds ``(target, stack depth, handled depth)``; ``handled`` the exceptions of the except clauses around.
    """

    __slots__ = ("code", "handled", "pc", "scopes", "stack", "tries")

    def __init__(self, code: Code, scopes: tuple[dict[str, Any], ...]) -> None:
        self.code, self.pc, self.scopes = code, code.entry, scopes
        self.stack: list[Any] = []
        self.tries: list[tuple[int, int, int]] = []
        self.handled: list[ExceptionValue] = []


@dataclass(eq=False)
class Strand:
    """Lanes in step.

    Attributes:
        lanes: ``[N]`` lane numbers.
        schedule: what they execute.
        variables: the module's variables.
        frames: the calls in progress, innermost last.
        tunables: ``[N]`` value of each declared tunable.
        streams: the lanes' streams of ``np.random``; None for a program that does not use them.
        output: what each lane has printed.
        spent: ``[N]`` instructions executed before ``count`` was last reset.
        count: instructions executed since then.
        waiting: the primitive that they wait for and the names that its result unpacks to; None when they can run.
    """

    lanes: np.ndarray
    schedule: Schedule
    limits: Limits
    variables: dict[str, Any]
    frames: list[Frame]
    tunables: dict[str, np.ndarray]
    streams: Laned | None
    output: dict[int, Output]
    spent: np.ndarray
    count: int = 0
    waiting: tuple[Primitive, tuple[str, ...]] | None = None
    path: str = ""
    entry_called: bool = False

    @property
    def size(self) -> int:
        """How many lanes."""
        return len(self.lanes)

    @property
    def line(self) -> int:
        """The source line of the instruction that the strand stands at."""
        return self.schedule.instructions[self.frames[-1].pc].line

    def place(self) -> tuple[Any, ...]:
        """What strands must share before their values are worth comparing."""
        waiting = self.waiting and (self.waiting[0].name, self.waiting[1])
        return id(self.schedule), waiting, tuple([(id(f.code), f.pc, tuple(f.tries)) for f in self.frames])

    def where(self) -> str:
        """The strand path: the calls in progress as ``function:line`` separated by ``>``."""
        instructions = self.schedule.instructions
        parts = [f"{f.code.name}:{instructions[f.pc].line}" for f in self.frames if not f.code.inline]
        return ">".join(parts[1:] if self.entry_called and len(parts) > 1 else parts)

    def source_line(self) -> int:
        """The line of the program (not of the prelude) that is being executed."""
        instructions = self.schedule.instructions
        return next((instructions[f.pc].line for f in reversed(self.frames) if instructions[f.pc].line > 0), 0)

    def root(self) -> list[Any]:
        """Everything the strand can reach."""
        return [self.variables, [[f.scopes, f.stack, f.handled] for f in self.frames], self.streams]

    def with_copy(self, copier: Copier) -> Strand:
        """A strand of the same lanes at the same place whose values a copier has copied."""
        variables, parts, streams = copied(copier, self.root())
        frames = []
        for frame, (scopes, stack, handled) in zip(self.frames, parts, strict=True):
            new = Frame(frame.code, scopes)
            new.pc, new.stack, new.tries, new.handled = frame.pc, stack, list(frame.tries), handled
            frames.append(new)
        return replace(self, variables=variables, frames=frames, streams=streams)

    def take(self, rows: np.ndarray) -> Strand:
        """The strand of some of the lanes."""
        taken = self.with_copy(Take(rows))
        taken.lanes, taken.spent, taken.count = self.lanes[rows], self.spent[rows] + self.count, 0
        taken.tunables = {name: values[rows] for name, values in self.tunables.items()}
        return taken

    def promote(self, array: np.ndarray | Laned) -> None:
        """Make a uniform array laned, a laned one ragged, wherever it is reached."""
        promoted = self.with_copy(Promotion(array, self.size))
        self.variables, self.frames = promoted.variables, promoted.frames


def merge(strands: list[Strand]) -> list[Strand]:
    """Join the strands that stand at the same place and whose values have the same structure."""
    places: dict[Any, list[Strand]] = {}
    for strand in strands:
        places.setdefault(strand.place(), []).append(strand)
    merged = []
    for group in places.values():
        merged += [group[0]] if len(group) == 1 else _merge_place(group)
    return merged


def _merge_place(strands: list[Strand]) -> list[Strand]:
    alike: dict[tuple[Any, ...], list[tuple[Strand, list[Any]]]] = {}
    for strand in strands:
        signature = Signature()
        copied(signature, strand.root())
        alike.setdefault(tuple(signature.tokens), []).append((strand, signature.leaves))
    merged = []
    for group in alike.values():
        first = group[0][0]
        if len(group) > 1:
            copier = Merge([leaves for _, leaves in group], [s.size for s, _ in group])
            first = first.with_copy(copier)
            first.lanes = np.concatenate([s.lanes for s, _ in group])
            first.spent, first.count = np.concatenate([s.spent + s.count for s, _ in group]), 0
            first.tunables = {name: np.concatenate([s.tunables[name] for s, _ in group]) for name in first.tunables}
        merged.append(first)
    return merged
