"""What a model is told before any question: its work, the words, what programs may be, the robot API."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aspire_mjx.agents.tools.quoted import RULE
from aspire_mjx.language.limits import MAX_PRINTS, MAX_SOURCE, ProgramLimits
from aspire_mjx.language.modules import IMPORTS
from aspire_mjx.language.prompt import agent_prompt
from aspire_mjx.language.tunables import FORM
from aspire_mjx.language.vocabulary import BUILTINS
from aspire_mjx.primitives.api_profile import ApiProfile
from aspire_mjx.seeds import DEBUG_SEEDS, format_seeds

_PROMPTS = Path(__file__).parent / "prompts"
ACTOR, CRITIC, DISTILLER = "actor", "critic", "distiller"


@cache
def prompt(name: str) -> str:
    """A text of ``prompts/``."""
    return (_PROMPTS / f"{name}.md").read_text(encoding="utf-8").strip()


def policy_text() -> str:
    """What a program may be, in words, from the tables that the policy check uses."""
    limits = ProgramLimits()
    modules = ", ".join(name for name in IMPORTS if not name.startswith("aspire_mjx"))
    return "\n".join(
        [
            "# What a program may be",
            "",
            "Python text that calls the robot API at its top level, or in functions that it calls there. No classes, "
            "generators, decorators, files or other modules; names outside the lists are refused with line and reason.",
            f"- Modules: {modules}; of numpy what works on arrays and numbers.",
            f"- Built-ins: {', '.join(sorted(BUILTINS))}.",
            f"- Numbers that a search may set: {FORM}.",
            f"- At most {MAX_SOURCE} characters, {limits.instructions} instructions, {limits.memory >> 20} MB of "
            f"values, {limits.looks} looks and {MAX_PRINTS} printed characters in a rollout.",
            "- No coordinates of a scene: the same program runs on every seed.",
            f"- Seeds {format_seeds(DEBUG_SEEDS)} may be looked into; all others are somebody else's.",
        ]
    )


def system_texts(role: str, profile: ApiProfile) -> tuple[str, ...]:
    """The texts that every question of a role begins with, for programs of one API."""
    head = f"{prompt(role)}\n\n{RULE}\n\n{prompt('glossary')}"
    return head, policy_text(), agent_prompt(profile)
