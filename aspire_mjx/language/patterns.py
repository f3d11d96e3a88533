"""Regular expressions for programs: the module ``re`` as far as reading a task's sentence takes it.

Python's own engine tries one way through a pattern after the other, and some patterns have more ways than any budget.
Here all ways are followed at once (Pike's machine), so that the work is the length of the pattern times that of the
text. What is found is what Python finds: the first way in Python's order. Back references and assertions that look
around do not exist. RE2 follows all ways, too, but it is no Python: of 2,282 patterns such as the tests make, a quarter
found something else (``$`` before a last newline, ``{,2}``, matches of nothing in ``findall`` and ``split``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_LONGEST, _WORK = 1000, 200_000  # characters of a pattern; steps of one call
_COPIES, _DEPTH = 50, 50  # of what a counted repeat repeats; groups in one another
IGNORECASE = 2  #: the one flag, with Python's own number
_SPACES = " \t\n\r\f\v"
_CLASSES: dict[str, Callable[[str], bool]] = {
    "d": str.isdecimal,
    "w": lambda c: c.isalnum() or c == "_",
    "s": str.isspace,
}
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_EDGES = {"^": "start", "$": "end", "A": "start", "Z": "last", "b": "edge"}

Test = Callable[[str], bool]
Groups = tuple[Any, ...]


@dataclass
class _Code:
    """A pattern as instructions: ``(what, argument, argument)``.

    Attributes:
        steps: ``char test``, ``split first second``, ``jump to``, ``save slot``, ``at edge`` and ``found``.
        groups: how many groups there are, without the whole.
    """

    steps: list[tuple[str, Any, Any]] = field(default_factory=list)
    groups: int = 0

    def add(self, what: str, first: Any = None, second: Any = None) -> int:
        """Appends an instruction; gives its place."""
        self.steps.append((what, first, second))
        return len(self.steps) - 1


class _Reader:
    """Reads a pattern by recursive descent; each method appends the instructions of what it reads."""

    def __init__(self, pattern: str, fold: bool) -> None:
        self.pattern, self.fold = pattern, fold
        self.at = self.depth = 0
        self.code = _Code()

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        char = self.peek()
        if not char:
            raise ValueError(f"the pattern ends too early: {self.pattern!r}")
        self.at += 1
        return char

    def refuse(self, what: str) -> ValueError:
        return ValueError(
            f"{what} in the pattern {self.pattern!r} (at character {self.at}) is not available to programs"
        )

    def choice(self) -> None:
        """``a|b|c``."""
        start = len(self.code.steps)
        self.sequence()
        ends = []
        while self.peek() == "|":
            self.at += 1
            self._shift(start)
            ends.append(self.code.add("jump"))
            self.code.steps[start] = ("split", start + 1, len(self.code.steps))
            start = len(self.code.steps)
            self.sequence()
        for end in ends:
            self.code.steps[end] = ("jump", len(self.code.steps), None)

    def sequence(self) -> None:
        while self.peek() not in ("", "|", ")"):
            start = len(self.code.steps)
            self.one()
            self.repeat(start)

    def one(self) -> None:
        """A character, a class, a group or an edge."""
        char = self.take()
        if char == "(":
            self.group()
        elif char == "[":
            self.code.add("char", self.members())
        elif char == ".":
            self.code.add("char", lambda c: c != "\n")
        elif char in "^$":
            self.code.add("at", _EDGES[char])
        elif char == "\\":
            self.escape()
        elif char in "*+?":
            raise self.refuse("nothing to repeat")
        else:
            self.code.add("char", self.literal(char))

    def literal(self, char: str) -> Test:
        if self.fold:
            low = char.lower()
            return lambda c: c.lower() == low
        return lambda c: c == char

    def escape(self) -> None:
        char = self.take()
        if char in _EDGES and char.isalpha():
            self.code.add("at", _EDGES[char])
        else:
            self.code.add("char", self.escaped(char))

    def escaped(self, char: str) -> Test:
        if char.lower() in _CLASSES:
            test = _CLASSES[char.lower()]
            return test if char.islower() else lambda c: not test(c)
        if char in _ESCAPED:
            return self.literal(_ESCAPED[char])
        if char.isalnum():
            raise self.refuse(f"\\{char}")
        return self.literal(char)

    def members(self) -> Test:
        """``[...]``."""
        negated = self.peek() == "^"
        self.at += negated
        tests: list[Test] = []
        while self.peek() != "]" or not tests:
            low = self.take()
            if low == "\\":
                tests.append(self.escaped(self.take()))
                continue
            if self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                high = self.take()
                if high == "\\" or high < low:
                    raise self.refuse(f"the range {low}-{high}")
                tests.append(self.between(low, high))
            else:
                tests.append(self.literal(low))
        self.at += 1
        return lambda c: any(test(c) for test in tests) != negated

    def between(self, low: str, high: str) -> Test:
        if self.fold:
            return lambda c: low <= c.lower() <= high or low <= c.upper() <= high
        return lambda c: low <= c <= high

    def group(self) -> None:
        slot = 0
        if self.peek() == "?":
            self.at += 1
            if self.take() != ":":
                raise self.refuse("a group that begins with (? and not with (?:")
        else:
            self.code.groups += 1
            slot = 2 * self.code.groups
            self.code.add("save", slot)
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.refuse("so deep a group")
        self.choice()
        self.depth -= 1
        self.take()  # a ), as nothing else ends a choice
        if slot:
            self.code.add("save", slot + 1)

    def repeat(self, start: int) -> None:
        """``*``, ``+``, ``?`` and ``{low,high}`` of what stands from ``start`` on."""
        found = self.count()
        if found is None:
            return
        low, high = found
        lazy = self.peek() == "?"
        self.at += lazy
        if self.count() is not None or self.peek() in ("+", "*"):
            raise self.refuse("a repeat of a repeat")
        body = self.code.steps[start:]
        if (high is None or high > 1) and _may_be_empty(body, start):
            raise self.refuse("a repeat of what may be nothing")
        del self.code.steps[start:]
        for _ in range(low):
            self._append(body, start)
        if high is None:
            again = self.code.add("split")
            self._append(body, start)
            self.code.add("jump", again)
            self._leave([again], lazy)
        else:
            splits = []
            for _ in range(high - low):
                splits.append(self.code.add("split"))
                self._append(body, start)
            self._leave(splits, lazy)

    def count(self) -> tuple[int, int | None] | None:
        """How often at least and at most, where a repeat stands here."""
        char = self.peek()
        if char and char in "*+?":
            self.at += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        end = self.pattern.find("}", self.at)
        low, comma, high = self.pattern[self.at + 1 : end].partition(",")
        digits = [part for part in (low, high) if part]
        if char != "{" or end < 0 or not digits or not all(part.isdecimal() for part in digits):
            return None
        self.at = end + 1
        least, most = int(low or 0), int(high) if high else None if comma else int(low)
        if max(least, most or 0) > _COPIES or (most is not None and most < least):
            raise self.refuse(f"a repeat of more than {_COPIES} times")
        return least, most

    def _leave(self, splits: list[int], lazy: bool) -> None:
        after = len(self.code.steps)
        for place in splits:
            first, second = (after, place + 1) if lazy else (place + 1, after)
            self.code.steps[place] = ("split", first, second)

    def _append(self, body: list[tuple[str, Any, Any]], start: int) -> None:
        """A copy of instructions that stood from ``start`` on."""
        by = len(self.code.steps) - start
        self.code.steps += [_moved(step, by) for step in body]
        if len(self.code.steps) > _LONGEST:
            raise self.refuse("so much")

    def _shift(self, start: int) -> None:
        """Makes room for one instruction at ``start``."""
        self.code.steps[start:] = [("split", None, None), *(_moved(step, 1) for step in self.code.steps[start:])]


def _moved(step: tuple[str, Any, Any], by: int) -> tuple[str, Any, Any]:
    what, first, second = step
    if what == "split":
        return what, first + by, second + by
    return (what, first + by, None) if what == "jump" else step


def _may_be_empty(body: list[tuple[str, Any, Any]], start: int) -> bool:
    """Whether there is a way through instructions that takes no character."""
    pending, seen = [0], set()
    while pending:
        at = pending.pop()
        if at >= len(body):
            return True
        if at in seen:
            continue
        seen.add(at)
        what, first, second = body[at]
        if what == "split":
            pending += [first - start, second - start]
        elif what == "jump":
            pending.append(first - start)
        elif what != "char":
            pending.append(at + 1)
    return False


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: int) -> _Code:
    if flags not in (0, IGNORECASE):
        raise ValueError("re.IGNORECASE is the only flag of patterns in programs")
    refuse_text(pattern, _LONGEST)
    reader = _Reader(pattern, fold=flags == IGNORECASE)
    reader.code.add("save", 0)
    reader.choice()
    if reader.peek():
        raise ValueError(f"a ) too many in the pattern {pattern!r}")
    reader.code.add("save", 1)
    reader.code.add("found")
    return reader.code


def refuse_text(text: Any, most: int) -> None:
    """TypeError for what is no text, ValueError for a text that is too long."""
    if not isinstance(text, str):
        raise TypeError(f"expected string, got {type(text).__name__}")
    if len(text) > most:
        raise ValueError(f"a text of {len(text)} characters is too long for a pattern; at most {most}")


# the machine ----------------------------------------------------------------------------------------------------------


def _is_at(edge: str, text: str, place: int) -> bool:
    if edge == "start":
        return place == 0
    if edge == "last":
        return place == len(text)
    if edge == "end":
        return place == len(text) or (place == len(text) - 1 and text[place] == "\n")
    word = [0 <= i < len(text) and _CLASSES["w"](text[i]) for i in (place - 1, place)]
    return word[0] != word[1]


def _follow(code: _Code, text: str, place: int, way: tuple[int, tuple], ways: list, seen: set[int]) -> None:
    """All instructions that take a character, or end, and are reached from one without taking any, in order."""
    pending = [way]
    while pending:
        at, saved = pending.pop()
        if at in seen:
            continue
        seen.add(at)
        what, first, second = code.steps[at]
        if what == "split":
            pending += [(second, saved), (first, saved)]
        elif what == "jump":
            pending.append((first, saved))
        elif what == "save":
            pending.append((at + 1, (*saved[:first], place, *saved[first + 1 :])))
        elif what == "at":
            if _is_at(first, text, place):
                pending.append((at + 1, saved))
        else:
            ways.append((at, saved))


def _run(code: _Code, text: str, start: int, *, move: bool, whole: bool = False, full: bool = False) -> tuple | None:
    """Where the groups of the first match are, from ``start`` on or exactly there.

    Args:
        code: the pattern.
        text: what it is looked for in.
        start: the place to begin at.
        move: whether the match may begin later.
        whole: whether it must end where the text does.
        full: whether a match at ``start`` must have a character.
    """
    if len(code.steps) * (len(text) + 1) > _WORK:
        raise ValueError(f"a text of {len(text)} characters is too long for a pattern of this size")
    empty: tuple[int | None, ...] = (None,) * (2 * code.groups + 2)
    ways: list[tuple[int, tuple]] = []
    best: tuple | None = None
    for place in range(start, len(text) + 1):
        seen: set[int] = set()
        now: list[tuple[int, tuple]] = []
        for way in ways:
            _follow(code, text, place, way, now, seen)
        if best is None and (move or place == start):
            _follow(code, text, place, (0, empty), now, seen)
        ways = []
        for at, saved in now:
            what, test, _ = code.steps[at]
            if what == "found":
                if (whole and place < len(text)) or (full and saved[1] == saved[0] == start):
                    continue
                best = saved
                break
            if place < len(text) and test(text[place]):
                ways.append((at + 1, saved))
        if not ways and (best is not None or not move):
            break
    return best


def _groups(text: str, spans: tuple | None) -> Groups | None:
    """A match as the texts of its groups, the whole first."""
    if spans is None:
        return None
    return tuple(None if a is None or b is None else text[a:b] for a, b in zip(spans[::2], spans[1::2], strict=True))


def _all(pattern: str, text: str, flags: int) -> Iterator[tuple]:
    refuse_text(text, _WORK)
    code = _compiled(pattern, flags)
    if len(code.steps) * (len(text) + 1) ** 2 > 2 * _WORK:
        raise ValueError(f"a text of {len(text)} characters is too long for all matches of this pattern")
    place, full = 0, False
    while place <= len(text):
        spans = _run(code, text, place, move=True, full=full)
        if spans is None:
            return
        yield spans
        place, full = spans[1], spans[0] == spans[1]


def search(pattern: Any, string: Any, flags: int = 0) -> Groups | None:
    """``re.search``: the groups of the first match, the whole first; None without one."""
    refuse_text(string, _WORK)
    return _groups(string, _run(_compiled(pattern, flags), string, 0, move=True))


def match(pattern: Any, string: Any, flags: int = 0) -> Groups | None:
    """``re.match``: the same at the text's start."""
    refuse_text(string, _WORK)
    return _groups(string, _run(_compiled(pattern, flags), string, 0, move=False))


