"""Sources that nobody would write: corpus programs cut, spliced, reordered, misspelt, and text that is no program."""

from __future__ import annotations

import ast
import copy
import io
import keyword
import tokenize
from collections.abc import Callable
from functools import cache
from random import Random

from aspire_mjx.language.vocabulary import BUILTINS
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.paths import CORPUS

FILES = sorted(CORPUS.glob("*.py"))
_SYMBOLS = "()[]{}:,.=+-*/%@<>!&|^~;'\"\\#\n\t \x00\x0c_09azAZ"
_STRANGE = "éπ️🤖\u202e\u2028\ufeff\ud800ａ１ª̈"
_WORDS = (
    *keyword.kwlist,
    *keyword.softkwlist,
    *("np", "math", "R", "wait", "goto_pose", "get_object_pose", "tunable", "print", "range", "len", "sorted", "dict"),
    *("x", "self", "__class__", "_", "0", "1", "-1", "1e308", "1e999", "10**9", "0x1F", "1_0", "1j", "b''", "f'{x!r}'"),
    *("''", "'a'", "[]", "{}", "()", "...", "True", "None", ":=", "**", "//", "->", "@", "<<", ">>", "!=", ";"),
)
_KNOWN = BUILTINS | {"np", "math", "R", "Rotation", *ROBOT_API.names}
_KINDS = (ast.stmt, ast.expr, ast.pattern, ast.cmpop, ast.operator)
_OPENING = ("(", "[", "{0:", "-", "not ", "lambda: ", "1 if x else ", "f(", "x.", "x[", "[*", "{**", "await ", "(y := ")
_BLOCKS = (
    "if x:",
    "while x:",
    "for i in x:",
    "def f(x):",
    "try:",
    "with x:",
    "match x:",
    "case [x]:",
    "else:",
    "finally:",
)


@cache
def programs() -> tuple[str, ...]:
    """The corpus programs."""
    return tuple(path.read_text(encoding="utf-8") for path in FILES)


@cache
def _tokens(text: str) -> tuple[tuple[int, int, str], ...]:
    """Tokens as (line, column, text), without those that have none."""
    found = tokenize.generate_tokens(io.StringIO(text).readline)
    return tuple((*token.start, token.string) for token in found if token.string.strip() and "\n" not in token.string)


def _replaced(text: str, token: tuple[int, int, str], new: str) -> str:
    lines = text.splitlines(keepends=True)
    line, column, old = token
    whole = lines[line - 1]
    lines[line - 1] = whole[:column] + new + whole[column + len(old) :]
    return "".join(lines)


def characters(rng: Random, text: str) -> str:
    """Characters inserted, deleted or replaced."""
    for _ in range(rng.randint(1, 6)):
        at, length = rng.randrange(len(text) + 1), rng.choice((0, 0, 1, 1, 8))
        new = rng.choice(("", rng.choice(_SYMBOLS), rng.choice(_SYMBOLS), rng.choice(_STRANGE)))
        text = text[:at] + new + text[at + length :]
    return text


def tokens(rng: Random, text: str) -> str:
    """Tokens replaced by other tokens of the same or another program, or by keywords."""
    for _ in range(rng.randint(1, 3)):
        try:
            own = _tokens(text)
            others = _tokens(rng.choice(programs())) if rng.random() < 0.4 else own
        except (tokenize.TokenError, SyntaxError):
            return text
        if not own or not others:
            return text
        new = rng.choice(others)[2] if rng.random() < 0.7 else rng.choice(_WORDS)
        text = _replaced(text, rng.choice(own), new)
    return text


def lines(rng: Random, text: str) -> str:
    """Lines moved, duplicated, deleted, or indented otherwise."""
    kept = text.splitlines()
    for _ in range(rng.randint(1, 4)):
        i, j = rng.randrange(len(kept)), rng.randrange(len(kept))
        what = rng.randrange(5)
        if what == 0:
            kept[i], kept[j] = kept[j], kept[i]
        elif what == 1:
            kept.insert(i, kept[j])
        elif what == 2 and len(kept) > 1:
            del kept[i]
        elif what == 3:
            kept[i] = rng.choice(("    ", "\t", " ")) + kept[i]
        else:
            kept[i] = kept[i].removeprefix("    ")
    return "\n".join(kept) + "\n"


