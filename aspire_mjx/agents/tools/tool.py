"""The tools by name: declared in ``declarations.json``, done by the functions of this room."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aspire_mjx.agents.tools import looking, running, skill_tools
from aspire_mjx.agents.tools.answer import Answer
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.shipped import packaged_json

_MODULES = (looking, running, skill_tools)


@dataclass(frozen=True)
class Tool:
    """One tool.

    Attributes:
        name: its name.
        description: what it does, for a language model.
        input_schema: JSON schema of its arguments.
        read_only: whether it changes nothing but what is kept for later calls.
        destructive: whether it uses something up.
        engine: whether it runs rollouts or draws them; such calls take their turns.
        function: does it: takes a workbench and the arguments.
    """

    name: str
    description: str
    input_schema: Mapping[str, Any]
    read_only: bool
    destructive: bool
    engine: bool
    function: Callable[..., Answer]

    def call(self, bench: Workbench, arguments: object) -> Answer:
        """Does it, once the arguments are what the schema says.

        Raises:
            AspireError: arguments that are not; what the tool cannot do.
        """
        check_arguments(self.name, self.input_schema, arguments)
        assert isinstance(arguments, dict)
        return self.function(bench, **copy.deepcopy(arguments))


def check_arguments(name: str, schema: Mapping[str, Any], arguments: object) -> None:
    """Holds arguments of a call against a schema.

    Raises:
        AspireError: the first argument that is not what the schema says, and what it says.
    """
    from jsonschema import Draft202012Validator

    told: Any = arguments
    error = min(Draft202012Validator(schema).iter_errors(told), key=lambda e: list(map(str, e.path)), default=None)
    if error is not None:
        where = ".".join(map(str, error.absolute_path)) or "the arguments"
        known = ", ".join(schema.get("properties", {}))
        raise AspireError(f"{name}: {where}: {error.message[:400]}. Arguments: {known}.")


def _tool(entry: Mapping[str, Any]) -> Tool:
    (function,) = [vars(module)[entry["name"]] for module in _MODULES if entry["name"] in module.__dict__]
    return Tool(**entry, function=function)


TOOLS: Mapping[str, Tool] = {entry["name"]: _tool(entry) for entry in packaged_json("agents/tools/declarations.json")}


def find_tool(name: str) -> Tool:
    """A tool by its name.

    Raises:
        UnknownNameError: no such tool; the known ones are listed.
    """
    if name not in TOOLS:
        raise UnknownNameError("tool", name, TOOLS)
    return TOOLS[name]
