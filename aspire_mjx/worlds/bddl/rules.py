"""What makes the pieces of a task file a task: known names, fitting predicates, one start for everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aspire_mjx.errors import BddlError, UnknownNameError
from aspire_mjx.worlds.assets import asset, categories
from aspire_mjx.worlds.bddl.sections import Area, Declared, Fact
from aspire_mjx.worlds.tasks import Literal, Region

#: Predicate to the number of names it takes.
BDDL_PREDICATES = {"On": 2, "In": 2, "Open": 1, "Close": 1, "Turnon": 1, "Turnoff": 1, "Up": 1}
_PLACING = ("On", "In")
_STOVE = "stove"
_FARTHEST = 20.0  # m; some upstream files banish distractors to 10 m


@dataclass(frozen=True)
class Names:
    """Everything a task file may speak of.

    Attributes:
      category: instance to category, objects and fixtures.
      fixtures: the instances that stand where they are.
      surface: the table or floor.
      regions: full names of the surface's regions.
    """

    category: dict[str, str]
    fixtures: frozenset[str]
    surface: str
    regions: dict[str, Region]

    def holder(self, name: str) -> str | None:
        """The longest instance that a site region's name begins with."""
        parts = name.split("_")
        candidates = ("_".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
        return next((c for c in candidates if c in self.category), None)

    def thing(self, name: str) -> str | None:
        """The instance that a name is or is a site of; None for a region of the surface."""
        if name in self.regions:
            return None
        return name if name in self.category else self.holder(name)

    def check(self, name: str, line: int) -> None:
        """Refuses a name that is neither instance, region nor site."""
        if name in self.category or name in self.regions:
            return
        if name == self.surface or name.startswith(self.surface + "_"):
            raise BddlError(line, f"missing region: {_unknown('region', name, self.regions)}")
        instance = self.holder(name)
        if instance is None:
            raise BddlError(line, _unknown("object or fixture", name, self.category))
        category, site = self.category[instance], name.removeprefix(instance + "_")
        known = [region.name for region in asset(category).regions]
        if site not in known:
            raise BddlError(line, _unknown(f"region of {instance} ({category})", site, known))


def declared_names(
    surface: str, objects: Sequence[Declared], fixtures: Sequence[Declared], written: Sequence[Area]
) -> Names:
    """The names of a file.

    Regions without a rectangle name sites of things, sometimes of things that are not in the scene; the sites belong to
    the categories, so a literal's use of a site is checked there and these entries are passed over, as upstream does.

    Raises:
      BddlError: a category that is unknown or in the wrong section, a name twice, a rectangle that is missing or not
        on the surface.
    """
    category: dict[str, str] = {}
    fixed = frozenset(fixtures)
    for instance in (*fixtures, *objects):
        if instance.category not in categories():
            raise BddlError(instance.line, _unknown("category", instance.category, categories()))
        section = ":fixtures" if asset(instance.category).fixture else ":objects"
        if (section == ":fixtures") != (instance in fixed):
            raise BddlError(instance.line, f"{instance.name!r} is a {instance.category}; declare it in {section}")
        if instance.name in category or instance.name == surface:
            raise BddlError(instance.line, f"{instance.name!r} is declared twice; give every instance its own name")
        if instance.name.startswith(surface + "_"):
            raise BddlError(
                instance.line, f"{instance.name!r} begins like the regions of {surface!r}; choose another name"
            )
        category[instance.name] = instance.category
    regions: dict[str, Region] = {}
    seen: set[str] = set()
    for area in written:
        if area.full_name in seen:
            raise BddlError(area.line, f"region {area.name!r} of {area.target!r} is defined twice; rename one")
        seen.add(area.full_name)
        if area.target == surface:
            regions[area.full_name] = _region(area)
        elif area.box is not None:
            raise BddlError(
                area.line,
                f"region {area.name!r} is a rectangle on {area.target!r}; rectangles lie on the surface, {surface}",
            )
    return Names(category, frozenset(f.name for f in fixtures), surface, regions)


def _region(area: Area) -> Region:
    if area.box is None:
        raise BddlError(
            area.line, f"region {area.name!r} has no rectangle; write (:ranges ((x_low y_low x_high y_high)))"
        )
    x0, y0, x1, y1 = area.box
    if max(map(abs, area.box)) > _FARTHEST:
        raise BddlError(area.line, f"region {area.name!r} lies more than {_FARTHEST:g} m away")
    return Region(area.full_name, area.target, (x0, y0), (x1, y1), (area.yaw[0], area.yaw[1]) if area.yaw else None)


def literals(found: Sequence[Fact], names: Names) -> tuple[Literal, ...]:
    """The literals in the spelling of :data:`BDDL_PREDICATES`.

    Raises:
      BddlError: an unknown predicate or name, a wrong number of names, or a name the predicate cannot be about.
    """
    spelling = {predicate.lower(): predicate for predicate in BDDL_PREDICATES}
    checked = []
    for fact in found:
        written, *arguments = fact.literal
        predicate = spelling.get(written.lower())
        if predicate is None:
            raise BddlError(fact.line, _unknown("predicate", written, BDDL_PREDICATES))
        if len(arguments) != BDDL_PREDICATES[predicate]:
            raise BddlError(fact.line, f"{predicate} takes {BDDL_PREDICATES[predicate]} name(s), not {len(arguments)}")
        for name in arguments:
            names.check(name, fact.line)
        _check_sense(predicate, arguments, names, fact.line)
        checked.append((predicate, *arguments))
    return tuple(checked)


def _check_sense(predicate: str, arguments: Sequence[str], names: Names, line: int) -> None:
    first, last = arguments[0], arguments[-1]
    if predicate in ("On", "In", "Up"):
        if first not in names.category:
            raise BddlError(line, f"{predicate} is about an object or fixture, and {first!r} is a region")
        if predicate != "Up" and first == names.thing(last):
            raise BddlError(line, f"{first!r} cannot be {predicate.lower()} itself")
        if predicate == "In" and (last in names.category or last in names.regions):
            regions = asset(names.category[last]).regions if last in names.category else ()
            known = ", ".join(f"{last}_{region.name}" for region in regions) or "none"
            raise BddlError(line, f"In is about a region inside a thing, not {last!r}; regions there: {known}")
        return
    moved = _opening if predicate in ("Open", "Close") else _switching
    instance = names.thing(first)
    if instance is None or first not in moved(instance, names.category[instance]):
        fitting = [name for each in names.category.items() for name in moved(*each)]
        raise BddlError(
            line, f"{predicate} is not about {first!r}; here it can be about: {', '.join(fitting) or 'nothing'}"
        )


def _opening(instance: str, category: str) -> list[str]:
    """What can be open or closed of an instance: itself, and the regions that a door or drawer carries."""
    thing = asset(category)
    if thing.fixture == _STOVE or not thing.links:
        return []
    return [instance, *(f"{instance}_{region.name}" for region in thing.regions if region.link)]


def _switching(instance: str, category: str) -> list[str]:
    """What can be on or off."""
    return [instance] if asset(category).fixture == _STOVE else []


def check_start(
    init: Sequence[Literal], names: Names, *, table: Sequence[float] | None, line: int, lines: Sequence[int]
) -> None:
    """Refuses a start where something has no place or two, would fall off the table, or rests on itself in the end.

    Args:
      init: the literals.
      names: of the file.
      table: m, its full size; None for the floor.
      line: of the section.
      lines: of the literals.
    """
    place: dict[str, tuple[str, int]] = {}
    for (predicate, first, *rest), where in zip(init, lines, strict=True):
        if predicate == "Up":
            raise BddlError(where, "Up is for goals; at the start things are On or In a place")
        if predicate not in _PLACING:
            continue
        if first in place:
            raise BddlError(where, f"{first!r} is placed twice, first in line {place[first][1]}; keep one")
        if first in names.fixtures and rest[0] not in names.regions:
            raise BddlError(
                where, f"fixture {first!r} stands on {rest[0]!r}; fixtures stand on a region of {names.surface}"
            )
        region = names.regions.get(rest[0])
        if table and region and first not in names.fixtures and not _on_table(region, table):
            raise BddlError(where, f"{first!r} would fall: the middle of {rest[0]!r} is not on the table, {table} m")
        place[first] = (rest[0], where)
    for name in names.category:
        if name not in place:
            raise BddlError(line, f"{name!r} has no place in :init; add e.g. (On {name} {names.surface}_..._region)")
    _check_support(place, names)


def _on_table(region: Region, table: Sequence[float]) -> bool:
    return all(abs(region.low[axis] + region.high[axis]) <= table[axis] for axis in (0, 1))


def _check_support(place: Mapping[str, tuple[str, int]], names: Names) -> None:
    """Refuses things that rest on each other in a circle; ``place`` maps instance to its place and line."""
    supported: set[str] = set()
    for name in place:
        chain: list[str] = []
        below: str | None = name
        while below is not None and below not in supported:
            supported.add(below)
            chain.append(below)
            below = names.thing(place[below][0])
        if below in chain:
            circle = [*chain[chain.index(below) :], below]
            raise BddlError(place[below][1], f"cyclic start: {' on '.join(circle)}; let one stand on the surface")


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    return str(UnknownNameError(kind, name, known))
