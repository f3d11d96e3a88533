"""Lowers expressions to instructions of the stack machine."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from itertools import groupby

from aspire_mjx.compiler.code import FIRST, GENERATOR, Code, positional
from aspire_mjx.compiler.instruction_set import Op
from aspire_mjx.compiler.lowering.assembler import Assembler, Label
from aspire_mjx.language.standard_library import HIDDEN
from aspire_mjx.language.tunables import read_tunable
from aspire_mjx.language.vocabulary import BUILTINS, word_set

BINARY_SYMBOLS = {
    **{ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**"},
    **{ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^"},
}
_UNARY = {ast.USub: "-", ast.UAdd: "+", ast.Not: "not", ast.Invert: "~"}
_COMPARE = {
    **{ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="},
    **{ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in"},
}
_OF_MODULE = {Op.STORE: Op.STORE_GLOBAL, Op.DELETE: Op.DELETE_GLOBAL}
#: calls that read all of a generator expression before they do anything else: a list is as good
_CONSUMING_METHODS = word_set("join extend update union intersection difference symmetric_difference isdisjoint")
_CONSUMERS = word_set("sum min max sorted list tuple set dict")
#: how Python calls the functions that it makes of comprehensions; later versions make none of lists, sets and dicts
COMPREHENSION_NAMES: dict[type[ast.expr], str] = {ast.GeneratorExp: "<genexpr>"}
if [lambda: 0 for _ in [0]][0].__qualname__ != "<lambda>":
    COMPREHENSION_NAMES |= {ast.ListComp: "<listcomp>", ast.SetComp: "<setcomp>", ast.DictComp: "<dictcomp>"}
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Expressions(Assembler):
    """Each method leaves the value of its expression on top of the stack."""

    def expression(self, *nodes: ast.expr) -> None:
        """Lower any expression, or several one after the other."""
        for node in nodes:
            outside, self.line = self.line, node.lineno
            getattr(self, f"_lower_{type(node).__name__}")(node)
            self.line = outside

    # names --------------------------------------------------------------------------------------------------------

    def _lower_Name(self, node: ast.Name) -> None:
        found = self.scope.find(node.id)
        if found is not None and found[1].parent is not None:
            self.emit(Op.LOAD, (found[0], node.id))
        elif found is not None:
            self.emit(Op.GLOBAL, node.id)
        elif node.id == "__name__":
            self.emit(Op.CONST, "__main__")
        elif (name := self.primitive(node)) is not None:
            self.mention(name)
            self.emit(Op.ROBOT, name)
        else:
            self.emit(Op.BUILTIN, node.id.removeprefix(HIDDEN))

    def primitive(self, node: ast.expr) -> str | None:
        """The primitive that a name means, if nothing else is called so."""
        if not isinstance(node, ast.Name) or self.scope.find(node.id) is not None or node.id in BUILTINS:
            return None
        name = node.id.removeprefix(HIDDEN)
        return name if name in self.registry else None

    def mention(self, primitive: str) -> None:
        """Note that the program can reach a primitive from the current line."""
        self.primitives.setdefault(primitive, set()).add(self.line)

    def store_name(self, name: str) -> None:
        """Pop the top of the stack into a variable."""
        self.emit(*self.variable(Op.STORE, name))

    def variable(self, op: Op, name: str) -> tuple[Op, object]:
        """STORE or DELETE of a name in the scope that it belongs to."""
        found = self.scope.find(name)
        if found is None or found[1].parent is None:
            return _OF_MODULE[op], name
        return op, (found[0], name)

    def _lower_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.expression(node.value)
        self.emit(Op.DUP)
        self.store_name(node.target.id)

    def _lower_Constant(self, node: ast.Constant) -> None:
        self.emit(Op.CONST, node.value)

    def _lower_Attribute(self, node: ast.Attribute) -> None:
        self.expression(node.value)
        self.emit(Op.MEMBER, node.attr)

    # operators ----------------------------------------------------------------------------------------------------

    def _lower_BinOp(self, node: ast.BinOp) -> None:
        self.expression(node.left, node.right)
        self.emit(Op.BINARY, BINARY_SYMBOLS[type(node.op)])

    def _lower_UnaryOp(self, node: ast.UnaryOp) -> None:
        self.expression(node.operand)
        self.emit(Op.UNARY, _UNARY[type(node.op)])

    def _lower_BoolOp(self, node: ast.BoolOp) -> None:
        end = Label()
        for value in node.values[:-1]:
            self.expression(value)
            self.emit(Op.KEEP_IF_FALSE if isinstance(node.op, ast.And) else Op.KEEP_IF_TRUE, end)
        self.expression(node.values[-1])
        self.place(end)

    def _lower_Compare(self, node: ast.Compare) -> None:
        end = Label()
        self.expression(node.left)
        for i, (op, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            self.expression(right)
            last = i == len(node.ops) - 1
            self.emit(Op.COMPARE if last else Op.COMPARE_CHAIN, _COMPARE[type(op)])
            if not last:
                self.emit(Op.LEAVE_CHAIN, end)
        self.place(end)

    def _lower_IfExp(self, node: ast.IfExp) -> None:
        other, end = Label(), Label()
        self.expression(node.test)
        self.emit(Op.JUMP_IF_FALSE, other)
        self.expression(node.body)
        self.emit(Op.JUMP, end)
        self.place(other)
        self.expression(node.orelse)
        self.place(end)

    # containers, subscripts, text -----------------------------------------------------------------------------------

    def _lower_List(self, node: ast.List | ast.Tuple | ast.Set) -> None:
        kind = type(node).__name__.lower()
        if any(isinstance(e, ast.Starred) for e in node.elts):
            self.emit(Op.BUILD, ("list", 0))
            self.spread(node.elts, "set" if kind == "set" else None)
            self.emit(Op.BUILD_FROM, kind)
            return
        self.expression(*node.elts)
        self.emit(Op.BUILD, (kind, len(node.elts)))

    _lower_Tuple = _lower_Set = _lower_List

    def spread(self, elements: list[ast.expr], display: str | None = None) -> None:
        """Append elements, some of them starred, to the list on top of the stack."""
        for element in elements:
            if isinstance(element, ast.Starred):
                self.expression(element.value)
                self.emit(Op.EXTEND, display)
            else:
                self.expression(element)
                self.emit(Op.APPEND)

    def _lower_Dict(self, node: ast.Dict) -> None:
        self.emit(Op.BUILD, ("dict", 0))
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.expression(key)
            self.expression(value)
            self.emit(Op.MERGE if key is None else Op.INSERT)

    def _lower_Subscript(self, node: ast.Subscript) -> None:
        self.expression(node.value, node.slice)
        self.emit(Op.SUBSCRIPT)

    def _lower_Slice(self, node: ast.Slice) -> None:
        for part in (node.lower, node.upper, node.step):
            if part is None:
                self.emit(Op.CONST, None)
            else:
                self.expression(part)
        self.emit(Op.BUILD, ("slice", 3))

    def _lower_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts: list[object] = []
        may_fail = False
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                if may_fail and not isinstance(value.value, (ast.Name, ast.Constant)):
                    self.emit(Op.FSTRING, tuple(parts))  # Python formats each value before it computes the next one
                    parts, may_fail = list[object]([(-1, False)]), False
                may_fail = may_fail or value.format_spec is not None
                self.expression(value.value)
                if value.format_spec is not None:
                    self.expression(value.format_spec)
                parts.append((value.conversion, value.format_spec is not None))
            elif isinstance(value, ast.Constant):
                parts.append(str(value.value))
        self.emit(Op.FSTRING, tuple(parts))

    # calls --------------------------------------------------------------------------------------------------------

    def _lower_Call(self, node: ast.Call) -> None:
        function = node.func
        name = function.id if isinstance(function, ast.Name) and self.scope.find(function.id) is None else ""
        if name == "tunable":
            self.emit(Op.TUNABLE, read_tunable(node).name)
            return
        if name in ("any", "all", "next") and node.args and isinstance(node.args[0], ast.GeneratorExp):
            self.search(name, node.args[0], node.args[1] if len(node.args) > 1 else None)
            return
        spread = any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords)
        direct = None if spread else self.primitive(function)
        if direct is None:
            self.expression(function)
        if spread:
            self.collect_arguments(node)
            self.emit(Op.CALL_SPREAD)
            return
        at_once = name in _CONSUMERS or (isinstance(function, ast.Attribute) and function.attr in _CONSUMING_METHODS)
        for argument in (*node.args, *(k.value for k in node.keywords)):
            if at_once and isinstance(argument, ast.GeneratorExp):
                self._lower_ListComp(argument)
            else:
                self.expression(argument)
        names = tuple(k.arg or "" for k in node.keywords)
        if direct is not None:
            self.mention(direct)
            self.emit(Op.PRIMITIVE, (direct, len(node.args), names))
        else:
            self.emit(Op.CALL, (len(node.args), names))

    def collect_arguments(self, node: ast.Call) -> None:
        """Push a list and a dict of a call's arguments, in the order in which Python evaluates and checks them."""
        only = node.args[0] if len(node.args) == 1 else None
        if isinstance(only, ast.Starred):
            self.expression(only.value)
        else:
            self.emit(Op.BUILD, ("list", 0))
            self.spread(node.args)
        self.emit(Op.BUILD, ("dict", 0))
        for after_stars, group in groupby(node.keywords, key=lambda keyword: keyword.arg is None):
            keywords = list(group)
            for keyword in keywords:
                if not after_stars:
                    self.emit(Op.CONST, keyword.arg)
                self.expression(keyword.value)
                if after_stars:
                    self.emit(Op.MERGE_NEW)
            if not after_stars:
                for following in reversed(range(len(keywords))):
                    self.emit(Op.INSERT_NEW, following or None)
        if isinstance(only, ast.Starred):
            self.emit(Op.BUILD, ("list", 0))
            self.emit(Op.SPREAD)

    def _lower_Lambda(self, node: ast.Lambda) -> None:
        def body() -> None:
            self.expression(node.body)
            self.emit(Op.RETURN)

        self.make_function("lambda", node, node.args, body)

    def make_function(self, name: str, node: ast.AST, arguments: ast.arguments, body: Callable[[], None]) -> None:
        """Push a function value: defaults are evaluated here, the body is lowered later."""
        self.expression(*arguments.defaults, *filter(None, arguments.kw_defaults))
        title = self.around + ("<lambda>" if isinstance(node, ast.Lambda) else name)
        self.emit(Op.FUNCTION, self.function(Code(name, 0, parameters=arguments, title=title), node, body))

    # comprehensions -------------------------------------------------------------------------------------------------

    def _lower_ListComp(self, node: Comprehension) -> None:
        kind = "dict" if isinstance(node, ast.DictComp) else "set" if isinstance(node, ast.SetComp) else "list"

        def collect() -> None:
            self.emit(Op.LOAD, (0, ".out"))
            if isinstance(node, ast.DictComp):
                self.expression(node.key, node.value)
                self.emit(Op.INSERT)
            else:
                self.expression(node.elt)
                self.emit(Op.ADD if kind == "set" else Op.APPEND)
            self.emit(Op.POP)

        def body() -> None:
            self.emit(Op.BUILD, (kind, 0))
            self.emit(Op.STORE, (0, ".out"))
            self.generators(node.generators, collect)
            self.emit(Op.LOAD, (0, ".out"))
            self.emit(Op.RETURN)

        self.comprehension(node, body, None)

    _lower_SetComp = _lower_DictComp = _lower_ListComp

    def _lower_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        def give() -> None:
            self.emit(Op.LOAD, (0, GENERATOR))
            self.expression(node.elt)
            self.emit(Op.YIELD)

        def body() -> None:
            self.generators(node.generators, give)
            self.emit(Op.LOAD, (0, GENERATOR))
            self.emit(Op.END_GENERATOR)

        title = self.around + COMPREHENSION_NAMES[ast.GeneratorExp]
        code = Code("generator", 0, parameters=positional(FIRST), inline=True, title=title)
        self.emit(Op.FUNCTION, self.function(code, node, body))
        self.expression(node.generators[0].iter)
        self.emit(Op.ITER)
        self.emit(Op.GENERATOR)

    def search(self, kind: str, node: ast.GeneratorExp, default: ast.expr | None) -> None:
        """any, all and next over a generator expression: a loop that stops at the first hit."""

        def found() -> None:
            self.expression(node.elt)
            if kind == "next":
                self.emit(Op.RETURN)
                return
            further = Label()
            self.emit(Op.JUMP_IF_FALSE if kind == "any" else Op.JUMP_IF_TRUE, further)
            self.emit(Op.CONST, kind == "any")
            self.emit(Op.RETURN)
            self.place(further)

        def body() -> None:
            self.generators(node.generators, found)
            if kind != "next":
                self.emit(Op.CONST, kind == "all")
            elif default is not None:
                self.emit(Op.LOAD, (0, ".default"))
            else:
                self.emit(Op.BUILTIN, "StopIteration")
                self.emit(Op.RAISE)
            self.emit(Op.RETURN)

        self.comprehension(node, body, default)

    def comprehension(self, node: Comprehension, body: Callable[[], None], default: ast.expr | None) -> None:
        """Call an inline function with the first iterable, evaluated outside, as Python does."""
        names = (FIRST,) if default is None else (FIRST, ".default")
        title = self.around + COMPREHENSION_NAMES.get(type(node), "") if type(node) in COMPREHENSION_NAMES else ""
        code = Code("comprehension", 0, parameters=positional(*names), inline=True, title=title)
        index = self.function(code, node, body)
        self.emit(Op.FUNCTION, index)
        self.expression(node.generators[0].iter)
        if default is not None:
            self.expression(default)
        self.emit(Op.CALL_INLINE, (len(names), index))

    def generators(self, generators: list[ast.comprehension], innermost: Callable[[], None], index: int = 0) -> None:
        """Nested loops around ``innermost``."""
        if index == len(generators):
            innermost()
            return
        generator, head, end = generators[index], Label(), Label()
        if index == 0:
            self.emit(Op.LOAD, (0, FIRST))
        else:
            self.expression(generator.iter)
        self.emit(Op.ITER)
        self.place(head)
        self.emit(Op.NEXT, end)
        self.target(generator.target)
        for condition in generator.ifs:
            self.expression(condition)
            self.emit(Op.JUMP_IF_FALSE, head)
        self.generators(generators, innermost, index + 1)
        self.emit(Op.JUMP, head)
        self.place(end)

    # targets --------------------------------------------------------------------------------------------------------

    def target(self, node: ast.expr) -> None:
        """Pop the top of the stack into a target: a name, an element, or several of them."""
        if isinstance(node, ast.Name):
            self.store_name(node.id)
        elif isinstance(node, ast.Subscript):
            self.expression(node.value, node.slice)
            self.emit(Op.STORE_SUBSCRIPT)
        elif isinstance(node, (ast.Tuple, ast.List)):
            self.unpack(node.elts)
            for element in node.elts:
                self.target(element.value if isinstance(element, ast.Starred) else element)

    def unpack(self, parts: Sequence[ast.expr | ast.pattern]) -> None:
        """Replace the top of the stack by its elements, one for each part; a starred one takes what others leave."""
        star = next((i for i, part in enumerate(parts) if isinstance(part, ast.Starred | ast.MatchStar)), None)
        if star is None:
            self.emit(Op.UNPACK, len(parts))
        else:
            self.emit(Op.UNPACK_STAR, (star, len(parts) - star - 1))
