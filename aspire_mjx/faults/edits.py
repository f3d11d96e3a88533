"""Single edits of a program: what to change where, to see by running it whether that line is wrong.

Mutation-based fault localisation (M. Papadakis, Y. Le Traon, "Metallaxis-FL: mutation-based fault localization", STVR
2015; S. Moon et al., "Ask the mutants", ICST 2014): a line whose change turns failures into passes is to blame, and the
change is a repair.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from aspire_mjx.language.program import Program

Kind = Literal[
    "arguments",
    "number",
    "sign",
    "index",
    "text",
    "name",
    "orientation",
    "condition",
    "way out",
    "removed",
    "added",
    "order",
]

_SHIFTS = (0.02, 0.05, 0.1, 0.2)  # m, s or rad that a number is changed by, both ways
_RATIOS = (0.6, 0.75, 1.4)  # that a factor is changed by, beside halving and doubling
_DOWN = "[0.0, 1.0, 0.0, 0.0]"  # the hand points down, wxyz
_CALLS = ("open_gripper()", "close_gripper()", "wait(0.5)", "goto_home_joint_position()")
_FLIPPED = {ast.Add: "-", ast.Sub: "+"}
_MOST_NAMES, _MOST_TEXTS = 4, 6
_MODULES = ("np", "numpy", "math")


@dataclass(frozen=True)
class Edit:
    """One change of a program.

    Attributes:
        line: source line that is changed, in the program as it was.
        kind: what is changed.
        call: the primitive that is added or removed, "" for none.
        words: the change, e.g. ``0.12 -> 0.07`` or ``add close_gripper() before line 31``.
        program: the changed program.
    """

    line: int
    kind: Kind
    call: str
    words: str
    program: Program


def edits(program: Program, lines: Iterable[int], *, texts: Sequence[str] = ()) -> list[Edit]:
    """Every edit of some lines, by line; the same text is given once.

    Args:
        program: what is edited.
        lines: source lines to edit.
        texts: words that a text may be replaced by, beside the other texts of the program.
    """
    tree, wanted = ast.parse(program.text), set(lines)
    source = _Source(program.text)
    own = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    others = [text for text in dict.fromkeys([*texts, *sorted(own)]) if text and len(text) < 40]
    found: dict[str, Edit] = {}
    for line, kind, call, words, text in _changes(tree, source, wanted, others):
        if text == program.text or text in found:
            continue
        if _parses(text):
            found[text] = Edit(line, kind, call, words, Program(text, program.name))
    return sorted(found.values(), key=lambda edit: edit.line)


_Change = tuple[int, Kind, str, str, str]  # line, kind, call, words, text


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


class _Source:
    """A text that pieces are replaced in; columns are those of ``ast``, in bytes."""

    def __init__(self, text: str) -> None:
        self.lines = text.encode().split(b"\n")

    def of(self, node: ast.expr | ast.stmt) -> str:
        """The text of a node of one line."""
        return self.lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode()

    def replaced(self, node: ast.expr | ast.stmt, new: str) -> str:
        """The whole text with a node of any lines replaced."""
        end = (node.end_lineno or node.lineno) - 1
        head, tail = self.lines[node.lineno - 1][: node.col_offset], self.lines[end][node.end_col_offset :]
        return self._joined([*self.lines[: node.lineno - 1], head + new.encode() + tail, *self.lines[end + 1 :]])

    def before(self, statement: ast.stmt, new: str) -> str:
        """The whole text with a statement added before another one."""
        row = statement.lineno - 1
        return self._joined([*self.lines[:row], b" " * statement.col_offset + new.encode(), *self.lines[row:]])

    def after(self, statement: ast.stmt, new: str) -> str:
        """The whole text with a statement added behind another one."""
        row = statement.end_lineno or statement.lineno
        return self._joined([*self.lines[:row], b" " * statement.col_offset + new.encode(), *self.lines[row:]])

    def exchanged(self, first: ast.stmt, second: ast.stmt) -> str:
        """The whole text with two statements in a row exchanged."""
        a, b = (slice(each.lineno - 1, each.end_lineno) for each in (first, second))
        between = self.lines[a.stop : b.start]
        return self._joined([*self.lines[: a.start], *self.lines[b], *between, *self.lines[a], *self.lines[b.stop :]])

    @staticmethod
    def _joined(lines: Sequence[bytes]) -> str:
        return b"\n".join(lines).decode()


def _changes(tree: ast.Module, source: _Source, lines: set[int], texts: Sequence[str]) -> Iterator[_Change]:
    for scope in (tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))):
        names = _names(scope)
        if isinstance(scope, ast.FunctionDef) and scope.body[-1].lineno in lines:
            yield from _returned(scope, source, names)
        for block in _blocks(scope):
            yield from _order(block, source, lines)
            for statement in block:
                if statement.lineno in lines:
                    yield from _statement(statement, source, names)
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or node in called:
            continue
        if node.lineno in lines and node.lineno == node.end_lineno:
            for kind, new in _expression(node, source, texts):
                yield node.lineno, kind, "", f"{source.of(node)} -> {new}", source.replaced(node, new)


def _returned(function: ast.FunctionDef, source: _Source, names: Sequence[str]) -> Iterator[_Change]:
    """A value for a function that gives back none."""
    last = function.body[-1]
    if not any(isinstance(node, ast.Return) and node.value for node in ast.walk(function)):
        for name in names:
            line, new = last.end_lineno or last.lineno, f"return {name}"
            yield last.lineno, "name", "", f"add {new} after line {line}", source.after(last, new)


def _blocks(scope: ast.Module | ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    """The lists of statements of a scope, those of functions in it left out."""
    waiting: list[list[ast.stmt]] = [scope.body]
    while waiting:
        block = waiting.pop()
        yield block
        for statement in block:
            if not isinstance(statement, ast.FunctionDef):
                waiting += [
                    inner for name in ("body", "orelse", "finalbody") if (inner := getattr(statement, name, []))
                ]
                waiting += [handler.body for handler in getattr(statement, "handlers", [])]


def _names(scope: ast.Module | ast.FunctionDef) -> list[str]:
    """The variables of a scope, in the order in which they stand."""
    parameters = [each.arg for each in scope.args.args] if isinstance(scope, ast.FunctionDef) else []
    stored = (n.id for block in _blocks(scope) for s in block for n in _nodes(s) if isinstance(n.ctx, ast.Store))
    return list(dict.fromkeys([*parameters, *stored]))


def _nodes(statement: ast.stmt) -> Iterator[ast.Name]:
    return (node for node in ast.walk(statement) if isinstance(node, ast.Name))


def _order(block: list[ast.stmt], source: _Source, lines: set[int]) -> Iterator[_Change]:
    for first, second in zip(block, block[1:], strict=False):
        simple = all(isinstance(each, ast.Expr | ast.Assign | ast.AugAssign) for each in (first, second))
        apart = first.end_lineno < second.lineno and first.col_offset == second.col_offset  # type: ignore[operator]
        if simple and apart and {first.lineno, second.lineno} & lines:
            words = f"exchange lines {first.lineno} and {second.lineno}"
            yield first.lineno, "order", _called(first), words, source.exchanged(first, second)


def _statement(statement: ast.stmt, source: _Source, names: Sequence[str]) -> Iterator[_Change]:
    line, call = statement.lineno, _called(statement)
    one_line = line == statement.end_lineno
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call) and one_line:
        value = source.of(statement.value)
        if any(value.startswith(f"{module}.") for module in _MODULES):
            yield line, "sign", "", f"{value} -> -{value}", source.replaced(statement.value, f"-{value}")
    if isinstance(statement, ast.Expr) and call and one_line:
        yield line, "removed", call, f"remove line {line}", source.replaced(statement, "pass")
    if isinstance(statement, ast.Break | ast.Continue | ast.Return):
        yield line, "way out", "", f"remove line {line}", source.replaced(statement, "pass")
    if isinstance(statement, ast.Return):
        given = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        value = source.of(statement).removeprefix("return").strip() if one_line else ""
        for name in [each for each in names if each not in given][:_MOST_NAMES]:
            new = f"return {value}, {name}" if value and value != "None" else f"return {name}"
            yield line, "name", "", f"{new} in line {line}", source.replaced(statement, new)
    if isinstance(statement, ast.Expr | ast.Assign | ast.Return | ast.If | ast.For | ast.While) and call:
        for added in _CALLS:
            words = f"add {added} before line {line}"
            yield line, "added", added.partition("(")[0], words, source.before(statement, added)
    for name in _nodes(statement) if one_line and not isinstance(statement, ast.FunctionDef) else ():
        if isinstance(name.ctx, ast.Load) and name.id in names:
            for other in [each for each in names if each != name.id][-_MOST_NAMES:]:
                yield line, "name", "", f"{name.id} -> {other}", source.replaced(name, other)


def _called(statement: ast.stmt) -> str:
    """The function that a statement calls first, "" for none."""
    head = statement.test if isinstance(statement, ast.If | ast.While) else statement
    head = head.iter if isinstance(head, ast.For) else head
    calls = (node for node in ast.walk(head) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    return next((call.func.id for call in calls if isinstance(call.func, ast.Name)), "")


def _expression(node: ast.expr, source: _Source, texts: Sequence[str]) -> Iterator[tuple[Kind, str]]:
    """What may stand in place of an expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "condition", str(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        for new in (node.value + 1, node.value - 1, 0, 2, 3 * node.value):
            yield "index", str(new)
    elif isinstance(node, ast.Constant) and isinstance(node.value, float):
        for number in _numbers(node.value):
            yield "number", number
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 40:
        for text in [each for each in texts if each != node.value][:_MOST_TEXTS]:
            yield "text", repr(text)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        left, right = source.of(node.left), source.of(node.right)
        sign = "*" if isinstance(node.op, ast.Mult) else "/"
        if isinstance(node.right, ast.Constant) and isinstance(node.right.value, float):
            for ratio in _RATIOS:
                yield "number", f"{left} {sign} {node.right.value * ratio:.4g}"
        elif isinstance(node.left, ast.Constant) and isinstance(node.left.value, float):
            for ratio in _RATIOS:
                yield "number", f"{node.left.value * ratio:.4g} {sign} {right}"
    elif isinstance(node, ast.BinOp) and type(node.op) in _FLIPPED:
        left, right = source.of(node.left), source.of(node.right)
        yield "sign", f"{left} {_FLIPPED[type(node.op)]} {right}"
        yield "sign", left
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield "sign", source.of(node.operand)
    elif isinstance(node, ast.List) and len(node.elts) == 4:
        yield "orientation", _DOWN
    elif isinstance(node, ast.List) and len(node.elts) in (2, 3):
        for each in _exchanged(list(map(source.of, node.elts))):
            yield "arguments", f"[{', '.join(each)}]"
    elif isinstance(node, ast.Compare):
        yield "condition", f"(not ({source.of(node)}))"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "condition", source.of(node.operand)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield "condition", source.of(value)
    elif (whole := _whole(node)) is not None:
        yield "index", source.of(whole)
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.ctx, ast.Load):
        first, second = map(source.of, node.elts)
        yield "arguments", f"({second}, {first})"
    elif isinstance(node, ast.Call) and len(node.args) == 2 and not node.keywords:
        first, second = map(source.of, node.args)
        yield "arguments", f"{source.of(node.func)}({second}, {first})"


def _whole(node: ast.expr) -> ast.expr | None:
    """What a slice or a field of a variable is taken from; None for other expressions."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return node.value
    field = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in _MODULES
    return node.value if field and isinstance(node, ast.Attribute) else None


def _exchanged(parts: list[str]) -> Iterator[list[str]]:
    """A list with two neighbours exchanged, for each pair that differs."""
    for at, (first, second) in enumerate(itertools.pairwise(parts)):
        if first != second:
            yield [*parts[:at], second, first, *parts[at + 2 :]]


def _numbers(value: float) -> list[str]:
    near = [value + sign * shift for shift in _SHIFTS for sign in (1.0, -1.0)]
    share = [1.0 - value] if 0.0 < value < 1.0 else []
    return [
        f"{new:.4g}" if "." in f"{new:.4g}" or "e" in f"{new:.4g}" else f"{new:.4g}.0"
        for new in dict.fromkeys([*near, -value, 0.0, value / 2, 2 * value, *share])
    ]
