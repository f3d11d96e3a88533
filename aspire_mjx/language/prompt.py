"""The robot API as text for an agent: its calls, and the helpers that are written in the language of programs."""

from __future__ import annotations

import ast

from aspire_mjx.language import standard_library as library
from aspire_mjx.primitives.api_profile import NATIVE, ApiProfile
from aspire_mjx.primitives.reference import Helper, api_prompt
from aspire_mjx.primitives.robot_api import ROBOT_API


def helpers(profile: ApiProfile = NATIVE) -> list[Helper]:
    """The public functions of the standard library."""
    found = library.public_functions(profile).values()
    return [Helper(f"{f.name}({ast.unparse(f.args)})", ast.get_docstring(f) or "") for f in found]


def agent_prompt(profile: ApiProfile = NATIVE) -> str:
    """What an agent has to know to write programs: rules, calls with what they give, helpers, statuses."""
    return api_prompt(ROBOT_API, helpers(profile), profile)
