"""Which robot API a program is written for: what it says itself, or else what it calls.

1. A line ``# api: NAME`` names the profile.
2. A camera, keyword or call that only CaP-X and ASPIRE have, or a result that is compared with None or changed: their
   profile, as in 4.
3. A call or keyword that only the native API has, a result's fields, or a result in a condition: ``native``.
4. Otherwise ``capx_robosuite`` when it takes three values of get_object_pose, or the extent, or calls home_pose;
   ``capx`` when it asks for things by name, ``aspire`` when it calls anything else of these APIs, and ``native`` when
   it calls nothing of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from aspire_mjx.language import standard_library as library
from aspire_mjx.language.stand_ins import stand_ins
from aspire_mjx.language.vocabulary import ARRAY_ATTRIBUTES, ARRAY_METHODS, METHODS
from aspire_mjx.primitives.api_profile import EXPRESSIONS, MARKS, NATIVE, PROFILES, ApiProfile, find_profile
from aspire_mjx.primitives.registry import Registry

_LINE = re.compile(r"^#[ \t]*api:[ \t]*(\w+)[ \t]*$", re.MULTILINE)
_OF_ASPIRE, _OF_CAPX, _OF_ROBOSUITE = (
    frozenset(call.name for call in PROFILES[name].calls) for name in ("aspire", "capx", "capx_robosuite")
)
_UPSTREAM = _OF_ASPIRE | _OF_CAPX | _OF_ROBOSUITE
_BY_NAME = _OF_CAPX - _OF_ASPIRE
_REDUCED = _OF_ASPIRE - _OF_CAPX
_ROBOSUITE = _OF_ROBOSUITE - _OF_ASPIRE - _OF_CAPX
_EXTENT = "return_bbox_extent"
_NEUTRAL = frozenset(EXPRESSIONS.values())  # native names that stand for something that upstream has
_RESULTS = ("get_object_pose", "sample_grasp_pose", "solve_ik")  # true or not in the native API alone
_TELLING = (
    ast.FunctionDef,
    ast.arg,
    ast.alias,
    ast.Constant,
    ast.Call,
    ast.Attribute,
    ast.Assign,
    ast.AugAssign,
    ast.Compare,
    ast.If,
    ast.While,
    ast.IfExp,
    ast.Assert,
    ast.BoolOp,
    ast.UnaryOp,
    ast.comprehension,
    ast.Subscript,
)
_COMMON = ARRAY_ATTRIBUTES.union(ARRAY_METHODS, *METHODS.values())


class ApiChoice(NamedTuple):
    """A profile, and why it is this one."""

    profile: ApiProfile
    why: str


def pinned(text: str, name: str) -> str:
    """A program that says which profile it is for; its lines stay where they are."""
    return f"{text}\n# api: {find_profile(name).name}\n"


def chosen_api(text: str, tree: ast.Module, registry: Registry) -> ApiChoice:
    """The profile of a program.

    Raises:
        UnknownNameError: the program names one that does not exist.
    """
    if said := _LINE.findall(text):
        return ApiChoice(find_profile(said[-1]), "it says so")
    seen = _Seen(tree)
    robosuite, by_name = seen.robosuite, sorted(_BY_NAME & seen.names)
    upstream = PROFILES["capx_robosuite" if robosuite else "capx" if by_name else "aspire"]
    if found := seen.mark("capx_robosuite"):
        return ApiChoice(PROFILES["capx_robosuite"], f"it has {found}")
    capx, own = seen.mark("capx"), seen.mark("native")
    if found := capx or (not own and seen.only_upstream(registry)):
        return ApiChoice(upstream, f"it has {found}")
    if found := own or seen.only_native(registry):
        return ApiChoice(NATIVE, f"it has {found}")
    if found := robosuite or next(
        iter([*by_name, *sorted(_REDUCED & seen.names), *sorted(_UPSTREAM & seen.names)]), ""
    ):
        return ApiChoice(upstream, f"it calls {found}{seen.slip()}")
    return ApiChoice(NATIVE, "it calls nothing of another")


class _Seen:
    """What stands in a program that tells its API."""

    def __init__(self, tree: ast.Module) -> None:
        own, names, self.nodes = set[str](), set[str](), list[ast.AST]()
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                (names if isinstance(node.ctx, ast.Load) else own).add(node.id)
            elif isinstance(node, _TELLING):
                self.nodes.append(node)
                if isinstance(node, ast.FunctionDef):
                    own.add(node.name)
                elif isinstance(node, ast.arg):
                    own.add(node.arg)
                elif isinstance(node, ast.alias):
                    own.add(node.asname or node.name)
        self.names = names - own

    def mark(self, profile: str) -> str:
        """A text or keyword that only programs for a profile have, "" where there is none."""
        marks = MARKS[profile]
        for node in self.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in marks.texts:
                return repr(node.value)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.names:
                found = sorted(marks.keywords.intersection(keyword.arg or "" for keyword in node.keywords))
                if found and node.func.id in _UPSTREAM:
                    return f"{node.func.id}({found[0]}=...)"
        return ""

    def only_upstream(self, registry: Registry) -> str:
        """A call or expression that the native API does not have, "" where there is none."""
        native = {*registry.names, *library.public_functions()}
        found = sorted((self.names & (_UPSTREAM - native)) | stand_ins(self.nodes))
        return found[0] if found else next(self._as_upstream(), "")

    def only_native(self, registry: Registry) -> str:
        """What only programs in the native API have, "" where there is none."""
        native = {*registry.names, *library.public_functions(), "tunable", "PerceptionError"}
        if found := sorted(self.names & (native - _UPSTREAM - _NEUTRAL)):
            return found[0]
        fields = {"status", "message", *(field.name for primitive in registry for field in primitive.fields)} - _COMMON
        for node in self.nodes:
            if isinstance(node, ast.Attribute) and node.attr in fields:
                return f".{node.attr}"
        return next((f"{name} in a condition" for name in self._tested()), "")

    @property
    def robosuite(self) -> str:
        """What only programs for robosuite call, of what the native API has too, "" where there is nothing."""
        for node in self.nodes:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
                if len(node.targets[0].elts) == 3 and self._result_of(node.value) == "get_object_pose":
                    return "get_object_pose for three values"
            elif isinstance(node, ast.Call) and any(keyword.arg == _EXTENT for keyword in node.keywords):
                return f"get_object_pose({_EXTENT}=...)"
        return next(iter(sorted(self.names & _ROBOSUITE)), "")

    def _result_of(self, node: ast.AST | None) -> str:
        """The name of the call whose result an expression is, of those in ``_RESULTS``."""
        called = node.func if isinstance(node, ast.Call) else None
        return called.id if isinstance(called, ast.Name) and called.id in self.names.intersection(_RESULTS) else ""

    def slip(self) -> str:
        """A third value that is read of a pose, which has two; "" where there is none. It tells of no API."""
        held = self._held(unpacked=False)
        bound = [name for node in self.nodes if isinstance(node, ast.Assign) for name in _names(node.targets)]
        for node in self.nodes:
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and bound.count(node.value.id) == 1:
                place = node.slice.value if isinstance(node.slice, ast.Constant) else 0
                if held.get(node.value.id, "solve_ik") != "solve_ik" and isinstance(place, int) and place > 1:
                    pose, call = node.value.id, held[node.value.id]
                    return f"; line {node.lineno} reads {pose}[{place}], but {call} gives position and quaternion"
        return ""

    def _held(self, *, unpacked: bool) -> dict[str, str]:
        """The variables that hold results, or what these are unpacked to as well: the names of the calls."""
        held: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Assign) and (name := self._result_of(node.value)):
                parts = [part for each in node.targets for part in _targets(each, unpacked=unpacked)]
                held |= {part.id: name for part in parts if isinstance(part, ast.Name)}
        return held

    def _tested(self) -> Iterator[str]:
        """Names of calls whose result, or a variable that holds it, is a condition."""
        held = self._held(unpacked=False)
        for node in self.nodes:
            for tested in _conditions(node):
                name = held.get(tested.id, "") if isinstance(tested, ast.Name) else self._result_of(tested)
                if name:
                    yield name

    def _as_upstream(self) -> Iterator[str]:
        """What results are taken for that native ones never are: None, or an array to be changed."""
        held = self._held(unpacked=True)
        for node in self.nodes:
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is | ast.IsNot):
                if isinstance(node.left, ast.Name) and node.left.id in held:
                    yield f"{held[node.left.id]} compared with None"
            elif isinstance(node, ast.Assign | ast.AugAssign):
                changed = node.targets[0] if isinstance(node, ast.Assign) else node.target
                of = changed.value if isinstance(changed, ast.Subscript) else None
                if isinstance(of, ast.Name) and held.get(of.id) == "solve_ik":
                    yield "changed joints of solve_ik"


def _names(targets: list[ast.expr]) -> list[str]:
    return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]


def _targets(target: ast.expr, *, unpacked: bool) -> list[ast.expr]:
    return target.elts if unpacked and isinstance(target, ast.Tuple | ast.List) else [target]


def _conditions(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
            return [test]
        case ast.BoolOp(values=values):
            return values
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [operand]
        case ast.comprehension(ifs=ifs):
            return ifs
        case ast.Call(func=ast.Name(id="bool"), args=args):
            return args
    return []
