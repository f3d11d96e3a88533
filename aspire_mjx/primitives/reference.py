"""The robot API in words, from its declarations: the reference page for people, and what an agent is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aspire_mjx.primitives.api_profile import EXPRESSIONS, NATIVE, PROFILES, REFUSED, ApiProfile
from aspire_mjx.primitives.registry import Family, Field, Parameter, Primitive, Registry
from aspire_mjx.status import Status


class Helper(NamedTuple):
    """A function of the robot API that is written in the language of programs."""

    signature: str
    doc: str


_FAMILIES = {
    Family.SENSE: ("Seeing", "From camera pixels; no simulated time passes."),
    Family.PLAN: (
        "Planning",
        "Computed from the arguments and the robot's own joints; no simulated time passes.",
    ),
    Family.MOVE: ("Moving", "Moves the arm."),
    Family.GRIP: ("Gripping", "Moves the fingers."),
    Family.WAIT: ("Waiting", "Holds still."),
    Family.QUERY: ("Asking", "Returns the plain value; no simulated time passes, and it cannot fail."),
}

_RULES = (
    "Positions are in m in the robot's base frame: origin under joint 1, z up, x forwards. Quaternions are unit wxyz; "
    "(0, 1, 0, 0) is the hand pointing straight down. The point that moves to a position is the point between the "
    "fingertips.",
    "A call returns a result. It is true exactly when the call did what it says; `.status` says why not, as text "
    "that equals the names below; its other fields are attributes. Targets are never clamped or replaced.",
    "A result unpacks to the values named under *gives*; with one of them it is that value wherever a number or an "
    "array is expected. Using the values of a seeing call that failed raises `PerceptionError`, of a planning call "
    "`ValueError`.",
)

_PROFILE_RULES = (
    "The APIs of CaP-X and ASPIRE give some of these names other parameters, values and failures. A program has those "
    "of its profile: the one of `--api`, of a line `# api: NAME` in it, or the one that what it calls tells. "
    "[Porting](porting.md) says how, and what differs. Every name that a profile does not list is the native one.",
    "An expression that stands for a call in every profile: "
    + ", ".join(f"`{written}` is `{call}()`" for written, call in EXPRESSIONS.items())
    + ".",
)

_PAGE_HEAD = """# Robot API

