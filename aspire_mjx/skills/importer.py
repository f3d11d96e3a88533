"""Reading other people's skills: Markdown files of any shape become imported skills."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from aspire_mjx.errors import SkillError
from aspire_mjx.files import check_regular_file
from aspire_mjx.skills.imported import ImportedSkill, is_imported, parse_imported, read_codes
from aspire_mjx.skills.library import FILE, LARGEST
from aspire_mjx.skills.markdown import Section, first_paragraph, front_matter, refuse, sections, trimmed

_LONGEST_NAME, _LONGEST_DESCRIPTION, _LONGEST_REASON = 64, 1024, 200
_MOST_ENTRIES = 20_000  #: of a folder and all below it: a whole disk is a slip


@dataclass(frozen=True)
class Import:
    """What a path gave.

    Attributes:
        skills: in the order of files and headings; no two have one name.
        broken: a sentence, with path and line, for every file that was left out.
        unrunnable: a sentence, with path and line, for every block of Python that the robot API cannot run; it stays
            text.
    """

    skills: tuple[ImportedSkill, ...]
    broken: tuple[str, ...]
    unrunnable: tuple[str, ...]


def read_skills(path: str | Path) -> Import:
    """The skills of a Markdown file, or of all Markdown files under a folder.

    A file named SKILL.md is one skill, as the Agent Skills format has it. Any other file gives one skill a section.

    Raises:
        SkillError: the path does not exist, holds no Markdown file, or far more than a folder of skills does.
    """
    root = Path(path)
    inside = [root] if root.is_file() else list(islice(root.rglob("*"), _MOST_ENTRIES + 1))
    if len(inside) > _MOST_ENTRIES:
        raise SkillError(f"{root} holds more than {_MOST_ENTRIES} files and folders; name the folder of the skills")
    files = sorted(each for each in inside if each == root or each.name.endswith(".md"))
    if not files:
        raise SkillError(f"{root}: no Markdown file; name a .md file or a folder that holds some")
    found: list[ImportedSkill] = []
    unrunnable: list[str] = []
    broken: list[str] = []
    for file in files:
        shown = file.name if file == root else file.relative_to(root).as_posix()
        try:
            for skill, start in _file_skills(file, shown):
                found.append(skill)
                unrunnable += _unrunnable(skill, shown, start)
        except SkillError as error:
            broken.append(str(error))
        except OSError as error:
            broken.append(f"{shown}:1: cannot be read ({error.strerror})")
    return Import(tuple(_distinct(found)), tuple(broken), tuple(unrunnable))


def _unrunnable(skill: ImportedSkill, shown: str, start: int) -> Iterator[str]:
    """What is wrong with the blocks of a skill whose body starts at a line of a file."""
    for code in read_codes(skill.body, skill.name, start=start):
        for line, message in code.problems[:1]:
            more = f" (and {len(code.problems) - 1} more)" if code.problems[1:] else ""
            yield f"{shown}:{line}: {textwrap.shorten(message, _LONGEST_REASON, placeholder=' ...')}{more}"


def _file_skills(file: Path, shown: str) -> list[tuple[ImportedSkill, int]]:
    """The skills of a file, each with the line where its body starts."""
    lines = _text(file, shown).replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    matter, first = front_matter(lines, shown) if lines[0].rstrip() == "---" else ({}, 0)
    start, body = trimmed(lines, first, len(lines))
    if not body:
        refuse(shown, first + 1, "no text; write what the skill knows")
    if file.name == FILE and is_imported(matter):
        return [(parse_imported("\n".join(lines), path=shown), start)]
    parts = sections("\n".join(lines[first:]))
    named = matter.get("name")
    if file.name == FILE:
        slug = _slug(str(named or file.absolute().parent.name))
        about = matter.get("description") or first_paragraph(body) or (parts[0].title if parts else slug)
        return [(ImportedSkill(slug, _one_line(str(about)), body, f"{shown}:1"), start)]
    stem, about = str(named or file.stem), matter.get("description")
    return [(_entry(part, stem, about, shown, first), first + part.start) for part in parts]


def _text(file: Path, shown: str) -> str:
    check_regular_file(file, f"{shown}:1: the file", most=LARGEST, error=SkillError)
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        refuse(shown, line, f"not UTF-8 text ({error.reason} at byte {error.start})")


def _entry(part: Section, stem: str, about: object, shown: str, first: int) -> ImportedSkill:
    words = part.title if _slug(part.title).startswith(_slug(stem)) else f"{stem} {part.title}"
    told = first_paragraph(part.body) or str(about or "")
    description = _one_line(": ".join(text for text in (part.title, told) if text) or stem)
    return ImportedSkill(_slug(words), description, part.body, f"{shown}:{first + part.line}")


def _slug(words: str) -> str:
    """Lower-case letters and digits joined by single hyphens, at most 64 characters, cut at a hyphen."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "skill"
    if len(slug) <= _LONGEST_NAME:
        return slug
    cut = slug[: _LONGEST_NAME + 1]
    return cut[: cut.rfind("-")] if "-" in cut else slug[:_LONGEST_NAME]


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_DESCRIPTION else f"{line[: _LONGEST_DESCRIPTION - 3].rstrip()}..."


def _distinct(skills: list[ImportedSkill]) -> Iterator[ImportedSkill]:
    """The skills with a number behind every name that is taken."""
    taken: set[str] = set()
    for skill in skills:
        name, number = skill.name, 1
        while name in taken:
            number += 1
            name = f"{skill.name[: _LONGEST_NAME - len(str(number)) - 1].rstrip('-')}-{number}"
        taken.add(name)
        yield replace(skill, name=name)
