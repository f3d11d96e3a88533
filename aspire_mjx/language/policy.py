"""The policy check: what a program may contain, decided from its syntax tree before anything runs.

A finding is ``(line, rule, message)``. Rules: ``syntax``, ``limit``, ``import``, ``name``, ``attribute``, ``dunder``,
``construct``, ``tunable``, ``call`` (arguments that do not fit the robot API), ``api`` (an unknown API profile),
``robot`` (a program for another one).
"""

from __future__ import annotations

import ast
import difflib
import string
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.language import rotation
from aspire_mjx.language import standard_library as library
from aspire_mjx.language.api_choice import chosen_api
from aspire_mjx.language.call_check import call_problem, signature_of
from aspire_mjx.language.default_dicts import replace_default_dicts
from aspire_mjx.language.deques import replace_deques
from aspire_mjx.language.expansion import MAX_DOTTED, expansions, long_dotted_name
from aspire_mjx.language.guards import guard_format
from aspire_mjx.language.imports import ANNOTATION_MODULES, drop_without_modules, is_available, meant, members_of
from aspire_mjx.language.limits import MAX_INT_BITS, MAX_NESTING, MAX_SOURCE
from aspire_mjx.language.matches import may_have_matches, replace_matches
from aspire_mjx.language.modules import IMPORTS, Facade
from aspire_mjx.language.other_robots import other_robot
from aspire_mjx.language.output_settings import may_set_output, settle_output
from aspire_mjx.language.scopes import (
    COMPREHENSIONS,
    Scope,
    ScopeVisitor,
    analyse_scopes,
    pattern_names,
)
from aspire_mjx.language.stand_ins import may_have_stand_ins, replace_stand_ins
from aspire_mjx.language.standard_library import HIDDEN
from aspire_mjx.language.tunables import read_tunable
from aspire_mjx.language.vocabulary import ALLOWED, ATTRIBUTES, BUILTINS
from aspire_mjx.primitives.api_profile import NATIVE, REFUSED, ApiProfile
from aspire_mjx.primitives.registry import Registry
from aspire_mjx.printable import printable
from aspire_mjx.shipped import packaged_json

Finding = tuple[int, str, str]
MAX_FINDINGS = 50  #: findings reported one by one

_MATCHES, _LINES = 3, 8  #: near names, and further lines, that a finding tells
_LONGEST = 60  #: characters of a name that may be a misspelt one
_ALLOWED_IMPORTS = "import numpy as np, import math, from scipy.spatial.transform import Rotation"
#: the syntax that programs are made of
_NODES = tuple(getattr(ast, name) for name in ALLOWED["syntax"]["nodes"])


_ADVICE = packaged_json("language/data/advice.json")


def _advice(kind: str) -> dict[str, str]:
    """What to use instead of the "modules", "names" or "syntax" that programs do not have."""
    return {name: advice["instead"] for advice in _ADVICE for name in advice.get(kind, ())}


_MODULES_INSTEAD = _advice("modules")
_NAMES_INSTEAD = {**_advice("names"), **REFUSED}
_SYNTAX_INSTEAD = _advice("syntax")
_ATTRIBUTES_INSTEAD = _advice("attributes")


def _instead(path: str) -> str:
    """What to use instead of a module that is not available, or of a part of it."""
    parts = path.split(".")
    paths = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    near = _MODULES_INSTEAD.get(path) or _NAMES_INSTEAD.get(parts[-1])
    advice = near or next((_MODULES_INSTEAD[p] for p in paths if p in _MODULES_INSTEAD), None)
    if members := members_of(parts[0]):
        known = f"of {parts[0]} programs have {', '.join(members)}"
        return f"{advice}; {known}" if advice else known
    return f"{advice}; allowed: {_ALLOWED_IMPORTS}" if advice else f"allowed: {_ALLOWED_IMPORTS}"


