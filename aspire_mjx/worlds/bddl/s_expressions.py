"""Nested lists of words in parentheses, with line numbers: the notation of BDDL task files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aspire_mjx.errors import BddlError

MOST_CHARACTERS = 65536
DEEPEST = 16  #: the benchmark's nest to 6
LONGEST_WORD = 200
_TOKEN = re.compile(r"[()]|[^\s();]+|;.*")


@dataclass(frozen=True)
class Symbol:
    """A run of characters without blanks and parentheses, as written."""

    line: int
    text: str


@dataclass(frozen=True)
class Form:
    """What stands between two parentheses; ``line`` is that of the opening one."""

    line: int
    items: tuple[Symbol | Form, ...]

    @property
    def head(self) -> str:
        """The first word in lower case; "" where the form does not begin with a word."""
        first = self.items[0] if self.items else None
        return first.text.lower() if isinstance(first, Symbol) else ""


def read_form(text: str) -> Form:
    """The one form that a file consists of. ``;`` begins a comment.

    Raises:
      BddlError: too long, too deep, unbalanced, or not exactly one form.
    """
    if len(text) > MOST_CHARACTERS:
        raise BddlError(1, f"longer than {MOST_CHARACTERS} characters, so no task file; they have a few thousand")
    done: list[Symbol | Form] = []
    open_forms: list[tuple[int, list[Symbol | Form]]] = []
    line = 1
    for line, content in enumerate(text.split("\n"), start=1):
        for token in _TOKEN.findall(content):
            if token[0] == ";":
                continue
            if token == "(":
                open_forms.append((line, []))
                if len(open_forms) > DEEPEST:
                    raise BddlError(line, f"parentheses nest deeper than {DEEPEST}; task files nest to 6")
                continue
            if token == ")":
                if not open_forms:
                    raise BddlError(
                        line, "this ')' closes nothing; remove it, or add the '(' that is missing before it"
                    )
                begun, items = open_forms.pop()
                item = Form(begun, tuple(items))
            else:
                item = Symbol(line, _checked(token, line))
            (open_forms[-1][1] if open_forms else done).append(item)
    if open_forms:
        begun = open_forms[-1][0]
        raise BddlError(line, f"the file ends inside the '(' of line {begun}; is it truncated? Add the missing ')'")
    if len(done) != 1 or not isinstance(done[0], Form):
        at = done[1].line if len(done) > 1 else done[0].line if done else 1
        raise BddlError(at, "a task file is one list, (define (problem ...) ...), and nothing beside it")
    return done[0]


def _checked(token: str, line: int) -> str:
    if len(token) > LONGEST_WORD:
        raise BddlError(line, f"a word of {len(token)} characters; words have at most {LONGEST_WORD}")
    if not token.isprintable():
        raise BddlError(line, f"unprintable character in {token!r}; task files are plain text")
    return token
