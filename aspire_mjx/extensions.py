"""What other packages add, without a change of this one: object categories, primitives, perturbation factors, contacts.

An extension is a package with a file ``aspire_mjx.json`` in it. It is named by an entry point of the group
``aspire_mjx.extensions``, or by the environment variable ``ASPIRE_MJX_EXTENSIONS``: names of packages, with commas.
docs/extending.md shows the sections of the file. It is read once, when the first table of this package is.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from aspire_mjx.errors import AspireError, UnknownNameError

GROUP = "aspire_mjx.extensions"
VARIABLE = "ASPIRE_MJX_EXTENSIONS"
FILE = "aspire_mjx.json"
SECTIONS = ("categories", "primitives", "factors", "contacts")


class Extension(NamedTuple):
    """One package that adds something.

    Attributes:
        package: its name.
        entries: section to name to what is added.
        hash: of its Python and JSON files, 12 hexadecimal digits: results depend on them.
    """

    package: str
    entries: dict[str, dict[str, Any]]
    hash: str


@cache
def extensions() -> tuple[Extension, ...]:
    """The extensions of this process, by name.

    Raises:
        AspireError: a package or its file that cannot be found or read.
    """
    named = {part.strip() for part in os.environ.get(VARIABLE, "").split(",")} - {""}
    named = named.union(point.value for point in entry_points(group=GROUP))
    if named and "-m" in sys.orig_argv:
        sys.excepthook = _told_in_one_line
    return tuple(map(_read, sorted(named)))


def _told_in_one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What is wrong with an extension shows while modules are loaded, before any command could answer it."""
    if not isinstance(error, AspireError):
        sys.__excepthook__(kind, error, trace)
        return
    print(f"error: {error}", file=sys.stderr)
    raise SystemExit(error.exit_code)


def added(section: str, *, taken: Iterable[str] = ()) -> dict[str, Any]:
    """What all extensions add to a section, by name.

    Args:
        section: one of :data:`SECTIONS`.
        taken: names that this package has already.

    Raises:
        AspireError: a name that is there twice.
    """
    owners = dict.fromkeys(taken, "aspire_mjx")
    found: dict[str, Any] = {}
    for extension in extensions():
        for name, entry in extension.entries.get(section, {}).items():
            if name in owners:
                raise AspireError(
                    f"extension {extension.package}: {section} {name!r} is there already ({owners[name]}); rename it."
                )
            owners[name], found[name] = extension.package, entry
    return found


def function(path: str, *, of: str) -> Callable[..., Any]:
    """A function that an extension names as ``module:function``.

    Raises:
        AspireError: it cannot be imported; ``of`` says what it was to be.
    """
    module, colon, name = path.partition(":")
    try:
        if not colon:
            raise ImportError("write module:function")
        found = getattr(importlib.import_module(module), name)
        if not callable(found):
            raise ImportError(f"a {type(found).__name__}, which cannot be called")
        return found
    except (ImportError, AttributeError, SyntaxError, ValueError) as error:
        raise AspireError(f"{of}: {path!r} cannot be loaded ({error}).") from error


def _read(package: str) -> Extension:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        spec = None
    folder = Path(next(iter(spec.submodule_search_locations))) if spec and spec.submodule_search_locations else None
    if folder is None:
        raise AspireError(
            f"extension {package!r} is no package that can be imported; install it, put its folder on PYTHONPATH, "
            f"or take it out of {VARIABLE}."
        )
    try:
        entries = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AspireError(f"extension {package!r}: {folder / FILE} cannot be read ({error}).") from None
    if not isinstance(entries, dict):
        raise AspireError(f"extension {package!r}: {FILE} holds a {type(entries).__name__}, not an object.")
    for section, own in entries.items():
        if section not in SECTIONS:
            raise UnknownNameError(f"section of extension {package!r}", section, SECTIONS)
        if not isinstance(own, dict):
            raise AspireError(f"extension {package!r}: {section!r} is no object of names.")
    digest = hashlib.sha256()
    for file in sorted(each for each in folder.rglob("*") if each.suffix in (".py", ".json")):
        digest.update(str(file.relative_to(folder)).encode())
        digest.update(file.read_bytes())
    return Extension(package, entries, digest.hexdigest()[:12])