def splices(rng: Random, text: str) -> str:
    """The beginning of one program, the middle of another."""
    other = rng.choice(programs()).splitlines()
    first, start = text.splitlines(), rng.randrange(len(other))
    cut = rng.randrange(len(first))
    return "\n".join([*first[:cut], *other[start : start + rng.randint(1, 20)], *first[cut:]]) + "\n"


def truncations(rng: Random, text: str) -> str:
    """A program that stops somewhere."""
    return text[: rng.randrange(len(text))] + rng.choice(("", "\n", "\\", "(", "'"))


def nonsense(rng: Random, text: str) -> str:
    """Words and symbols in any order, of which some happen to be statements."""
    parts = [rng.choice((*_WORDS, *_SYMBOLS, "\n", "\n", "=", "(x)")) for _ in range(rng.randint(1, 60))]
    return rng.choice(("", " ")).join(parts)


def deep(rng: Random, text: str) -> str:
    """Something inside something inside something."""
    depth = rng.choice((5, 30, 70, 100, 3000))
    if rng.random() < 0.5:
        once = [rng.choice(_OPENING) for _ in range(rng.randint(1, 3))]
        opened = [once[i % len(once)] for i in range(depth)]
        closing = "".join({"(": ")", "[": "]", "{": "}"}.get(c, "") for c in reversed("".join(opened)))
        return "x = 1\nx = " + "".join(opened) + "x" + closing
    depth = min(depth, 99)
    once = [rng.choice(_BLOCKS) for _ in range(rng.randint(1, 3))]
    return "x = 1\n" + "".join(" " * i + once[i % len(once)] + "\n" for i in range(depth)) + " " * depth + "pass\n"


def statements(rng: Random, text: str) -> str:
    """Statements of the program wrapped into blocks that give them another place."""
    kept = text.splitlines()
    start = rng.randrange(len(kept))
    end = start + rng.randint(1, 12)
    head = rng.choice(_BLOCKS[:5])
    inner = ["    " + line for line in kept[start:end]]
    tail = ["finally:", "    " + rng.choice(("break", "return", "pass", "x = 1"))] if head == "try:" else []
    return "\n".join(["x = [1]", *kept[:start], head, *inner, *tail, *kept[end:]]) + "\n"


def trees(rng: Random, text: str) -> str:
    """Expressions, statements, operators and names replaced by others, so that the syntax stays right."""
    try:
        tree = ast.parse(text)
        for _ in range(rng.randint(1, 5)):
            _replace_node(rng, tree)
        return ast.unparse(tree)
    except (SyntaxError, ValueError, TypeError, AttributeError, MemoryError, RecursionError):
        return text  # not parsed, or now a tree that no source has


def _replace_node(rng: Random, tree: ast.Module) -> None:
    own = list(ast.walk(tree))
    donors = own if rng.random() < 0.6 else _parsed(rng.randrange(len(FILES)))
    places = [(node, n, v) for node in own for n, v in ast.iter_fields(node) if isinstance(v, (ast.AST, list)) and v]
    if not places:  # nothing is left of the program
        return
    parent, name, value = rng.choice(places)
    kind = next((kind for kind in _KINDS if isinstance(value[0] if isinstance(value, list) else value, kind)), None)
    candidates = [node for node in donors if kind is not None and isinstance(node, kind)]
    if not candidates:
        return
    new = copy.deepcopy(rng.choice(candidates))
    names = [node.id for node in own if isinstance(node, ast.Name)] or ["x"]
    for node in ast.walk(new):
        if isinstance(node, ast.Name) and donors is not own and node.id not in _KNOWN:
            node.id = rng.choice(names)
    if isinstance(value, list):
        at = rng.randrange(len(value))
        value[at : at + rng.choice((1, 1, 0))] = [new]
    else:
        setattr(parent, name, new)


@cache
def _parsed(index: int) -> list[ast.AST]:
    return list(ast.walk(ast.parse(programs()[index])))


KINDS: tuple[Callable[[Random, str], str], ...] = (
    *(characters, tokens, lines, splices, truncations, nonsense, deep),
    *(statements, trees, trees, trees, trees, trees, trees, trees),
)


def mutant(seed: int) -> str:
    """The source of a number: one or two mutations of a corpus program."""
    rng = Random(seed)
    text = rng.choice(programs())
    for _ in range(rng.choice((1, 1, 2))):
        text = rng.choice(KINDS)(rng, text) if text.strip() else rng.choice(programs())
    return text
