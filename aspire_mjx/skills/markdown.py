"""A Markdown text as skills are read from it: front matter, sections under headings, blocks of Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from aspire_mjx.errors import SkillError

_PARSER = MarkdownIt("commonmark").enable("table")
_PYTHON = ("python", "python3", "py")


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it.

    Attributes:
        title: the heading without markup; "" for what stands above the first one.
        line: line of the heading, from 1.
        start: line of the body's first line, from 1.
        body: the text under it, without the blank lines around it.
    """

    title: str
    line: int
    start: int
    body: str


@dataclass(frozen=True)
class CodeBlock:
    """A fenced block of Python.

    Attributes:
        line: line of its first line of code, from 1.
        code: the text inside the fences.
    """

    line: int
    code: str


def refuse(path: str, line: int, message: str) -> NoReturn:
    """Raises the SkillError that tells file and line."""
    raise SkillError(f"{path}:{line}: {message}") from None


def front_matter(lines: Sequence[str], path: str) -> tuple[Mapping, int]:
    """The YAML map between the lines ``---`` at the start, and the index of the first line after it.

    Raises:
        SkillError: it is not closed, not YAML, or not a map.
    """
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        refuse(path, 1, "the YAML front matter is not closed with a line '---'")
    try:
        front = yaml.safe_load("\n".join(lines[1:end]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        refuse(path, mark.line + 2 if mark else 1, f"front matter is not YAML: {getattr(error, 'problem', error)}")
    except (RecursionError, ValueError) as error:  # nested too deep; a date that there is not
        refuse(path, 1, f"front matter is not YAML: {error}")
    if not isinstance(front, dict):
        refuse(path, 2, "the front matter must be a map with name, description and metadata")
    return front, end + 1


def sections(text: str) -> tuple[Section, ...]:
    """The sections of a text: cut at its outermost headings, and at the next level too when the first is one title."""
    tokens = _PARSER.parse(text)
    headings = [
        (token, tokens[i + 1]) for i, token in enumerate(tokens) if token.type == "heading_open" and not token.level
    ]
    cuts = _cut_levels([token.tag for token, _ in headings])
    starts = [(_line(token), _plain(inline)) for token, inline in headings if token.tag in cuts]
    lines = text.split("\n")
    ends = [line for line, _ in starts] + [len(lines)]
    found = [Section("", 1, *trimmed(lines, 0, ends[0]))]
    for (line, title), end in zip(starts, ends[1:], strict=True):
        heading_lines = 1 if lines[line].lstrip().startswith("#") else 2
        found.append(Section(title, line + 1, *trimmed(lines, line + heading_lines, end)))
    return tuple(section for section in found if section.body)


def trimmed(lines: Sequence[str], start: int, end: int) -> tuple[int, str]:
    """Lines from one index to another without the blank ones around them: where they begin, from 1, and their text."""
    filled = [index for index in range(start, end) if lines[index].strip()]
    return (filled[0] + 1, "\n".join(lines[filled[0] : filled[-1] + 1])) if filled else (start + 1, "")


def python_blocks(text: str) -> tuple[CodeBlock, ...]:
    """The blocks of a text that are fenced as Python, in order."""
    fences = (token for token in _PARSER.parse(text) if token.type == "fence")
    return tuple(
        CodeBlock(_line(token) + 2, token.content)
        for token in fences
        if token.info.split()[:1] and token.info.split()[0].lower() in _PYTHON
    )


def first_paragraph(text: str) -> str:
    """The first paragraph of prose, on one line, without markup; "" when there is none."""
    tokens = _PARSER.parse(text)
    inlines = (tokens[i + 1] for i, token in enumerate(tokens) if token.type == "paragraph_open")
    return next((" ".join(_plain(inline).split()) for inline in inlines), "")


def _cut_levels(tags: Sequence[str]) -> frozenset[str]:
    levels = sorted(set(tags))
    single_title = bool(tags) and tags.count(levels[0]) == 1 and tags[0] == levels[0]
    return frozenset(levels[: 2 if single_title else 1])


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _plain(inline: Token) -> str:
    children = inline.children or ()
    return "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in children)
