"""Lowers statements to instructions of the stack machine."""

from __future__ import annotations

import ast

from aspire_mjx.compiler.code import Code
from aspire_mjx.compiler.instruction_set import Op
from aspire_mjx.compiler.lowering.assembler import Construct, Label
from aspire_mjx.compiler.lowering.expressions import BINARY_SYMBOLS
from aspire_mjx.compiler.lowering.patterns import Failure, Patterns
from aspire_mjx.language.scopes import pattern_names
from aspire_mjx.language.standard_library import RESUMING, shown_name
from aspire_mjx.language.vocabulary import RAISED


class Lowering(Patterns):
    """Lowers a whole module. Between statements the stack holds only the iterators of the loops around."""

    def module(self, shelf: ast.Module, tree: ast.Module, entry_point: str | None) -> None:
        """The library's functions, the program, then ``main()`` or ``run()`` when it is defined and never called."""

        def body() -> None:
            self.block(shelf.body)
            self.block(tree.body)
            if entry_point:
                self.emit(Op.GLOBAL, entry_point)
                self.emit(Op.CALL_ENTRY, (0, ()))
                self.emit(Op.POP)
            self.body([])

        self.function(Code("module", 0), tree, body)

    def helper(self, node: ast.FunctionDef) -> int:
        """A function of the prelude; returns the index of its code."""
        code = Code(node.name, 0, parameters=node.args, inline=True)

        def body() -> None:
            self.block(node.body)
            self.emit(Op.RESUME)

        return self.function(code, node, body if node.name in RESUMING else lambda: self.body(node.body))

    def body(self, statements: list[ast.stmt]) -> None:
        """The statements of a function, which returns None at their end."""
        self.block(statements)
        self.emit(Op.CONST, None)
        self.emit(Op.RETURN)

    def block(self, statements: list[ast.stmt]) -> None:
        """Statements one after the other."""
        for statement in statements:
            self.line, begin = statement.lineno, len(self.instructions)
            getattr(self, f"_lower_{type(statement).__name__}")(statement)
            if len(self.instructions) > begin and not isinstance(statement, ast.For):
                self.begins.setdefault(begin, statement.lineno)

    # simple statements ----------------------------------------------------------------------------------------------

    def _lower_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.expression(node.value)
            self.emit(Op.POP)

    def _lower_Pass(self, node: ast.Pass) -> None:
        """Nothing to do."""

    _lower_Nonlocal = _lower_Global = _lower_Pass  # the scopes know

    def _lower_Assign(self, node: ast.Assign) -> None:
        self.expression(node.value)
        for _ in node.targets[1:]:
            self.emit(Op.DUP)
        for target in node.targets:
            self.target(target)

    def _lower_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.expression(node.value)
            self.target(node.target)

    def _lower_AugAssign(self, node: ast.AugAssign) -> None:
        op = BINARY_SYMBOLS[type(node.op)]
        if isinstance(node.target, ast.Subscript):
            self.expression(node.target.value, node.target.slice)
            self.emit(Op.DUP_TWO)
            self.emit(Op.SUBSCRIPT)
            self.expression(node.value)
            self.emit(Op.IN_PLACE, op)
            self.emit(Op.STORE_SUBSCRIPT, "value on top")
        elif isinstance(node.target, ast.Name):
            self._lower_Name(node.target)
            self.expression(node.value)
            self.emit(Op.IN_PLACE, op)
            self.store_name(node.target.id)

    def _lower_Delete(self, node: ast.Delete) -> None:
        self.delete(node.targets)

    def delete(self, targets: list[ast.expr]) -> None:
        """Delete names and elements, in order."""
        for target in targets:
            if isinstance(target, ast.Tuple | ast.List):
                self.delete(target.elts)
            elif isinstance(target, ast.Name):
                self.emit(*self.variable(Op.DELETE, target.id))
            elif isinstance(target, ast.Subscript):
                self.expression(target.value, target.slice)
                self.emit(Op.DELETE_SUBSCRIPT)
            else:
                raise self.refuse("construct", "del works on names and elements")

    def _lower_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            module, member = (alias.name, "") if isinstance(node, ast.Import) else (node.module or "", alias.name)
            if not member and not alias.asname:
                module = module.partition(".")[0]  # import a.b gives a
            self.emit(Op.IMPORT, (module, member))
            self.store_name(alias.asname or member or module)

    _lower_ImportFrom = _lower_Import

    def _lower_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.make_function(shown_name(node.name), node, node.args, lambda: self.body(node.body))
        self.store_name(node.name)

    def _lower_Assert(self, node: ast.Assert) -> None:
        fine = Label()
        self.expression(node.test)
        self.emit(Op.JUMP_IF_TRUE, fine)
        self.emit(Op.BUILTIN, "AssertionError")
        if node.msg is not None:
            self.expression(node.msg)
        self.emit(Op.CALL, (0 if node.msg is None else 1, ()))
        self.emit(Op.RAISE)
        self.place(fine)

    def _lower_Raise(self, node: ast.Raise) -> None:
        if node.exc is None:
            self.emit(Op.RAISE_AGAIN)
            return
        self.expression(node.exc)
        if node.cause is not None:
            self.expression(node.cause)
            self.emit(Op.POP)
        self.emit(Op.RAISE)

    # control flow ---------------------------------------------------------------------------------------------------

    def _lower_If(self, node: ast.If) -> None:
        other, end = Label(), Label()
        self.expression(node.test)
        self.emit(Op.JUMP_IF_FALSE, other)
        self.block(node.body)
        if node.orelse:
            self.emit(Op.JUMP, end)
        self.place(other)
        self.block(node.orelse)
        self.place(end)

    def _lower_While(self, node: ast.While) -> None:
        start, done, stop = Label(), Label(), Label()
        self.place(start)
        self.expression(node.test)
        self.emit(Op.JUMP_IF_FALSE, done)
        self.inside(Construct("loop", start=start, stop=stop), node.body)
        self.emit(Op.JUMP, start)
        self.place(done)
        self.block(node.orelse)
        self.place(stop)

    def _lower_For(self, node: ast.For) -> None:
        start, done, stop = Label(), Label(), Label()
        self.expression(node.iter)
        self.emit(Op.ITER)
        self.place(start)
        self.begins[len(self.instructions)] = node.lineno
        self.emit(Op.NEXT, done)
        self.target(node.target)
        self.inside(Construct("for", start=start, stop=stop, held=1), node.body)
        self.emit(Op.JUMP, start)
        self.place(done)
        self.block(node.orelse)
        self.place(stop)

    def inside(self, construct: Construct, statements: list[ast.stmt]) -> None:
        """Statements inside a construct that jumps out of them must leave."""
        self.constructs.append(construct)
        self.block(statements)
        self.constructs.pop()

    def _lower_Match(self, node: ast.Match) -> None:
        end = Label()
        self.expression(node.subject)
        for case in node.cases:
            failure = Failure(Label)
            self.emit(Op.DUP)
            self.test(case.pattern, failure)
            if pattern_names(case.pattern):
                self.emit(Op.DUP)
                self.bind(case.pattern)
            if case.guard is not None:
                self.expression(case.guard)
                self.emit(Op.JUMP_IF_FALSE, failure[0])
            self.emit(Op.POP)
            self.block(case.body)
            self.emit(Op.JUMP, end)
            self.failed(failure)
        self.emit(Op.POP)
        self.place(end)

    def leave(self, construct: Construct, held: int) -> None:
        """Instructions that leave one construct on the way out (its own jump excepted).

        ``held`` counts the values on the stack that belong to the way out: a returned value and what it passed.
        """
        if construct.kind in ("try", "finally"):
            self.emit(Op.END_TRY)
        if construct.kind == "finally":
            kept = self.constructs
            self.constructs = [*kept[: kept.index(construct)], Construct("final", held=held)]
            self.block(construct.body)
            self.constructs = kept
        elif construct.kind in ("except", "failing"):
            if construct.name:
                self.emit(Op.END_TRY)
            self.emit(Op.END_EXCEPT)
            if construct.name:
                self.emit(Op.FORGET, self.variable(Op.DELETE, construct.name))

    def _lower_Break(self, node: ast.Break | ast.Continue) -> None:
        for construct in reversed(self.constructs):
            if construct.start is None or construct.stop is None:
                self.leave(construct, 0)
                for _ in range(construct.held):
                    self.emit(Op.POP)
                continue
            if isinstance(node, ast.Break) and construct.kind == "for":
                self.emit(Op.POP)
            self.emit(Op.JUMP, construct.stop if isinstance(node, ast.Break) else construct.start)
            return
        raise self.refuse("syntax", f"{type(node).__name__.lower()} outside a loop")

    _lower_Continue = _lower_Break

    def _lower_Return(self, node: ast.Return) -> None:
        if self.scope.parent is None:
            raise self.refuse("syntax", "return outside a function")
        if node.value is None:
            self.emit(Op.CONST, None)
        else:
            self.expression(node.value)
        held = 1
        for construct in reversed(self.constructs):
            self.leave(construct, held)
            held += construct.held
        self.emit(Op.RETURN)

    def _lower_Try(self, node: ast.Try) -> None:
        if not node.finalbody:
            self.handled(node)
            return
        failed, end = Label(), Label()
        self.emit(Op.TRY, failed)
        self.constructs.append(Construct("finally", body=node.finalbody))
        self.handled(node)
        self.constructs.pop()
        self.emit(Op.END_TRY)
        self.inside(Construct("final"), node.finalbody)
        self.emit(Op.JUMP, end)
        self.place(failed)
        self.emit(Op.BEGIN_EXCEPT)
        self.inside(Construct("failing", held=1), node.finalbody)
        self.emit(Op.END_EXCEPT)
        self.emit(Op.RAISE)
        self.place(end)

    def handled(self, node: ast.Try) -> None:
        """try/except/else, without the finally block."""
        if not node.handlers:
            self.block(node.body)
            return
        failed, end = Label(), Label()
        self.emit(Op.TRY, failed)
        self.inside(Construct("try"), node.body)
        self.emit(Op.END_TRY)
        self.block(node.orelse)
        self.emit(Op.JUMP, end)
        self.place(failed)
        self.emit(Op.BEGIN_EXCEPT)
        for handler in node.handlers:
            self.handler(handler, end)
        self.emit(Op.END_EXCEPT)
        self.emit(Op.RAISE)
        self.place(end)

    def handler(self, node: ast.ExceptHandler, end: Label) -> None:
        """One except clause; the exception is on the stack before it and, when it does not match, after it."""
        further = Label()
        self.line = node.lineno
        if node.type is not None:
            self.expression(node.type)
        else:
            for kind in RAISED:
                self.emit(Op.BUILTIN, kind.__name__)
            self.emit(Op.BUILD, ("tuple", len(RAISED)))
        self.emit(Op.MATCHES)
        self.emit(Op.JUMP_IF_FALSE, further)
        forget = Label()
        if node.name:
            self.store_name(node.name)
            self.emit(Op.TRY, forget)
        else:
            self.emit(Op.POP)
        construct = Construct("except", name=node.name)
        self.inside(construct, node.body)
        self.leave(construct, 0)
        self.emit(Op.JUMP, end)
        if node.name:
            self.place(forget)
            self.emit(Op.FORGET, self.variable(Op.DELETE, node.name))
            self.emit(Op.RAISE)
        self.place(further)
