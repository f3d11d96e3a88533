"""An imported skill: what somebody else wrote, as text and code, before this engine has tested it."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import yaml

from aspire_mjx.errors import SkillError
from aspire_mjx.language import standard_library
from aspire_mjx.language.policy import findings, parse_program
from aspire_mjx.language.vocabulary import BUILTINS
from aspire_mjx.primitives.api_profile import EXPRESSIONS, PROFILES, REFUSED
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.skills.markdown import front_matter, python_blocks, refuse
from aspire_mjx.skills.skill import check_name_and_description, text_hash

STATUS = "imported"
#: names that fragments of code use without importing them
_IMPORTS = {
    "np": "import numpy as np",
    "math": "import math",
    "Rotation": "from scipy.spatial.transform import Rotation",
}
_VARIABLES = {"obs"}  # refused in a program that forgot to look, and a variable in a fragment
_STAND_INS = {written.partition(".")[0] for written in EXPRESSIONS}  # such as env


@dataclass(frozen=True)
class ImportedCode:
    """A block of Python of an imported skill, read as one function.

    Attributes:
        line: line of its first line in the skill's body, from 1.
        function: text of the function: the block's own, or one around the block that takes its free names.
        problems: why the robot API cannot run it, each with its line in the skill's body; none when it can.
    """

    line: int
    function: str
    problems: tuple[tuple[int, str], ...]

    @property
    def problem(self) -> str:
        """Why the robot API cannot run it, in one line; "" when it can."""
        return "; ".join(f"line {line}: {message}" for line, message in self.problems)

    @property
    def parameters(self) -> tuple[str, ...]:
        """What the function takes."""
        return _arguments(self.function) if not self.problems else ()


@dataclass(frozen=True)
class ImportedSkill:
    """A skill that was read from a Markdown file. It is knowledge for agents; only the paired test makes it more.

    Attributes:
        name: folder name, as that of a tested skill.
        description: one line, at most 1024 characters.
        body: the Markdown text, as it was written; what it claims stays a claim.
        source: file and line that it was read from.
    """

    name: str
    description: str
    body: str
    source: str

    @cached_property
    def codes(self) -> tuple[ImportedCode, ...]:
        """Its blocks of Python, in order."""
        return read_codes(self.body, self.name)

    @property
    def kind(self) -> str:
        """What it offers: "code" when a block of it runs in the robot API, else "knowledge"."""
        return "code" if any(not code.problem for code in self.codes) else "knowledge"

    @property
    def hash(self) -> str:
        """As that of a tested skill."""
        return text_hash(self.format())

    def format(self) -> str:
        """The text of SKILL.md; :func:`parse_imported` gives an equal skill back.

        Raises:
            SkillError: name, description or body break the format.
        """
        check_name_and_description(self.name, self.description)
        if not self.body.strip():
            raise SkillError(f"skill {self.name!r}: the body is empty; write what it knows")
        metadata = {"status": STATUS, "source": self.source}
        front = {"name": self.name, "description": self.description, "metadata": metadata}
        dumped = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=1_000_000)
        return f"---\n{dumped}---\n\n{self.body}\n"


def is_imported(front: Mapping) -> bool:
    """Whether a front matter is that of an imported skill."""
    metadata = front.get("metadata")
    return isinstance(metadata, dict) and metadata.get("status") == STATUS


def parse_imported(text: str, *, path: str = "SKILL.md") -> ImportedSkill:
    """The imported skill of a SKILL.md text that :meth:`ImportedSkill.format` has written.

    Raises:
        SkillError: the text breaks the format; the message starts with ``path:line``.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != "---":
        refuse(path, 1, "no YAML front matter; the first line must be '---'")
    front, first = front_matter(lines, path)
    metadata = front.get("metadata")
    if not isinstance(metadata, dict) or not is_imported(front):
        refuse(path, 1, f"an imported skill has 'status: {STATUS}' in its metadata")
    texts = (front.get("name"), front.get("description"), metadata.get("source", ""))
    if not all(isinstance(part, str) for part in texts):
        refuse(path, 1, "name, description and source must be text; put them in quotes")
    name, description, source = map(str, texts)
    skill = ImportedSkill(name, description, "\n".join(lines[first:]).strip("\n"), source)
    try:
        skill.format()
    except SkillError as error:
        refuse(path, 1, str(error))
    return skill


