"""Which variables can still be read. Strands forget the others, so that they meet again and have less to copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from aspire_mjx.compiler.code import Code
from aspire_mjx.compiler.control_flow import ControlFlow, successors
from aspire_mjx.compiler.instruction_set import Instruction, Op

_GLOBAL = -1  #: the level of the module's variables
Access = tuple[int, str]  # how many scopes further out (or _GLOBAL), and the name


class Liveness:
    """The live variables of one schedule, worked out for a function when first asked.

    A variable of the frame at ``pc`` is kept when a path from there reads it before it is assigned again, or when a
    function that may outlive the frame can see it.
    """

    def __init__(self, flow: ControlFlow, codes: Sequence[Code]) -> None:
        self.flow, self.codes = flow, codes
        self._code_of = [0] * len(flow.instructions)
        for index, code in enumerate(codes):
            self._code_of[code.entry : code.end] = [index] * (code.end - code.entry)
        self._immediate, self._escaping = accesses(flow.instructions, codes)
        self._bits: dict[int, dict[str, int]] = {}  # of each function: the bit of each of its variables
        self._entering: dict[int, int] = {}
        self._sets: dict[tuple[int, bool], frozenset[str]] = {}

    def variables(self, pc: int, *, during: bool) -> frozenset[str]:
        """Variables that are live just before an instruction, or ``during`` the call that it makes."""
        if (pc, during) not in self._sets:
            code = self._code_of[pc]
            if code not in self._bits:
                self._solve(code)
            live = self._during(pc) if during else self._entering[pc]
            self._sets[pc, during] = frozenset(name for name, bit in self._bits[code].items() if live & bit)
        return self._sets[pc, during]

    def _during(self, pc: int) -> int:
        bits = self._bits[self._code_of[pc]]
        live = self._mask(bits, self._captured(pc))
        for after in self._after(pc):
            live |= self._entering[after]
        return live

    def _after(self, pc: int) -> list[int]:
        handler = self.flow.handlers[pc]
        return successors(self.flow.instructions, pc) + ([handler] if handler >= 0 else [])

    def _captured(self, pc: int) -> list[str]:
        """Variables of this frame that the comprehension called at ``pc`` reads."""
        op, arg, _ = self.flow.instructions[pc]
        if op is not Op.CALL_INLINE or not isinstance(arg, tuple):
            return []
        level = _GLOBAL if self._code_of[pc] == 0 else 1
        return [name for at, name in self._immediate[arg[1]] if at == level]

    @staticmethod
    def _mask(bits: dict[str, int], names: Iterable[str]) -> int:
        mask = 0
        for name in names:
            mask |= bits.setdefault(name, 1 << len(bits))
        return mask

    def _solve(self, index: int) -> None:
        """Backward dataflow over the instructions of one function, until nothing changes."""
        code, level = self.codes[index], _GLOBAL if index == 0 else 0
        bits = self._bits[index] = {}
        always = self._mask(bits, (name for at, name in sorted(self._escaping[index]) if at == level))
        span = range(code.entry, code.end)
        kills, reads, after, before = {}, {}, {}, {pc: [] for pc in span}
        for pc in span:
            op, arg, _ = self.flow.instructions[pc]
            access = _access(op, arg)
            own = self._mask(bits, [access[1]] if access is not None and access[0] == level else [])
            kills[pc] = own if op.writes else 0
            reads[pc] = (own if op.reads else 0) | self._mask(bits, self._captured(pc))
            after[pc] = [each for each in self._after(pc) if each in before]
            for each in after[pc]:
                before[each].append(pc)
        entering = dict.fromkeys(span, always)
        pending, waits = list(span), set(span)
        while pending:
            pc = pending.pop()
            waits.discard(pc)
            live = 0
            for each in after[pc]:
                live |= entering[each]
            live = (live & ~kills[pc]) | reads[pc] | always
            if live != entering[pc]:
                entering[pc] = live
                fresh = [other for other in before[pc] if other not in waits]
                waits.update(fresh)
                pending += fresh
        self._entering |= entering


def _access(op: Op, arg: Any) -> Access | None:
    """The variable that an instruction reads, assigns or deletes."""
    if op is Op.FORGET:
        op, arg = arg
    if not (op.reads or op.writes):
        return None
    return (_GLOBAL, arg) if isinstance(arg, str) else arg


def accesses(instructions: Sequence[Instruction], codes: Sequence[Code]) -> tuple[list[set[Access]], list[set[Access]]]:
    """For each function, the variables it touches while it runs, and those that functions made in it may touch later.

    A comprehension runs at once, so what it touches belongs to the function around it.
    """
    immediate: list[set[Access]] = [set() for _ in codes]
    escaping: list[set[Access]] = [set() for _ in codes]
    made: list[list[int]] = [[] for _ in codes]
    inline: set[int] = set()
    for index, code in enumerate(codes):
        for op, arg, _ in instructions[code.entry : code.end]:
            access = _access(op, arg)
            if access is not None:
                immediate[index].add(access)
            elif op is Op.FUNCTION and isinstance(arg, int):
                made[index].append(arg)
            elif op is Op.CALL_INLINE and isinstance(arg, tuple):
                inline.add(arg[1])
    for index in reversed(range(len(codes))):  # functions come after the one that makes them
        for child in made[index]:
            for kind, touched in (("now", immediate[child]), ("later", escaping[child])):
                shifted = {(at if at == _GLOBAL else at - 1, name) for at, name in touched if at != 0}
                (immediate if kind == "now" and child in inline else escaping)[index].update(shifted)
    return immediate, escaping