def _dotted(node: ast.AST) -> list[str]:
    """The names of ``a.b.c``; none for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else []


def syntax_tree(text: str) -> ast.Module:
    """What Python's own parser gives. SyntaxError, with a line, for whatever it cannot parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError:
        raise
    except (MemoryError, RecursionError):
        raise SyntaxError(f"the program is nested too deeply; at most {MAX_NESTING} levels", ("", 1, 0, "")) from None
    except (ValueError, UnicodeError) as error:
        raise SyntaxError(str(error), ("", 1, 0, "")) from None


def parse_program(text: str) -> ast.Module:
    """The syntax tree of a program text. SyntaxError, with a line, for whatever Python cannot parse."""
    if len(text) > MAX_SOURCE:
        raise SyntaxError(f"the program has {len(text)} characters; at most {MAX_SOURCE} are allowed", ("", 1, 0, ""))
    line = long_dotted_name(text)
    if line is not None:
        raise SyntaxError(f"dotted names have at most {MAX_DOTTED} parts", ("", line, 0, ""))
    tree = syntax_tree(text)
    if may_have_stand_ins(text):
        replace_stand_ins(tree)
    if "deque" in text:
        replace_deques(tree)
    if may_set_output(text):
        settle_output(tree)
    if may_have_matches(text):
        replace_matches(tree)
    return tree


class Examined(NamedTuple):
    """A program and what the policy refuses in it.

    Attributes:
        findings: in line order; none for a program that may run.
        tree: its syntax, without what is never reached; empty for a text that cannot be parsed.
        profile: its robot API.
    """

    findings: tuple[Finding, ...]
    tree: ast.Module
    profile: ApiProfile


def findings(source: str, registry: Registry) -> tuple[Finding, ...]:
    """Everything in a program that the policy refuses, in line order; empty for a program that may run."""
    return examine(source, registry).findings


def examine(source: str, registry: Registry) -> Examined:
    """Reads a program and applies the policy to it."""
    try:
        tree = parse_program(source)
    except SyntaxError as error:
        rule = "limit" if "at most" in str(error.msg) else "syntax"
        return _unread((error.lineno or 1, rule, error.msg or "invalid syntax"))
    deep = _too_deep(tree)
    if deep is not None:
        return _unread((deep, "limit", f"syntax is nested too deeply; at most {MAX_NESTING} levels are allowed"))
    try:
        profile = chosen_api(source, tree, registry).profile
    except UnknownNameError as error:
        return _unread((1, "api", str(error)))
    replace_default_dicts(tree)
    drop_without_modules(tree, (*registry.names, *library.public_functions(profile)))
    check = _Check(registry, analyse_scopes(tree), profile)
    check.visit(tree)
    check.report_unknown_names()
    check.found += [(line, "limit", message) for line, message in expansions(tree)]
    if not check.found:
        check.found += _misplaced(tree)
    found = sorted(_said_once(check.found))
    more = found[MAX_FINDINGS:]
    if more:
        rest = f"and {len(more)} more findings from here on; fix the ones above first"
        found[MAX_FINDINGS:] = [(more[0][0], "limit", rest)]
    return Examined(tuple(found), tree, profile)


def _unread(finding: Finding) -> Examined:
    return Examined(tuple(_said_once([finding])), ast.Module([], []), NATIVE)


def _said_once(found: Iterable[Finding]) -> Iterator[Finding]:
    """Each message at its first line, with the others that it is about."""
    places: dict[tuple[str, str], set[int]] = {}
    for line, rule, message in found:
        places.setdefault((rule, message), set()).add(line)
    for (rule, message), lines in places.items():
        first, *others = sorted(lines)
        also = ", ".join(map(str, others[:_LINES])) + (", ..." if len(others) > _LINES else "")
        yield first, rule, printable(f"{message} (also in line{'s' * (len(others) > 1)} {also})" if others else message)


