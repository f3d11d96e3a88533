"""The plain runner: the same program text in ordinary Python against one robot."""

from __future__ import annotations

import ast
import importlib
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType, SimpleNamespace
from typing import Any, Protocol

import numpy as np

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language import standard_library as library
from aspire_mjx.language.api_choice import chosen_api
from aspire_mjx.language.callables import named
from aspire_mjx.language.imports import settle_imports
from aspire_mjx.language.limits import TOO_LARGE, ProgramLimits, guarded_key, is_huge, limited
from aspire_mjx.language.modules import imports_of, numpy_with
from aspire_mjx.language.output_settings import print_options
from aspire_mjx.language.policy import parse_program
from aspire_mjx.language.program import Program
from aspire_mjx.language.random import stream_of
from aspire_mjx.language.scopes import entry_point
from aspire_mjx.language.tunables import Tunable, tunable_values
from aspire_mjx.language.types import Generator, known_type, shown
from aspire_mjx.language.vocabulary import BUILTIN_FUNCTIONS, EXCEPTIONS, RAISED, TYPES
from aspire_mjx.machine.output import LaneEnd, Outcome, Prints, last_words, printed
from aspire_mjx.plain.hashing import ELEMENTS, GUARDED, KEY, MERGED, Hashed, elements, merged, through
from aspire_mjx.plain.members import plain_getattr, plain_hasattr, plain_member, plain_type
from aspire_mjx.primitives.binding import bind
from aspire_mjx.primitives.registry import Family, Primitive, Registry
from aspire_mjx.primitives.results import Result
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.printable import printable

_MEMBER, _ANY_ERROR, _SHOWN, _GENERATOR, _GOES_ON = ".member", ".any error", ".shown", ".generator", ".goes on"
_ONLY = np.zeros(1, dtype=np.int64)  #: the one lane there is


class Robot(Protocol):
    """One robot: a lane of an engine, another simulator, or a real one."""

    def call(self, primitive: Primitive, arguments: Mapping[str, Any]) -> Result:
        """Execute one primitive with bound arguments (float64 arrays of the declared shapes, or texts)."""
        ...


class EpisodeEnded(BaseException):
    """Raised by a robot whose episode is over; ends the program. A program cannot catch it."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome, self.message = outcome, message


def run_plain(
    program: Program,
    robot: Robot,
    *,
    tunables: Mapping[str, float] | None = None,
    registry: Registry = ROBOT_API,
    lane: int = 0,
    seed: int = 0,
    limits: ProgramLimits | None = None,
) -> LaneEnd:
    """Run a program that passes the policy check as ordinary Python.

    The names it sees are those of the compiled machine, results are scalar, and it ends as a lane would. Nobody counts
    its instructions or the memory that all of its values take.

    Args:
        program: what to run.
        robot: what its calls of primitives go to.
        tunables: values for the program's tunables; missing ones take their defaults.
        registry: the robot API.
        lane: the number of the lane in what it returns.
        seed: where its ``np.random`` starts.
        limits: how large each value may be.

    Raises:
        ProgramRefused: as :func:`~aspire_mjx.compiler.compile.compile_program`.
    """
    helpers, given, code, entry, declared, options = _prepared(program, registry)
    values = tunable_values(declared, tunables or {}, program=program.name)
    prints = Prints()
    prints.start(_ONLY)
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": _names(robot, registry, values, prints, seed)}
    shelf = dict(namespace)  # so that nothing that the program defines changes what the library does
    try:
        with (
            limited(limits or ProgramLimits()),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
            np.printoptions(**options),
        ):
            warnings.simplefilter("ignore")
            exec(helpers, shelf)
            for name in [name for name in shelf if name.startswith(library.HIDDEN)]:
                shelf[name].__qualname__ = library.shown_name(name)
            namespace |= {name: value for name, value in shelf.items() if name.startswith(library.HIDDEN)}
            namespace |= {name: shelf[hidden] for name, hidden in given.items()}
            exec(code, namespace)
            if entry:
                namespace[entry]()
    except EpisodeEnded as end:
        return LaneEnd(lane, end.outcome, _line(end, program), end.message, prints.take(_ONLY)[0])
    except SystemExit as end:
        prints.write(_ONLY, last_words(_text(end)))
    except Exception as error:
        message = f"{known_type(type(error)).__name__}: {_text(error)}".removesuffix(": ")
        return LaneEnd(lane, Outcome.PROGRAM_ERROR, _line(error, program), printable(message), prints.take(_ONLY)[0])
    return LaneEnd(lane, Outcome.DONE, 0, "", prints.take(_ONLY)[0])


@lru_cache(maxsize=64)
def _prepared(
    program: Program, registry: Registry
) -> tuple[CodeType, dict[str, str], CodeType, str | None, tuple[Tunable, ...], dict[str, Any]]:
    """What every run of a program shares: the library it needs, its names for it and the hidden ones, its code, ...

    ... the function to call at the end, tunables, numpy's print options.
    """
    declared = compile_program(program, registry=registry).tunables
    tree = parse_program(program.text)
    profile = chosen_api(program.text, tree, registry).profile
    settle_imports(tree, (*registry.names, *library.public_functions(profile)))
    entry, helpers = entry_point(tree), library.hidden_helpers(tree, profile)
    given = {name: library.hidden_name(name, profile) for name in library.helpers_named_by(tree, profile)}
    code = _compiled(tree, program.name)
    return _compiled(helpers, "<robot library>"), given, code, entry, declared, print_options(tree)


def _compiled(tree: ast.Module, filename: str) -> CodeType:
    contained = ast.fix_missing_locations(_Contained().visit(tree))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(contained, filename, "exec", dont_inherit=True)


def _names(robot: Robot, registry: Registry, values: Mapping[str, float], prints: Prints, seed: int) -> dict[str, Any]:
    """Everything a program can name, in place of Python's builtins."""
    imports = imports_of(numpy_with(stream_of(seed)))

    def show(*parts: Any, sep: str | None = None, end: str | None = None, flush: bool = False) -> None:
        prints.write(_ONLY, printed(map(shown, parts), sep, end))

    def import_(name: str, _globals: Any, _locals: Any, wanted: Any, _level: int) -> Any:
        if name.startswith("numpy.") and name not in imports:  # numpy itself, the first time that it needs a part
            return importlib.import_module(name)
        if wanted:
            found = {member: imports[name][member] for member in wanted}
            return SimpleNamespace(**{m: GUARDED[np.ndarray] if v is np.ndarray else v for m, v in found.items()})
        return imports[name.partition(".")[0]][None]

    def tunable(name: str, default: float, low: float, high: float) -> float:
        return values[name]

    primitives = {p.name: _primitive(robot, p) for p in registry}
    return {
        **BUILTIN_FUNCTIONS,
        **{kind.__name__: _counted(kind) for kind in (enumerate, filter, map, zip)},
        **{name: GUARDED.get(kind, kind) for name, kind in TYPES.items()},
        **EXCEPTIONS,
        "print": named(show, "print"),
        "type": named(plain_type, "type"),
        "hasattr": named(plain_hasattr, "hasattr"),
        "getattr": named(plain_getattr, "getattr"),
        "tunable": named(tunable, "tunable"),
        "__import__": import_,
        _MEMBER: plain_member,
        KEY: guarded_key,
        ELEMENTS: elements,
        MERGED: merged,
        _ANY_ERROR: RAISED,
        _GOES_ON: lambda: not isinstance(sys.exc_info()[1], (EpisodeEnded, KeyboardInterrupt)),
        _SHOWN: shown,
        _GENERATOR: Generator,
        **primitives,
        **{library.HIDDEN + name: function for name, function in primitives.items()},
        **{library.HIDDEN + kind.__name__: GUARDED.get(kind, kind) for kind in (*TYPES.values(), ValueError)},
    }


