"""The sections of a task file as plain pieces, each with the line it stands on; what they mean is checked elsewhere."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from aspire_mjx.errors import BddlError
from aspire_mjx.worlds.bddl.s_expressions import Form, Symbol
from aspire_mjx.worlds.tasks import Literal

_NEEDED = ("problem", ":language", ":regions", ":fixtures", ":objects", ":init", ":goal")
_OPTIONAL = (":domain", ":requirements", ":obj_of_interest")
_FIELDS = (":target", ":ranges", ":yaw_rotation", ":rgba")
_CONNECTIVES = ("and", "or", "not", "imply", "forall", "exists")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Declared:
    """An instance with its category."""

    line: int
    name: str
    category: str


@dataclass(frozen=True)
class Area:
    """A region as written: on the surface with a range, or naming a site of something without one."""

    line: int
    name: str
    target: str
    box: tuple[float, ...] | None  #: x low, y low, x high, y high, m; None: a site
    yaw: tuple[float, ...] | None  #: rad

    @property
    def full_name(self) -> str:
        """The name in literals."""
        return f"{self.target}_{self.name}"


@dataclass(frozen=True)
class Fact:
    """A literal of ``:init`` or ``:goal`` as written."""

    line: int
    literal: Literal


def sections(root: Form) -> dict[str, Form]:
    """The sections of ``(define ...)`` by name.

    Raises:
      BddlError: something that is no section, a section twice, or one missing.
    """
    if root.head != "define":
        raise BddlError(root.line, "a task file begins with (define (problem ...) ...)")
    found: dict[str, Form] = {}
    for item in root.items[1:]:
        name = item.head if isinstance(item, Form) else ""
        if not isinstance(item, Form) or name not in _NEEDED + _OPTIONAL:
            raise BddlError(item.line, f"{_shown(item)} is no section; sections: {', '.join(_NEEDED + _OPTIONAL)}")
        if name in found:
            raise BddlError(item.line, f"section {name} a second time; the first is in line {found[name].line}")
        found[name] = item
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        raise BddlError(root.line, f"section {missing[0]} is missing; a task file has {', '.join(_NEEDED)}")
    return found


def symbols(section: Form) -> list[Symbol]:
    """The words of a section after its name."""
    for item in section.items:
        if not isinstance(item, Symbol):
            raise BddlError(item.line, f"{section.head} holds words, not the list {_shown(item)}")
    return [item for item in section.items[1:] if isinstance(item, Symbol)]


def declared(section: Form) -> list[Declared]:
    """``:objects`` and ``:fixtures``: names, each followed by ``- category`` or sharing the next one's."""
    found: list[Declared] = []
    waiting: list[Symbol] = []
    items = iter(symbols(section))
    for word in items:
        if word.text != "-":
            waiting.append(word)
            continue
        category = next(items, None)
        if category is None or not waiting:
            raise BddlError(
                word.line, f"'-' stands between names and their category, e.g. plate_1 - plate, in {section.head}"
            )
        found += [Declared(name.line, named(name), named(category)) for name in waiting]
        waiting = []
    if waiting:
        raise BddlError(waiting[0].line, f"{waiting[0].text!r} has no category; write e.g. {waiting[0].text} - plate")
    return found


def areas(section: Form) -> list[Area]:
    """``:regions``."""
    found = []
    for item in section.items[1:]:
        if not isinstance(item, Form) or not item.items:
            raise BddlError(item.line, f"{_shown(item)} is no region; write (name (:target ...) (:ranges ((...))))")
        fields = _fields(item)
        target = fields.get(":target")
        if target is None:
            raise BddlError(item.line, f"region {_shown(item.items[0])} has no (:target ...), the thing it lies on")
        if len(target.items) != 2:
            raise BddlError(target.line, "(:target ...) takes one name")
        box = _numbers(fields, ":ranges", "x_low y_low x_high y_high")
        yaw = _numbers(fields, ":yaw_rotation", "low high")
        if (box and (box[0] > box[2] or box[1] > box[3])) or (yaw and yaw[0] > yaw[1]):
            raise BddlError(item.line, f"region {_shown(item.items[0])} has a low end above its high end")
        found.append(Area(item.line, named(item.items[0]), named(target.items[1]), box, yaw))
    return found


def facts(section: Form) -> list[Fact]:
    """``:init``, or the literals of a conjunction."""
    found = []
    for item in section.items[1:]:
        if isinstance(item, Form) and item.head in _CONNECTIVES:
            raise BddlError(
                item.line, f"{item.head} is not supported here; goals are (And literal ...), without nesting"
            )
        if not isinstance(item, Form) or len(item.items) < 2:
            raise BddlError(item.line, f"{_shown(item)} is no literal; write e.g. (On plate_1 main_table_plate_region)")
        found.append(Fact(item.line, tuple(named(word) for word in item.items)))
    return found


def goal_facts(section: Form) -> list[Fact]:
    """``:goal``: ``(And literal ...)``, or one literal."""
    if len(section.items) != 2 or not isinstance(section.items[1], Form):
        raise BddlError(section.line, "(:goal ...) holds one list: (And (On ...) ...), or a single literal")
    goal = section.items[1]
    found = facts(goal if goal.head == "and" else section)
    if not found:
        raise BddlError(goal.line, "the goal is empty; it needs at least one literal")
    return found


def named(item: Symbol | Form) -> str:
    """The text of a word that is a name."""
    if not isinstance(item, Symbol) or not _NAME.fullmatch(item.text):
        raise BddlError(item.line, f"{_shown(item)} is no name; names have letters, digits and underscores")
    return item.text


def _fields(region: Form) -> dict[str, Form]:
    found: dict[str, Form] = {}
    for field in region.items[1:]:
        if not isinstance(field, Form) or field.head not in _FIELDS or field.head in found:
            twice = isinstance(field, Form) and field.head in found
            problem = "stands twice" if twice else f"is no field of a region; fields: {', '.join(_FIELDS)}"
            raise BddlError(field.line, f"{_shown(field)} {problem}")
        found[field.head] = field
    return found


def _numbers(fields: Mapping[str, Form], name: str, meaning: str) -> tuple[float, ...] | None:
    """The numbers of ``(:name ((a b ...)))``; None where the field is absent."""
    field = fields.get(name)
    if field is None:
        return None
    entries = field.items[1].items if len(field.items) == 2 and isinstance(field.items[1], Form) else ()
    if len(entries) != 1 or not isinstance(entries[0], Form) or len(entries[0].items) != len(meaning.split()):
        raise BddlError(field.line, f"write ({name} (({meaning}))), one list of numbers; several are not supported")
    values = []
    for word in entries[0].items:
        if not isinstance(word, Symbol) or not _NUMBER.fullmatch(word.text) or not math.isfinite(float(word.text)):
            raise BddlError(word.line, f"{_shown(word)} in {name} is no finite number")
        values.append(float(word.text))
    return tuple(values)


def _shown(item: Symbol | Form) -> str:
    """An item in a message: the word, or the beginning of the list."""
    return repr(item.text) if isinstance(item, Symbol) else f"({item.head} ...)" if item.items else "()"
