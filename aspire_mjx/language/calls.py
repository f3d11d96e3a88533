"""The calls of numpy and math that programs have, each with what it needs.

``data/calls.json`` declares every function and method of arrays, with the parameters that it has in programs (an
argument that is not declared does not exist) and the rule that tells what a call needs before it is made. A rule gets
sizes as Python's own numbers, whatever kind of number a program gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aspire_mjx.language import array_needs, matrix_needs
from aspire_mjx.language.dtypes import number_dtype
from aspire_mjx.language.limits import guard_tree, refuse_elements
from aspire_mjx.language.needs import RULES, WORKING, Need, plain
from aspire_mjx.shipped import packaged_json

__all__ = ["CALLS", "MOST_WORK", "Call", "array_needs", "matrix_needs"]

_LONGEST = 100  #: characters of a text that a function of numpy may get, such as the axes of an einsum
MOST_WORK = 1_000_000  #: instructions that one call may take


class Call:
    """The declaration of one function: its parameters in programs, and the rule for what a call needs."""

    def __init__(self, name: str, parameters: str, rule: str) -> None:
        by_place, star, by_name = parameters.partition("* ")
        places = by_place.split() if star else parameters.split()
        self.name = name
        self.many = next((place for place, each in enumerate(places) if each.startswith("*")), None)
        self.places = tuple(places if self.many is None else places[: self.many])
        self.names = frozenset(each.lstrip("*") for each in (*places, *by_name.split()))
        self.rule = RULES[rule]
        self.works = rule in WORKING

    def given(self, args: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a call by name. TypeError for those that no program has."""
        for keyword in keywords:
            if keyword not in self.names:
                known = f"it takes {', '.join(sorted(self.names))}" if self.names else "it takes none"
                raise TypeError(f"{self.name} does not take {keyword!r} in programs; {known}")
        if self.many is None and len(args) > len(self.places):
            raise TypeError(f"{self.name} takes at most {len(self.places)} positional arguments in programs")
        found = {**dict(zip(self.places, args, strict=False)), **keywords}
        if self.many is not None:
            found["many"] = args[self.many :]
        if "dtype" in found:
            number_dtype(found["dtype"])
        _refuse_texts(self.name, (*args, *keywords.values()))
        return found

    def need(self, args: Sequence[Any], keywords: Mapping[str, Any], *, receiver: Any = None) -> Need:
        """What a call, or a method of a receiver, needs. TypeError for arguments that no program has."""
        given = {name: plain(value) for name, value in self.given(args, keywords).items()}
        return self.rule(**given) if receiver is None else self.rule(a=receiver, **given)

    def check(self, args: Sequence[Any], keywords: Mapping[str, Any], *, receiver: Any = None) -> None:
        """Refuse a call that needs more than a program may have."""
        elements, work = self.need(args, keywords, receiver=receiver)
        if elements > 64:
            refuse_elements("the array", elements)
        if work > MOST_WORK:
            most = MOST_WORK / 1e6
            raise TimeoutError(f"{self.name} would take about {work / 1e6:.3g} s; one call may take {most:g} s")


def _refuse_texts(name: str, values: Sequence[Any]) -> None:
    """Numpy would make arrays of as many characters as the longest text has."""
    pending = [value for value in values if isinstance(value, (list, tuple, str))]
    if not pending:
        return
    guard_tree(pending)
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if len(item) > _LONGEST:
                raise TypeError(f"{name} works on numbers, not on text")
        else:
            pending += [part for part in item if isinstance(part, (list, tuple, str))]


def _declared(module: str) -> Iterator[tuple[str, Call]]:
    for names, parameters, rule in packaged_json("language/data/calls.json")[module]:
        for name in names.split():
            yield name, Call(f"{module}.{name}" if module != "array" else f"array.{name}()", parameters, rule)


#: the functions and methods that programs have, by where they are from and their names
CALLS: dict[str, dict[str, Call]] = {module: dict(_declared(module)) for module in ("np", "np.linalg", "array", "math")}
