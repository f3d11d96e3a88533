"""The primitives of a one-arm robot, under the names CaP-X and ASPIRE programs use (FACTS: capgym/cap-x)."""

from __future__ import annotations

import keyword
from typing import Any, TypeVar

from aspire_mjx.errors import AspireError
from aspire_mjx.extensions import added
from aspire_mjx.primitives.registry import Family, Field, Parameter, Primitive, Registry
from aspire_mjx.shipped import packaged_json

IMPLEMENTATION = "implementation"  #: key of a primitive that an extension adds: ``module:function``
_RESULT = ("fields", "unpacks")
#: family that an extension may add to, to what its declaration says besides family, doc and implementation
_OF_EXTENSIONS = {"query": _RESULT, "plan": _RESULT, "sense": _RESULT, "move": ()}
_OF_A_MOTION = {"fields": ["reached", "touch"], "unpacks": []}  # of every one that an extension adds
_WRITTEN = packaged_json("primitives/data/robot_api.json")
Declared = TypeVar("Declared", Parameter, Field)


def _declared(kind: type[Declared], entries: list[Any]) -> tuple[Declared, ...]:
    """Parameters or fields; a name in place of an entry stands for those shared under it."""
    found: list[Declared] = []
    for entry in entries:
        for own in _WRITTEN["shared"][entry] if isinstance(entry, str) else [entry]:
            shape = None if own["shape"] is None else tuple(own["shape"])
            found.append(kind(**{**own, "shape": shape}))
    return tuple(found)


def _primitive(entry: dict[str, Any]) -> Primitive:
    return Primitive(
        name=entry["name"],
        family=Family(entry["family"]),
        parameters=_declared(Parameter, entry["parameters"]),
        fields=_declared(Field, entry["fields"]),
        unpacks=tuple(entry["unpacks"]),
        doc=entry["doc"],
    )


def added_primitives(taken: list[str]) -> list[Primitive]:
    """The declarations of extensions.

    Args:
        taken: names of the primitives that are there.

    Raises:
        AspireError: names the primitive, and what is missing or wrong.
    """
    return [_added(name, entry) for name, entry in added("primitives", taken=taken).items()]


def _added(name: str, entry: Any) -> Primitive:
    where = f"primitive {name!r} of an extension"
    if not isinstance(entry, dict):
        raise AspireError(f"{where} is no object with {', '.join(('family', *_RESULT, 'doc', IMPLEMENTATION))}.")
    if not name.isidentifier() or keyword.iskeyword(name):
        raise AspireError(f"{where}: this is no name that a program can call; choose another.")
    own = _OF_EXTENSIONS.get(str(entry.get("family")), _RESULT)
    missing = [key for key in ("family", *own, "doc", IMPLEMENTATION) if key not in entry]
    if missing:
        raise AspireError(f"{where} lacks {', '.join(missing)}.")
    if entry["family"] not in _OF_EXTENSIONS:
        raise AspireError(
            f"{where}: the families are {', '.join(_OF_EXTENSIONS)}, not {entry['family']!r}. The fingers and waiting "
            "have their calls already (open_gripper, close_gripper, wait); call these around one that moves."
        )
    stray = entry.keys() - {"family", "parameters", *own, "doc", IMPLEMENTATION}
    if stray:
        raise AspireError(f"{where}: {min(stray)!r} does not belong to family {entry['family']!r}; leave it out.")
    try:
        made = _primitive({"parameters": [], **({} if own else _OF_A_MOTION), **entry, "name": name})
    except KeyError as error:
        raise AspireError(f"{where}: a parameter or field lacks {error}, or names none that is shared.") from None
    except (TypeError, ValueError) as error:
        raise AspireError(f"{where}: {error}.") from None
    if made.family is Family.QUERY and not made.unpacks:
        raise AspireError(f"{where}: a query gives its first value itself; name that field in 'unpacks'.")
    return made


def _registry() -> Registry:
    """The declarations of data/robot_api.json and of extensions."""
    own = [_primitive(each) for each in _WRITTEN["primitives"]]
    return Registry((*own, *added_primitives([each.name for each in own])))


ROBOT_API = _registry()
IMPLEMENTATIONS = {  #: of primitives that extensions add
    name: str(entry[IMPLEMENTATION]) for name, entry in added("primitives").items()
}
