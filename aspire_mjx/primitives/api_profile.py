"""API profiles: which robot API the calls of a program are those of, declared in ``data/api_profiles.json``.

A profile gives names of the robot API the parameters, values and failures that they have in the API it is named after.
The functions that do so are written in the language of programs (``language/stdlib/``); every name that a profile
does not redefine is the native one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.shipped import packaged_json


@dataclass(frozen=True)
class ApiCall:
    """What one call is in the API that a profile is named after.

    Attributes:
        signature: name, parameters and defaults.
        gives: what it gives back.
        fails: what a failure looks like; "" when it has none.
        note: what differs from the API at home, or needs saying.
    """

    signature: str
    gives: str
    fails: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """The name that programs call."""
        return self.signature.partition("(")[0]


@dataclass(frozen=True)
class ApiProfile:
    """One robot API.

    Attributes:
        name: as in ``--api``.
        doc: whose API it is.
        files: of ``language/stdlib``, a later one before an earlier one.
        calls: every call of the API at home; the native profile has those of the registry and the library.
    """

    name: str
    doc: str
    files: tuple[str, ...] = ()
    calls: tuple[ApiCall, ...] = ()


@dataclass(frozen=True)
class ApiMarks:
    """What only programs for one API have: texts that stand in them, keywords of calls."""

    texts: frozenset[str]
    keywords: frozenset[str]


_WRITTEN = packaged_json("primitives/data/api_profiles.json")
PROFILES: Mapping[str, ApiProfile] = {
    each["name"]: ApiProfile(
        each["name"],
        each["doc"],
        tuple(each["files"]),
        tuple(ApiCall(**call) for group in each["calls"] for call in _WRITTEN["calls"][group]),
    )
    for each in _WRITTEN["profiles"]
}
NATIVE = PROFILES["native"]
MARKS: Mapping[str, ApiMarks] = {
    name: ApiMarks(frozenset(marks.get("texts", ())), frozenset(marks.get("keywords", ())))
    for name, marks in _WRITTEN["marks"].items()
}
#: expressions that stand for a call without arguments, such as ``env.handle.task_language``
EXPRESSIONS: Mapping[str, str] = _WRITTEN["expressions"]
#: names of the APIs that programs do not have here, and what to use instead
REFUSED: Mapping[str, str] = _WRITTEN["refused"]


def find_profile(name: str) -> ApiProfile:
    """The profile of a name.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in PROFILES:
        raise UnknownNameError("API profile", name, PROFILES)
    return PROFILES[name]
