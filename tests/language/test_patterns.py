"""Regular expressions: what Python's own find, in linear time."""

from __future__ import annotations

import contextlib
import io
import random
import re
import time

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import ProgramRefused
from aspire_mjx.language import patterns
from aspire_mjx.language.program import Program
from tests.support.table_robot import assert_agrees

_ATOMS = ("a", "b", "c", " ", ".", r"\w", r"\d", r"\s", "[ab]", "[^a]", "[a-b ]")
_COUNTS = ("", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "{1,}?")


def _pattern(rng: random.Random, depth: int = 0) -> str:
    parts = []
    for _ in range(rng.randint(1, 3)):
        kind = rng.random()
        if kind < 0.15:
            parts.append(rng.choice((r"\b", "^", "$")))
            continue
        nested = kind > 0.6 and depth < 3
        atom = rng.choice(("(%s)", "(?:%s)")) % _pattern(rng, depth + 1) if nested else rng.choice(_ATOMS)
        parts.append(atom + rng.choice(_COUNTS))
    text = "".join(parts)
    return text if rng.random() < 0.8 else f"{text}|{_pattern(rng, depth + 1)}"


def _groups(match: re.Match[str] | None) -> tuple | None:
    return None if match is None else (match.group(), *match.groups())


def test_random_patterns_find_what_python_s_own_find() -> None:
    rng, compared = random.Random(7), 0
    while compared < 2000:
        pattern, flags = _pattern(rng), rng.choice((0, 0, int(re.IGNORECASE)))
        text = "".join(rng.choice("abBc b") for _ in range(rng.randint(0, 8)))
        try:
            found = [
                *(f(pattern, text, flags) for f in (patterns.search, patterns.match, patterns.fullmatch)),
                patterns.findall(pattern, text, flags),
                patterns.split(pattern, text, 0, flags),
                patterns.sub(pattern, r"<\\>", text, 0, flags),
            ]
        except ValueError:
            continue  # a repeat of what may be nothing
        own = re.compile(pattern, flags)
        meant = [_groups(f(text)) for f in (own.search, own.match, own.fullmatch)]
        assert found == [*meant, own.findall(text), own.split(text), own.sub(r"<\\>", text)], (pattern, text)
        compared += 1


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|a)+$", r"a?" * 40 + "a" * 40, r"(.*)(.*)(.*)(.*)x", r"(\w+\s?)+$"])
def test_no_pattern_takes_long(pattern: str) -> None:
    before = time.process_time()
    try:
        assert patterns.search(pattern, "a" * 60 + "!") is None or "$" not in pattern
    except ValueError as error:
        assert "not available" in str(error)
    assert time.process_time() - before < 2.0


@pytest.mark.parametrize(
    ("pattern", "text", "message"),
    [
        (r"(a)\1", "aa", r"\\1"),
        (r"a(?=b)", "ab", r"\(\?:"),
        (r"(?P<x>a)", "a", r"\(\?:"),
        ("a" * 2000, "a", "too long"),
        ("(" * 400 + "a" + ")" * 400, "a", "so deep"),
        ("((a{50}){50}){50}", "a", "so much"),
        ("a+", "a" * 300_000, "too long"),
        ("(a", "a", "too early"),
        ("a)", "a", "too many"),
        ("*a", "a", "nothing to repeat"),
        ("(a*)*", "a", "may be nothing"),
    ],
)
def test_what_is_not_there_is_refused_with_the_pattern(pattern: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        patterns.search(pattern, text)


SENTENCE = r"""
import re

text = task_language() if False else "Pick up the Cream Cheese box and place it in the basket."
m = re.search(r"pick (?:up )?the (.+?) and (?:place|put) it in the (\w+)", text, re.IGNORECASE)
if m is None:
    raise ValueError("cannot parse")
thing, goal = m.group(1).lower(), m.group(2)
print(thing, "|", goal, "|", m.group(), m.groups(), bool(m), m[2])
print(re.findall(r"\b[A-Z]\w+", text), re.split(r"\s*(?:and|in)\s+", text), re.sub(r"[^\w ]+", "", text))
print(re.match("the", text), re.fullmatch(r"\w+", "basket").group(0))
for words in ("left plate", "right plate", "plate"):
    side = re.match(r"(left|right)? ?(\w+)", words)
    print(side.group(1) or "none", side.groups())
"""


def test_a_sentence_is_read_as_python_reads_it() -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(SENTENCE, {})
    assert assert_agrees(SENTENCE, [1, 2]).ends[0].prints == printed.getvalue()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import re\np = re.compile('a')", "call re.search"),
        ("import re\nm = re.search('(a)', 'a')\nprint(m.group('name'))", "tuple of its groups"),
        ("import re\nm = re.search('(a)', 'a')\nprint(m.span())", "tuple of its groups"),
        ("class_ = (1, 2)\nprint(class_.group(1))", "'group' is not available"),
    ],
)
def test_what_a_tuple_cannot_stand_for_is_refused(text: str, message: str) -> None:
    with pytest.raises(ProgramRefused, match=message):
        compile_program(Program(text))


def test_lanes_that_read_different_texts_find_their_own() -> None:
    text = r"""
import re
import numpy as np

words = ("left plate", "the right plate 12", "a plate", "cup")
for _ in range(4):
    said = words[np.random.randint(0, 4)]
    m = re.search(r"(left|right)? ?plate ?(\d+)?", said)
    print(said, m is None, m.groups() if m else "", re.findall(r"\w+", said), re.sub(r"\d", "#", said))
"""
    run = assert_agrees(text, list(range(1, 9)))
    assert len({end.prints for end in run.ends.values()}) > 4
