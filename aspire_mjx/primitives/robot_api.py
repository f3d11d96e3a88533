"""The primitives of a one-arm robot, under the names CaP-X and ASPIRE programs use (FACTS: capgym/cap-x)."""

from __future__ import annotations

from typing import Any, TypeVar

from aspire_mjx.primitives.registry import Family, Field, Parameter, Primitive, Registry
from aspire_mjx.shipped import packaged_json

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

    primitives = [
        Primitive(
            name=each["name"],
            family=Family(each["family"]),
            parameters=declared(Parameter, each["parameters"]),
            fields=declared(Field, each["fields"]),
            unpacks=tuple(each["unpacks"]),
            doc=each["doc"],
        )
        for each in written["primitives"]
    ]
    return Registry(tuple(primitives))


ROBOT_API = _registry()
