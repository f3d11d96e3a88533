"""Lowers the patterns of ``match``: constants, alternatives, names, wildcards, and sequences of them."""

from __future__ import annotations

import ast
from collections import defaultdict

from aspire_mjx.compiler.instruction_set import Op
from aspire_mjx.compiler.lowering.assembler import Label
from aspire_mjx.compiler.lowering.expressions import Expressions
from aspire_mjx.language.scopes import pattern_names

#: Where a pattern that does not match jumps to, by how many values lie above the subject then.
Failure = defaultdict[int, Label]


class Patterns(Expressions):
    """Tests of patterns, which bind nothing, and the binding of their names once the whole pattern matches."""

    def test(self, node: ast.pattern, failure: Failure, above: int = 1) -> None:
        """Consume the value on top of the stack, the last of ``above`` values; jump when it does not match."""
        self.line = node.lineno
        if isinstance(node, ast.MatchValue | ast.MatchSingleton):
            if isinstance(node, ast.MatchValue):
                self.expression(node.value)
            else:
                self.emit(Op.CONST, node.value)
            self.emit(Op.COMPARE, "==" if isinstance(node, ast.MatchValue) else "is")
            self.emit(Op.JUMP_IF_FALSE, failure[above - 1])
        elif isinstance(node, ast.MatchOr):
            self._alternatives(node, failure, above)
        elif isinstance(node, ast.MatchSequence):
            star = any(isinstance(part, ast.MatchStar) for part in node.patterns)
            self.emit(Op.DUP)
            self.emit(Op.IS_SEQUENCE, (len(node.patterns) - star, star))
            self.emit(Op.JUMP_IF_FALSE, failure[above])
            self.unpack(node.patterns)
            for index, part in enumerate(node.patterns):
                self.test(part, failure, above - 1 + len(node.patterns) - index)
        elif isinstance(node, ast.MatchAs) and node.pattern is not None:
            self.test(node.pattern, failure, above)
        else:
            self.emit(Op.POP)

    def _alternatives(self, node: ast.MatchOr, failure: Failure, above: int) -> None:
        matched = Label()
        for alternative in node.patterns:
            further = Failure(Label)
            self.emit(Op.DUP)
            self.test(alternative, further)
            self.emit(Op.JUMP, matched)
            self.failed(further)
        self.emit(Op.JUMP, failure[above])
        self.place(matched)
        self.emit(Op.POP)

    def failed(self, failure: Failure) -> None:
        """The place where a test goes when it fails: drops what it left above the subject."""
        for above in range(max(failure, default=0), 0, -1):
            self.place(failure[above])
            self.emit(Op.POP)
        self.place(failure[0])

    def bind(self, node: ast.pattern) -> None:
        """Consume the value on top of the stack, which matches, into the names of a pattern."""
        if isinstance(node, ast.MatchAs) and node.name is not None:
            if node.pattern is not None:
                self.emit(Op.DUP)
                self.bind(node.pattern)
            self.store_name(node.name)
        elif isinstance(node, ast.MatchStar) and node.name is not None:
            self.store_name(node.name)
        elif isinstance(node, ast.MatchSequence) and pattern_names(node):
            self.unpack(node.patterns)
            for part in node.patterns:
                self.bind(part)
        else:
            self.emit(Op.POP)
