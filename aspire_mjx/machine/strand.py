"""A strand: the lanes that stand at the same instruction with the same uniform values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from aspire_mjx.compiler.code import Code
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.machine.copying import Copier, Promotion, Take, copied
from aspire_mjx.machine.coverage import Coverage
from aspire_mjx.machine.output import Prints
from aspire_mjx.machine.values import ExceptionValue, Signal, Varying
from aspire_mjx.primitives.registry import Family, Primitive

_MOST_COPIES = 500_000  #: values, in about half a second
_MUCH = 1_000  #: instructions that are not worth asking for before they are spent


class Spent(Signal):
    """The budget of some lanes does not pay for the instruction that was about to be executed."""


class CallFrame:
    """One call in progress: code, place, scopes (its own first), operand stack and exception handlers.

    Attributes:
        code: the function.
        pc: index of the instruction that it stands at.
        scopes: its variables, then those of the functions around it; none for the module.
        stack: the operands.
        tries: the handlers around: ``(target, stack depth, handled depth)``.
        handled: the exceptions of the except clauses around.
        trips: how often each loop around has gone back to its head.
    """

    __slots__ = ("code", "handled", "pc", "scopes", "stack", "trips", "tries")

    def __init__(self, code: Code, scopes: tuple[dict[str, Any], ...]) -> None:
        self.code, self.pc, self.scopes = code, code.entry, scopes
        self.stack: list[Any] = []
        self.tries: list[tuple[int, int, int]] = []
        self.handled: list[ExceptionValue] = []
        self.trips: dict[int, int] = {}

    def go_to(self, pc: int) -> None:
        """Continue at another instruction; going back to the head of a loop starts the loops inside it anew."""
        if pc < self.pc:
            self.trips = {head: count for head, count in self.trips.items() if head <= pc}
            self.trips[pc] = self.trips.get(pc, 0) + 1
        self.pc = pc


@dataclass(eq=False)
class Strand:
    """Lanes in step.

    Attributes:
        lanes: ``[N]`` lane numbers.
        schedule: what they execute.
        limits: how many instructions and calls they may use.
        variables: the module's variables.
        frames: the calls in progress, innermost last.
        tunables: ``[N]`` value of each declared tunable.
        streams: the lanes' streams of ``np.random``; None for a program that does not use them.
        prints: what the machine's lanes have printed.
        coverage: the lines that the machine's lanes have executed.
        spent: ``[N]`` instructions executed before ``count`` was last reset.
        audited: ``[N]`` how many there were when the memory of each lane was counted last.
        until: ``[N]`` at how many it is over with a lane that does not look or move before.
        looks: ``[N]`` how often each lane has looked.
        visits: how often it has come to each line since they were last told to ``coverage``.
        count: instructions executed since then.
        turn: the count at which others have their turn.
        copies: values that were copied when it was split, joined with others, or an array in it promoted.
        apart: whether it stays a single lane, because its values are too many to be copied over and over.
        misses: how often in a row it met other strands and could not join them.
        skip: meetings to let pass.
        waiting: the primitive that they wait for and the names that its result unpacks to; None when they can run.
        entry_called: whether the machine has called ``main`` or ``run``.
    """

    lanes: np.ndarray
    schedule: Schedule
    limits: ProgramLimits
    variables: dict[str, Any]
    frames: list[CallFrame]
    tunables: dict[str, np.ndarray]
    streams: Varying | None
    prints: Prints
    coverage: Coverage
    spent: np.ndarray
    audited: np.ndarray
    until: np.ndarray
    looks: np.ndarray
    visits: dict[int, int] = field(default_factory=dict)
    count: int = 0
    turn: int = 0
    copies: int = 0
    apart: bool = False
    misses: int = 0
    skip: int = 0
    waiting: tuple[Primitive, tuple[str, ...]] | None = None
    entry_called: bool = False

    @property
    def size(self) -> int:
        """How many lanes."""
        return len(self.lanes)

    def place(self) -> tuple[Any, ...]:
        """What strands must share before their values are worth comparing."""
        waiting = self.waiting and (self.waiting[0].name, self.waiting[1])
        return id(self.schedule), waiting, tuple([(id(f.code), f.pc, tuple(f.tries)) for f in self.frames])

    def where(self) -> str:
        """The strand path: the calls in progress as ``function:line`` separated by ``>``."""
        instructions = self.schedule.instructions
        lines = [(f.code, instructions[f.pc].line) for f in self.frames]
        parts = [f"{code.name}:{line}" for code, line in lines if not code.inline and line > 0]  # 0: of the library
        return ">".join(parts[1:] if self.entry_called and len(parts) > 1 else parts)

    def source_line(self) -> int:
        """The line of the program (not of the prelude) that is being executed."""
        instructions = self.schedule.instructions
        return next((instructions[f.pc].line for f in reversed(self.frames) if instructions[f.pc].line > 0), 0)

    def forget(self, *, again: bool = False) -> None:
        """Drop the variables that nothing can read any more.

        The frames stand in a call, the innermost one in a primitive, or ``again`` before an instruction.
        """
        live = self.schedule.liveness
        for frame in self.frames:
            kept = live.variables(frame.pc, during=not (again and frame is self.frames[-1]))
            variables = frame.scopes[0] if frame.scopes else self.variables
            for name in [name for name in variables if name not in kept]:
                del variables[name]

    def root(self) -> list[Any]:
        """Everything the strand can reach."""
        return [self.variables, [[f.scopes, f.stack, f.handled] for f in self.frames], self.streams]

    def over(self) -> np.ndarray:
        """``[N]`` bool, lanes whose instructions are spent, for good or until they look or move again."""
        return self.spent + self.count >= self.until

    def take_back(self, line: int) -> None:
        """An instruction that begins a line (0: none) was not executed after all."""
        if line:
            self.visits[line] -= 1

    def tell_coverage(self) -> None:
        """Count what all its lanes have executed together for each of them."""
        self.coverage.add(self.lanes, self.visits)
        self.visits = {}

    def pay(self, count: int, spent: np.ndarray) -> None:
        """Check that what an instruction takes can be paid for, given ``count`` and ``spent`` before. Spent if not."""
        if (self.count - count > _MUCH or self.spent is not spent) and self.over().any():
            raise Spent

    def ask(self, primitive: Primitive) -> None:
        """Count a call of the robot; one that looks or moves lets lanes go on for longer. Spent after many looks."""
        if primitive.family is Family.SENSE:
            blind = self.looks >= self.limits.looks
            if blind.any():
                self.until = np.where(blind, 0, self.until)
                raise Spent
            self.looks = self.looks + 1
        elif primitive.family in (Family.QUERY, Family.PLAN):
            return
        total = self.spent + self.count
        self.until = np.minimum(total + self.limits.between, self.limits.instructions)

    def with_copy(self, copier: Copier) -> Strand:
        """A strand of the same lanes at the same place whose values a copier has copied."""
        variables, parts, streams = copied(copier, self.root())
        frames = []
        for frame, (scopes, stack, handled) in zip(self.frames, parts, strict=True):
            new = CallFrame(frame.code, scopes)
            new.pc, new.stack, new.tries, new.handled = frame.pc, stack, list(frame.tries), handled
            new.trips = dict(frame.trips)
            frames.append(new)
        copies = self.copies + copier.visited
        return replace(self, variables=variables, frames=frames, streams=streams, copies=copies)

    def take(self, rows: np.ndarray) -> Strand:
        """The strand of some of the lanes."""
        self.tell_coverage()
        taken = self.with_copy(Take(rows))
        taken.lanes, taken.spent, taken.audited = self.lanes[rows], self.spent[rows] + self.count, self.audited[rows]
        taken.until, taken.looks = self.until[rows], self.looks[rows]
        taken.count, taken.turn, taken.visits = 0, self.turn - self.count, {}
        taken.tunables = {name: values[rows] for name, values in self.tunables.items()}
        return taken

    def promote(self, array: np.ndarray | Varying) -> None:
        """Make a uniform array varying, a varying one ragged, wherever it is reached."""
        copier = Promotion(array, self.size)
        promoted = self.with_copy(copier)
        if copier.unfit:
            promoted = self.with_copy(Promotion(array, self.size, ragged=True))
        self.variables, self.frames, self.copies = promoted.variables, promoted.frames, promoted.copies

    def alone(self) -> list[Strand]:
        """Each of its lanes as a strand that stays alone, when splits and promotions have copied too much; or itself.

        What a lane computes does not depend on it; but the time that copies take does not grow any more.
        """
        if self.apart or self.copies < _MOST_COPIES:
            return [self]
        lanes: list[Strand] = [self.take(np.array([row])) for row in range(self.size)] if self.size > 1 else [self]
        for lane in lanes:
            lane.apart = True
        return lanes