def _misplaced(tree: ast.Module) -> list[Finding]:
    """What is only wrong where it stands (break outside a loop, a starred value, ...), found by Python's compiler.

    The code object is thrown away.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(tree, "program", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return [(getattr(error, "lineno", None) or 1, "syntax", getattr(error, "msg", None) or str(error))]
    except (MemoryError, RecursionError):
        return [(1, "limit", f"syntax is nested too deeply; at most {MAX_NESTING} levels are allowed")]
    return []


def _too_deep(tree: ast.Module) -> int | None:
    level: list[tuple[ast.AST, int]] = [(tree, 1)]
    for _ in range(MAX_NESTING):
        level = [
            (child, getattr(child, "lineno", line)) for node, line in level for child in ast.iter_child_nodes(node)
        ]
        if not level:
            return None
    return level[0][1]


class _Check(ScopeVisitor):
    def __init__(self, registry: Registry, scopes: dict[ast.AST, Scope], profile: ApiProfile) -> None:
        super().__init__()
        self.found: list[Finding] = []
        self.registry = registry
        self.scopes = scopes
        self.line = 1
        self.formats: set[ast.AST] = set()
        self.tunable_calls: set[ast.AST] = set()
        self.helpers = library.public_functions(profile)
        self.api = [call.name for call in profile.calls] or [*registry.names, *self.helpers]
        self.names = dict.fromkeys((*self.api, *registry.names, *sorted(BUILTINS), *self.helpers))
        self.profile = profile
        self.unknown_names: dict[str, list[int]] = {}
        self.attributes = ATTRIBUTES | {f.name for p in registry for f in p.fields}

    def scope_of(self, node: ast.AST) -> Scope:
        return self.scopes[node]

    def bind(self, name: str) -> None:
        self.spelling(name)

    def refuse(self, rule: str, message: str, line: int | None = None) -> None:
        self.found.append((line or self.line, rule, message))

    def visit(self, node: ast.AST) -> None:
        self.line = getattr(node, "lineno", self.line)
        if not isinstance(node, _NODES):
            name = type(node).__name__
            self.refuse("construct", _SYNTAX_INSTEAD.get(name, f"{name} is not part of the language of programs"))
            return
        if isinstance(node, COMPREHENSIONS) and any(generator.is_async for generator in node.generators):
            self.refuse("construct", "async code is not supported")
        super().visit(node)

    def visit_Module(self, node: ast.Module) -> None:
        if any("tunable" in scope.names for scope in self.scopes.values()):
            self.refuse("tunable", "'tunable' cannot be redefined")
        super().visit_Module(node)

    # names ------------------------------------------------------------------------------------------------------

    def spelling(self, name: str) -> bool:
        if name.startswith("__") and name != "__name__":
            self.refuse("dunder", f"{name!r}: names that start with two underscores do not exist for programs")
        elif not name.isascii():
            self.refuse("name", f"{name!r}: names are written in ASCII letters")
        else:
            return True
        return False

    def visit_Name(self, node: ast.Name) -> None:
        if not self.spelling(node.id) or not isinstance(node.ctx, ast.Load):
            if node.id == "__name__" and not isinstance(node.ctx, ast.Load):
                self.refuse("dunder", "'__name__' cannot be assigned")
            return
        known = node.id in BUILTINS or node.id in self.registry or node.id in self.helpers
        known = known or node.id.startswith(HIDDEN) or meant(self.scope, node) is not None
        if self.scope.find(node.id) is None and not known:
            if node.id != "__name__":
                self.unknown_names.setdefault(node.id, []).append(self.line)
        elif self.is_missing(node):
            if not self.scope.can_do_without(node.id) and not self.scope.may_be_none(node.id):
                self.refuse_use([node.id])
        elif node.id == "tunable" and node not in self.tunable_calls and self.scope.find(node.id) is None:
            self.refuse("tunable", 'tunable must be called directly: tunable("name", default, low=..., high=...)')

    def is_missing(self, node: ast.Name) -> bool:
        """Whether a name was imported, and is nothing that programs have."""
        bound = self.scope.imported(node.id)
        if bound is None or is_available(*bound):
            return False
        own = bound[1] == node.id and (node.id in self.registry or node.id in self.helpers)
        return not own and meant(self.scope, node) is None

    def refuse_use(self, names: list[str]) -> None:
        """Refuse the use of a name, or of something behind it, of a module that programs do not have."""
        module, member = self.scope.imported(names[0]) or ("", None)
        if module in ANNOTATION_MODULES:
            self.refuse("name", f"{names[0]!r} was imported for annotations and can only be used there")
            return
        path = ".".join([module, *([member] if member else []), *names[1:]])
        written = "" if ".".join(names) == path else f"{'.'.join(names)}: "
        self.refuse("import", f"{written}{path} is not available to programs; {_instead(path)}")

    def unknown(self, name: str) -> str:
        if name in IMPORTS or name in ("np", "R", "Rotation"):
            return f"unknown name {name!r}; allowed imports: {_ALLOWED_IMPORTS}"
        if name in _NAMES_INSTEAD:
            return f"unknown name {name!r}; {_NAMES_INSTEAD[name]}"
        searched = len(name) <= _LONGEST and len(self.found) <= MAX_FINDINGS
        close = difflib.get_close_matches(name, self.names, n=_MATCHES) if searched else []
        if close:
            return f"unknown name {name!r}. Did you mean {' or '.join(map(repr, close))}?"
        of = f"the calls of {self.profile.name}" if self.profile.calls else "the robot API"
        return f"unknown name {name!r}. Programs have the usual builtins and {of}: {', '.join(self.api)}"

    def report_unknown_names(self) -> None:
        """Report each unknown name once; those of another robot together."""
        foreign, message = other_robot(self.unknown_names) or (set(), "")
        if foreign:
            self.refuse("robot", message, min(min(self.unknown_names[name]) for name in foreign))
        for name, lines in self.unknown_names.items():
            if name not in foreign:
                self.found += [(line, "name", self.unknown(name)) for line in lines]

    def close(self, name: str, known: Iterable[str]) -> str | None:
        """The known name that is most like one; None for what is no slip, or when there are findings enough."""
        if len(self.found) > MAX_FINDINGS or len(name) > _LONGEST:
            return None
        return next(iter(difflib.get_close_matches(name, known, n=1)), None)

    def visit_alias(self, node: ast.alias) -> None:
        if node.asname:
            self.spelling(node.asname)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*" or node.level:
                message = f"from {module} import {alias.name} is not allowed; {_instead(module)}"
                self.refuse("import", message, node.lineno)
            self.visit(alias)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        for name in node.names:
            found = self.scope.find(name)
            if self.spelling(name) and (found is None or found[1].parent is None):
                self.refuse("syntax", f"no binding for nonlocal {name!r} in a function around this one")

    def visit_Global(self, node: ast.Global) -> None:
        for name in node.names:
            self.spelling(name)

    # attributes ---------------------------------------------------------------------------------------------------

    def visit_Attribute(self, node: ast.Attribute) -> None:
        line = node.end_lineno or node.lineno
        names = _dotted(node)
        if meant(self.scope, node) is not None:
            return
        if names and isinstance(node.ctx, ast.Load) and self.is_missing(ast.Name(names[0], ast.Load())):
            if not self.scope.can_do_without(names[0]):
                self.refuse_use(names)
                return
            if all(not name.startswith("_") or name == "__version__" for name in names[1:]):
                return  # never reached: the name is None, or nothing at all
        if node.attr.startswith("_") and node.attr != "__name__":
            hint = "; write type(value)" if node.attr == "__class__" else ""
            self.refuse("dunder", f"attribute {node.attr!r}: private attributes do not exist for programs{hint}", line)
        elif not isinstance(node.ctx, ast.Load):
            self.refuse("attribute", "attributes cannot be assigned or deleted; use variables, lists or dicts", line)
        else:
            members = self.members(node.value)
            if members is not None:
                if node.attr not in members[1] and node.attr != "__name__":
                    close = self.close(node.attr, members[1])
                    advice = _MODULES_INSTEAD.get(f"{members[0]}.{node.attr}")
                    hint = f"; {advice}" if advice else f"; did you mean {close!r}?" if close else ""
                    self.refuse("attribute", f"{members[0]}.{node.attr} is not available to programs{hint}", line)
            elif node.attr == "format" and node not in self.formats:
                self.refuse("attribute", "str.format works on a literal with plain fields only; use an f-string", line)
            elif node.attr not in self.attributes and node.attr not in ("format", "__name__"):
                usual = "values have their usual methods, results have .status, .message and their fields"
                advice = _ATTRIBUTES_INSTEAD.get(node.attr, usual)
                self.refuse("attribute", f"attribute {node.attr!r} is not available; {advice}", line)
        self.visit(node.value)

    def members(self, node: ast.expr) -> tuple[str, Facade | frozenset[str]] | None:
        """Members of a module facade (or of Rotation) when an expression certainly is one."""
        value = None
        if isinstance(node, ast.Name):
            bound = self.scope.imported(node.id)
            value = IMPORTS.get(bound[0], {}).get(bound[1]) if bound else None
        elif isinstance(node, ast.Attribute):
            outer = self.members(node.value)
            if outer is not None and isinstance(outer[1], Facade) and node.attr in outer[1]:
                value = getattr(outer[1], node.attr)
        if isinstance(value, Facade):
            return repr(value)[1:-1], value
        return ("Rotation", rotation.ROTATION_MEMBERS) if value is rotation.Rotation else None

    # constructs ---------------------------------------------------------------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.decorator_list:
            self.refuse("construct", "decorators are not supported", node.decorator_list[0].lineno)
        if getattr(node, "type_params", ()):  # from Python 3.12 on
            self.refuse("construct", "type parameters are not supported; annotations mean nothing in programs")
        super().visit_FunctionDef(node)

    def visit_MatchOr(self, node: ast.MatchOr) -> None:
        if pattern_names(node):
            self.refuse("construct", "alternatives cannot bind names here; write `case (1 | 2) as x` or two cases")
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg:
            self.spelling(node.arg)
        self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, (bytes, complex)):
            self.refuse("construct", f"{type(node.value).__name__} constants are not supported")
        elif isinstance(node.value, int) and node.value.bit_length() > MAX_INT_BITS:
            self.refuse("limit", f"integers have at most {MAX_INT_BITS} bits")

    def visit_FormattedValue(self, node: ast.FormattedValue) -> None:
        self.visit(node.value)
        for part in getattr(node.format_spec, "values", []):
            if isinstance(part, ast.Constant):
                self.check("limit", guard_format, str(part.value))
        self.children([node.format_spec])

    def check(self, rule: str, function: Callable[..., object], part: object, line: int | None = None) -> None:
        try:
            function(part)
        except (ValueError, OverflowError) as error:
            self.refuse(rule, str(error), line)

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        if isinstance(function, ast.Name):
            if self.scope.find(function.id) is None:
                self.check_arguments(function.id, node)
            if function.id == "tunable" and self.scope.find("tunable") is None:
                self.tunable_calls.add(function)
                self.check("tunable", read_tunable, node, node.lineno)
        elif isinstance(function, ast.Attribute) and function.attr == "format":
            self.check_format(node, function)
        self.generic_visit(node)

    def check_arguments(self, name: str, node: ast.Call) -> None:
        if name in self.helpers or name in self.registry:
            declared = self.helpers.get(name) or self.registry[name]
            if problem := call_problem(signature_of(declared), node):
                self.refuse("call", problem, node.lineno)

    def check_format(self, node: ast.Call, function: ast.Attribute) -> None:
        template = function.value
        if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
            return
        spread = any(isinstance(a, ast.Starred) for a in node.args) or not all(k.arg for k in node.keywords)
        if all(_plain_fields(template.value)) and not spread:
            self.formats.add(function)
            for _, _, spec, _ in string.Formatter().parse(template.value):
                self.check("limit", guard_format, spec or "")


def _plain_fields(template: str) -> Iterator[bool]:
    """For each field of a format template, whether it is {}, {0} or {name} with a plain format specification."""
    try:
        for _, name, spec, _ in string.Formatter().parse(template):
            yield name is None or name == "" or name.isdecimal() or name.isidentifier() and not name.startswith("_")
            yield "{" not in (spec or "")
    except ValueError:
        yield False
