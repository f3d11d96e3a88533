"""Task files on disk: LIBERO's subset of BDDL, read as data.

    tasks = load_bddl("path/to/libero_goal")        # a folder is a suite, a file a suite of one task

A file becomes a task as a whole or is refused with its line and the reason.
"""

from __future__ import annotations

import sys
from pathlib import Path

from aspire_mjx.errors import AspireError, BddlError, UnknownNameError, WorldError
from aspire_mjx.files import check_regular_file
from aspire_mjx.worlds.bddl.rules import check_start, declared_names, literals
from aspire_mjx.worlds.bddl.s_expressions import MOST_CHARACTERS, Form, read_form
from aspire_mjx.worlds.bddl.sections import Declared, areas, declared, facts, goal_facts, sections, symbols
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.workspaces import WORKSPACES, Workspace

_DOMAIN = "robosuite"
_MOST_BYTES = 4 * MOST_CHARACTERS  # a character has at most four


def load_bddl(path: str | Path) -> tuple[Task, ...]:
    """The tasks of a file or of a folder's ``*.bddl`` files, as the suite ``bddl_<name of the file or folder>``.

    Tasks are numbered by file name. A file of a folder that cannot be read is left out, with a line on standard error;
    its number stays free, so that the others keep theirs.

    Raises:
      BddlError: the file, or the first of a folder in which none can be read.
      WorldError: nothing to read at this path.
    """
    path = Path(path)
    if path.is_file():
        return (_read_file(path, suite=f"bddl_{path.stem}", index=0),)
    files = sorted(path.glob("*.bddl"))
    if not files:
        raise WorldError(f"{str(path)!r} is neither a task file nor a folder with *.bddl files; give the path of one.")
    tasks: list[Task] = []
    refused: list[BddlError] = []
    for index, file in enumerate(files):
        try:
            tasks.append(_read_file(file, suite=f"bddl_{path.resolve().name}", index=index))
        except BddlError as error:
            refused.append(error)
    if not tasks:
        raise refused[0]
    for error in refused:
        print(f"left out {error}", file=sys.stderr)
    return tuple(tasks)


def parse_bddl(text: str, *, suite: str, index: int = 0, name: str) -> Task:
    """The task that the text of a file defines.

    Args:
      text: of the file.
      suite: that the task is put into; a file does not say it.
      index: of the task in the suite.
      name: of the task.

    Raises:
      BddlError: with the line and the reason.
    """
    found = sections(read_form(text))
    place = _workspace(found["problem"])
    if ":domain" in found and [word.text for word in symbols(found[":domain"])] != [_DOMAIN]:
        raise BddlError(found[":domain"].line, f"the domain of task files is {_DOMAIN}: write (:domain {_DOMAIN})")
    language = " ".join(word.text for word in symbols(found[":language"]))
    if not language:
        raise BddlError(found[":language"].line, "(:language ...) is empty; write the instruction in words")
    if ":obj_of_interest" in found:
        symbols(found[":obj_of_interest"])
    objects = declared(found[":objects"])
    surface, fixtures = _surface(found[":fixtures"], place)
    names = declared_names(surface, objects, fixtures, areas(found[":regions"]))
    start = facts(found[":init"])
    init = literals(start, names)
    check_start(init, names, table=place.table, line=found[":init"].line, lines=[fact.line for fact in start])
    return Task(
        suite=suite,
        index=index,
        name=name,
        language=language,
        workspace=place.name,
        objects=tuple((o.name, o.category) for o in objects),
        fixtures=tuple((f.name, f.category) for f in fixtures),
        surface=surface,
        regions=tuple(names.regions[name] for name in sorted(names.regions)),
        init=init,
        goal=literals(goal_facts(found[":goal"]), names),
    )


def _workspace(section: Form) -> Workspace:
    written = symbols(section)
    if len(written) != 1:
        raise BddlError(section.line, "write (problem NAME), e.g. (problem LIBERO_Tabletop_Manipulation)")
    for place in WORKSPACES:
        if place.problem == written[0].text.lower():
            return place
    known = [place.problem for place in WORKSPACES]
    raise BddlError(written[0].line, str(UnknownNameError("problem", written[0].text, known)))


def _surface(section: Form, place: Workspace) -> tuple[str, list[Declared]]:
    """The surface's instance name, and the other fixtures."""
    fixtures = declared(section)
    surfaces = [fixture for fixture in fixtures if fixture.category == place.surface]
    if len(surfaces) != 1:
        raise BddlError(
            section.line,
            f"{len(surfaces)} fixtures of category {place.surface}; the problem {place.problem} needs exactly one, "
            f"e.g. main_table - {place.surface}",
        )
    return surfaces[0].name, [fixture for fixture in fixtures if fixture is not surfaces[0]]


def _read_file(path: Path, *, suite: str, index: int) -> Task:
    try:
        check_regular_file(path, "task file")
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise BddlError(1, f"larger than {_MOST_BYTES} bytes, so no task file")
        return parse_bddl(content.decode("utf-8-sig"), suite=suite, index=index, name=path.stem)
    except BddlError as error:
        line, reason = error.line, error.reason
    except UnicodeDecodeError as error:
        line, reason = error.object.count(b"\n", 0, error.start) + 1, "not UTF-8 text; save the file as UTF-8"
    except OSError as error:
        line, reason = 1, f"cannot be read: {error.strerror}"
    except AspireError as error:
        line, reason = 1, str(error)
    raise BddlError(line, reason, filename=str(path))