def _counted(kind: type) -> type:
    """A lazy iterator whose steps count as calls: Python would crash in a long chain of them."""

    def step(self: Any) -> Any:
        return kind.__next__(self)

    def new(cls: type, *args: Any, **kwargs: Any) -> Any:
        kind(*args, **kwargs)  # a wrong call is refused in the words that it has for the type itself
        return kind.__new__(cls, *args, **kwargs)

    return type(kind.__name__, (kind,), {"__new__": new, "__next__": step, "__module__": "builtins"})


def _primitive(robot: Robot, primitive: Primitive) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        result = robot.call(primitive, bind(primitive, args, kwargs))
        return result.value() if primitive.family is Family.QUERY else result

    return named(call, primitive.name)


class _Contained(Hashed):
    """What a program means here, in ordinary Python.

    Attributes go through :func:`plain_member`, keys through ``guarded_key``, a bare ``except`` does not catch the end
    of the episode, and annotations mean nothing. The names of its helpers are none that a program
    can write.
    """

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        arguments: list[ast.expr] = [node.value, ast.Constant(node.attr)]
        return ast.copy_location(ast.Call(ast.Name(_MEMBER, ast.Load()), arguments, []), node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        self.generic_visit(node)
        return through(_GENERATOR, node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        self.generic_visit(node)
        node.value = through(_SHOWN, node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in ("str", "repr") and len(node.args) == 1:
            node.args = [each if isinstance(each, ast.Starred) else through(_SHOWN, each) for each in node.args]
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.AST:
        return node  # constants: Python takes no call here

    def visit_Try(self, node: ast.Try) -> ast.AST:
        """When the episode has ended, no ``finally`` runs: a ``return`` in it would swallow the end."""
        self.generic_visit(node)
        if node.finalbody:
            goes_on = ast.Call(ast.Name(_GOES_ON, ast.Load()), [], [])
            node.finalbody = [ast.copy_location(ast.If(goes_on, node.finalbody, []), node.finalbody[0])]
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        node.type = node.type or ast.Name(_ANY_ERROR, ast.Load())
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        node.annotation = ast.copy_location(ast.Constant(None), node)
        return node


def _text(error: BaseException) -> str:
    try:
        return TOO_LARGE if is_huge(error) else str(error)
    except RecursionError:
        return TOO_LARGE


def _line(error: BaseException, program: Program) -> int:
    """The innermost line of the program that an exception passed through."""
    steps = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in steps if frame.f_code.co_filename == program.name]
    return lines[-1] if lines else 0
