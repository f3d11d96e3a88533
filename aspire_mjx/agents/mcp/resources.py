"""What clients may read: the robot API, shipped programs, skills, and fault reports of the batches that are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aspire_mjx.agents.tools.looking import report_of
from aspire_mjx.agents.tools.quoted import quoted
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.errors import UnknownNameError
from aspire_mjx.language.prompt import agent_prompt
from aspire_mjx.primitives.api_profile import PROFILES
from aspire_mjx.shipped import program_file, program_names

_SCHEME = "aspire://"


@dataclass(frozen=True)
class Kind:
    """One kind of what can be read.

    Attributes:
        name: the first part of its addresses, as in ``aspire://report/batch-1``.
        about: what it is, for a reader.
        names: of those there are now.
        text: of one of them.
    """

    name: str
    about: str
    names: Callable[[Workbench], Iterable[str]]
    text: Callable[[Workbench, str], str]

    @property
    def template(self) -> str:
        """Its addresses as a URI template."""
        return f"{_SCHEME}{self.name}/{{name}}"


KINDS = (
    Kind(
        "robot_api",
        "The calls that programs may make, by API profile.",
        lambda bench: PROFILES,
        lambda bench, name: agent_prompt(PROFILES[name]),
    ),
    Kind(
        "program",
        "A program that comes with the package, to start from.",
        lambda bench: program_names(),
        lambda bench, name: program_file(name).read_text(encoding="utf-8"),
    ),
    Kind(
        "skill",
        "A skill of the library: tested, with its evidence.",
        lambda bench: bench.library.names(),
        lambda bench, name: quoted(bench.library.get(name).format(), "skill"),
    ),
    Kind(
        "imported_skill",
        "A skill that somebody else wrote and that was not tested.",
        lambda bench: bench.library.imported.names(),
        lambda bench, name: quoted(bench.library.imported.get(name).body, "imported skill"),
    ),
    Kind(
        "report",
        "The fault report of a batch of rollouts.",
        lambda bench: list(bench.batches),
        lambda bench, name: quoted(report_of(bench.batch(name)), "fault report"),
    ),
)


def addresses(bench: Workbench) -> list[tuple[str, Kind]]:
    """Everything that can be read now, with its kind."""
    return [(f"{_SCHEME}{kind.name}/{name}", kind) for kind in KINDS for name in kind.names(bench)]


def read(bench: Workbench, address: str) -> str:
    """The text at an address.

    Raises:
        UnknownNameError: nothing is there.
    """
    kinds = {kind.name: kind for kind in KINDS}
    first, _, name = address.removeprefix(_SCHEME).partition("/")
    if not address.startswith(_SCHEME) or first not in kinds:
        raise UnknownNameError("resource", address, [kind.template for kind in KINDS])
    known = list(kinds[first].names(bench))
    if name not in known:
        raise UnknownNameError(first.replace("_", " "), name, known)
    return kinds[first].text(bench, name)