def read_codes(body: str, name: str, *, start: int = 1) -> tuple[ImportedCode, ...]:
    """The blocks of Python of a Markdown text, in order; ``start`` is the number of its first line."""
    return tuple(_read(block.code, start + block.line - 1, name) for block in python_blocks(body))


def _read(code: str, line: int, name: str) -> ImportedCode:
    code = textwrap.dedent(code)
    try:
        parse_program("\n" * (line - 1) + code)
        function = _as_function(ast.parse(code), name.replace("-", "_"))
        text = ast.unparse(function) + "\n"
    except SyntaxError as error:
        return ImportedCode(line, "", ((error.lineno or line, f"not Python: {error.msg}"),))
    except RecursionError:
        return ImportedCode(line, "", ((line, "nested too deeply"),))
    found = [(line, message) for _, _, message in findings(text, ROBOT_API)]
    placed = [(where, message) for where, _, message in findings(_in_place(code, line, text), ROBOT_API)]
    return ImportedCode(line, text, tuple((placed or found) if found else ()))


def _in_place(code: str, line: int, function: str) -> str:
    """A block as a program whose line numbers are the block's own, with what its function takes in the line above."""
    given = [f"{name} = None" for name in _arguments(function)]
    return "\n" * (line - 2) + "; ".join([*given, *_IMPORTS.values()]) + "\n" + code


def _as_function(tree: ast.Module, name: str) -> ast.FunctionDef:
    """A block as one function, complete in itself.

    A block that is imports and one function is that function; any other block becomes the body of one. Its free names
    become parameters, but for those that cannot be values that somebody gives: what is called, caught or annotates.
    """
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    rest = [node for node in tree.body if node not in imports]
    if len(rest) == 1 and isinstance(rest[0], ast.FunctionDef):
        function = rest[0]
        start = 1 if ast.get_docstring(function) is not None else 0
        function.body[start:start] = imports
    else:
        name = name if name[0].isalpha() else f"skill_{name}"
        taken = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        function = ast.FunctionDef(name, taken, tree.body or [ast.Pass()], decorator_list=[], lineno=1)
    free = _free_names(ast.unparse(function))
    lines = [_IMPORTS[word] for word in free if word in _IMPORTS]
    start = 1 if ast.get_docstring(function) is not None else 0
    function.body[start:start] = ast.parse("\n".join(lines)).body
    args, never = function.args, _never_values(function)
    args.args[:0] = [ast.arg(word) for word in free if word not in _IMPORTS and word not in never]
    return ast.fix_missing_locations(function)


def _never_values(function: ast.FunctionDef) -> set[str]:
    """Names that are called, decorate, are caught or stand in annotations."""
    parts: list[ast.AST | None] = []
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name() as called):
                parts.append(called)
            case ast.FunctionDef():
                parts += [*node.decorator_list, node.returns]
            case ast.ExceptHandler():
                parts.append(node.type)
            case ast.arg() | ast.AnnAssign():
                parts.append(node.annotation)
    return {name.id for part in parts if part for name in ast.walk(part) if isinstance(name, ast.Name)}


def _free_names(function: str) -> tuple[str, ...]:
    """Names that a function's text uses, and neither it nor the robot API defines, in order of their first use."""
    free: set[str] = set()
    tables = list(symtable.symtable(function, "skill", "exec").get_children())
    defined = {table.get_name() for table in tables}
    while tables:
        table = tables.pop()
        free |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and symbol.is_referenced()}
        tables += table.get_children()
    wanted = free - _known_names() - defined
    return tuple(dict.fromkeys(word for word in re.findall(r"[A-Za-z_]\w*", function) if word in wanted))


@cache
def _known_names() -> frozenset[str]:
    """The names that Python and the APIs of all profiles give programs, or refuse them with advice."""
    profiles = [standard_library.public_functions(profile) for profile in PROFILES.values()]
    return BUILTINS.union(ROBOT_API.names, _STAND_INS, REFUSED.keys() - _VARIABLES, dir(builtins), *profiles)


def _arguments(function: str) -> tuple[str, ...]:
    (definition,) = ast.parse(function).body
    assert isinstance(definition, ast.FunctionDef)
    args = definition.args
    return tuple(arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs))