What programs can call. This page is written by `python -m aspire_mjx.primitives > docs/robot_api.md` from the
declarations in `aspire_mjx/primitives/data/robot_api.json` and the functions in `aspire_mjx/language/stdlib/`; a test
compares them. `python -m aspire_mjx.primitives --prompt` prints the shorter text for an agent. What a trace keeps of
each call is in [Trace columns](trace_columns.md).
"""


def api_page(registry: Registry, helpers: Sequence[Helper] = ()) -> str:
    """The reference page, Markdown."""
    lines = [_PAGE_HEAD, *(f"{rule}\n" for rule in _RULES)]
    lines += ["## Statuses\n", "| Status | Code | Meaning |", "|---|---|---|"]
    lines += [f"| `{status.name}` | {status.value} | {status.reason} |" for status in Status]
    for family, (title, about) in _FAMILIES.items():
        mine = [primitive for primitive in registry if primitive.family is family]
        if mine:
            lines += [f"\n## {title}\n", about]
            for primitive in mine:
                lines += _section(primitive)
    if helpers:
        lines += [
            "\n## Helpers\n",
            "Written in the language of programs. A program may define its own of the same name.",
        ]
        for helper in helpers:
            lines += [f"\n### `{helper.signature}`\n", helper.doc]
    return "\n".join([*lines, "\n## API profiles\n", *_profiles()]) + "\n"


def _profiles() -> Iterator[str]:
    """What the calls of each other API are here, and the names that do not exist."""
    yield from (f"{rule}\n" for rule in _PROFILE_RULES)
    for profile in PROFILES.values():
        if profile.calls:
            yield f"### `{profile.name}`: {profile.doc}\n"
            yield "| Call | Gives | When it fails | Remarks |\n|---|---|---|---|"
            yield from (
                f"| `{c.signature}` | {_cell(c.gives)} | {_cell(c.fails)} | {_cell(c.note)} |" for c in profile.calls
            )
            yield ""
    yield "### Names that do not exist here\n\n| Name | Instead |\n|---|---|"
    yield from (f"| `{name}` | {_cell(reason)} |" for name, reason in REFUSED.items())


def calls_table() -> str:
    """Every call of the other APIs: who has it, and what to know about it, Markdown."""
    others = [profile for profile in PROFILES.values() if profile.calls]
    names = " | ".join(f"`{profile.name}`" for profile in others)
    lines = [f"| Call | {names} | When it fails | Remarks |", f"|---|{'---|' * len(others)}---|---|"]
    for call in dict.fromkeys(call for profile in others for call in profile.calls):
        has = ["yes" if call in profile.calls else "" for profile in others]
        lines.append(f"| `{call.signature}` | {' | '.join(has)} | {_cell(call.fails)} | {_cell(call.note)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _section(primitive: Primitive) -> list[str]:
    lines = [f"\n### `{primitive.signature}`\n", primitive.doc]
    if primitive.parameters:
        lines += ["\n| Argument | Shape | Meaning |", "|---|---|---|"]
        lines += [f"| `{p.name}` | {_shape(p)} | {_about(p)} |" for p in primitive.parameters]
    if primitive.family is Family.QUERY:
        value = _value(primitive)
        unit = "" if value.unit in ("1", "text") else f", {value.unit}"
        return [*lines, f"\n*Gives* the {value.name} itself, without fields: {value.doc} ({_shape(value)}{unit})."]
    if primitive.fields:
        lines += ["\n| Field | Shape | Unit | Meaning |", "|---|---|---|---|"]
        lines += [f"| `{f.name}` | {_shape(f)} | {f.unit} | {f.doc} |" for f in primitive.fields]
    return [*lines, f"\n*Gives* {_gives(primitive)}."]


def _value(query: Primitive) -> Field:
    """What a QUERY gives."""
    return next(field for field in query.fields if field.name == query.unpacks[0])


def _shape(item: Parameter | Field) -> str:
    if item.shape is None or getattr(item, "unit", "") == "text":
        return "text"
    return "number" if item.shape == () else f"({', '.join(map(str, item.shape))}{',' * (len(item.shape) == 1)})"


def _about(parameter: Parameter) -> str:
    return parameter.doc if parameter.required else f"{parameter.doc}; {parameter.default!r} when left out"


def _gives(primitive: Primitive) -> str:
    added = [f"{p.adds} as well with `{p.name}`" for p in primitive.parameters if p.adds]
    return "; ".join([", ".join(primitive.unpacks) or "no value: ask `if result:` or its fields", *added])


def api_prompt(registry: Registry, helpers: Sequence[Helper] = (), profile: ApiProfile = NATIVE) -> str:
    """What an agent is told of the robot API: the rules, every call with what it gives, every status."""
    if profile.calls:
        return _profile_prompt(registry, helpers, profile)
    lines = ["# The robot API", *_RULES, "", "## Calls"]
    for family in _FAMILIES:
        for primitive in (p for p in registry if p.family is family):
            own = ", ".join(f"{f.name} [{f.unit}]" for f in primitive.fields)
            value = f"Gives the {primitive.unpacks[0]} itself, without fields" if family is Family.QUERY else ""
            about = value or f"Fields: {own}. Gives {_gives(primitive)}"
            lines.append(f"- `{primitive.signature}`: {primitive.doc} {about}.")
    lines += ["", "## Helpers", *(f"- `{h.signature}`: {' '.join(h.doc.split())}" for h in helpers)] if helpers else []
    lines += ["", "## Statuses", *(f"- `{status.name}`: {status.reason}" for status in Status)]
    return "\n".join(lines) + "\n"


def _profile_prompt(registry: Registry, helpers: Sequence[Helper], profile: ApiProfile) -> str:
    """The same for programs of another API: its own calls, and the names of what else there is."""
    lines = [f"# The robot API: {profile.doc}", _RULES[0], "", "## Calls"]
    for call in profile.calls:
        fails = f" When it fails: {call.fails}." if call.fails else ""
        lines.append(f"- `{call.signature}`: {call.gives}.{fails}{f' {call.note}.' if call.note else ''}")
    others = {primitive.name: primitive.signature for primitive in registry}
    others |= {helper.signature.partition("(")[0]: helper.signature for helper in helpers}
    for call in profile.calls:
        others.pop(call.name, None)
    lines += ["", f"## Also there\n{', '.join(f'`{each}`' for each in others.values())}."]
    lines += ["", "## Expressions", *(f"- `{written}`: `{call}()`" for written, call in EXPRESSIONS.items())]
    return "\n".join(lines) + "\n"