def fullmatch(pattern: Any, string: Any, flags: int = 0) -> Groups | None:
    """``re.fullmatch``: the same of the whole text."""
    refuse_text(string, _WORK)
    return _groups(string, _run(_compiled(pattern, flags), string, 0, move=False, whole=True))


def findall(pattern: Any, string: Any, flags: int = 0) -> list[Any]:
    """``re.findall``: the texts of all matches, or of their groups."""
    found = [_groups(string, spans) or () for spans in _all(pattern, string, flags)]
    texts = [tuple(part or "" for part in groups) for groups in found]
    return [each[0] if len(each) == 1 else each[1] if len(each) == 2 else each[1:] for each in texts]


def split(pattern: Any, string: Any, maxsplit: int = 0, flags: int = 0) -> list[Any]:
    """``re.split``."""
    parts: list[Any] = []
    place = 0
    for count, spans in enumerate(_all(pattern, string, flags)):
        if maxsplit and count >= maxsplit:
            break
        parts += [string[place : spans[0]], *(_groups(string, spans) or ())[1:]]
        place = spans[1]
    return [*parts, string[place:]]


def sub(pattern: Any, repl: Any, string: Any, count: int = 0, flags: int = 0) -> str:
    r"""``re.sub`` with a text, in which ``\1`` is a group."""
    refuse_text(repl, _LONGEST)
    parts: list[str] = []
    place = 0
    for number, spans in enumerate(_all(pattern, string, flags)):
        if count and number >= count:
            break
        parts += [string[place : spans[0]], _filled(repl, _groups(string, spans) or ())]
        place = spans[1]
    return "".join([*parts, string[place:]])


def _filled(template: str, groups: Groups) -> str:
    parts, at = [], 0
    while at < len(template):
        char, following = template[at], template[at + 1 : at + 2]
        if char != "\\":
            parts.append(char)
        elif following.isdecimal() and int(following) < len(groups):
            parts.append(groups[int(following)] or "")
        elif following in ("\\", "n", "t"):
            parts.append(_ESCAPED.get(following, "\\"))
        else:
            raise ValueError(f"\\{following} in the replacement {template!r} is not available to programs")
        at += 1 + (char == "\\")
    return "".join(parts)
