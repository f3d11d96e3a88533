"""The primitives of a one-arm robot, under the names CaP-X and ASPIRE programs use (FACTS: capgym/cap-x)."""

from __future__ import annotations

from typing import Any, TypeVar

from aspire_mjx.errors import AspireError
from aspire_mjx.extensions import added
from aspire_mjx.primitives.registry import Family, Field, Parameter, Primitive, Registry
from aspire_mjx.shipped import packaged_json

IMPLEMENTATION = "implementation"  #: key of a primitive that an extension adds: ``module:function``
_OF_EXTENSIONS = ("query", "plan")
Declared = TypeVar("Declared", Parameter, Field)


def _registry() -> Registry:
    """The declarations of data/robot_api.json, where a name in place of an entry stands for those shared under it."""
    written = packaged_json("primitives/data/robot_api.json")

    def declared(kind: type[Declared], entries: list[Any]) -> tuple[Declared, ...]:
        found: list[Declared] = []
        for entry in entries:
            for own in written["shared"][entry] if isinstance(entry, str) else [entry]:
                shape = None if own["shape"] is None else tuple(own["shape"])
                found.append(kind(**{**own, "shape": shape}))
        return tuple(found)

    entries = [*written["primitives"], *added_declarations([each["name"] for each in written["primitives"]])]
    primitives = [
        Primitive(
            name=each["name"],
            family=Family(each["family"]),
            parameters=declared(Parameter, each["parameters"]),
            fields=declared(Field, each["fields"]),
            unpacks=tuple(each["unpacks"]),
            doc=each["doc"],
        )
        for each in entries
    ]
    return Registry(tuple(primitives))


def added_declarations(taken: list[str]) -> list[dict[str, Any]]:
    """The declarations of extensions; these primitives take no simulated time and do not look."""
    found = []
    for name, entry in added("primitives", taken=taken).items():
        missing = [key for key in ("family", "fields", "unpacks", "doc", IMPLEMENTATION) if key not in entry]
        if missing:
            raise AspireError(f"primitive {name!r} of an extension lacks {', '.join(missing)}.")
        if entry["family"] not in _OF_EXTENSIONS:
            raise AspireError(
                f"primitive {name!r}: an extension adds primitives of the families {' and '.join(_OF_EXTENSIONS)}, "
                f"not {entry['family']!r}; what moves or looks is written inside this package."
            )
        found.append({"parameters": [], **entry, "name": name})
    return found


ROBOT_API = _registry()
IMPLEMENTATIONS = {  #: of primitives that extensions add
    name: str(entry[IMPLEMENTATION]) for name, entry in added("primitives").items()
}
