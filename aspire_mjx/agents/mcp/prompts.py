"""The prompts of the loop: Markdown files with what they take at the top."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import yaml

from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.errors import AspireError, UnknownNameError

_FOLDER = Path(__file__).parent / "prompts"
#: What each argument names, looked up so that an unknown name is told.
_ARGUMENTS: Mapping[str, tuple[str, Callable[[Workbench, str], object]]] = MappingProxyType(
    {
        "task": ("key of a task, such as libero_object_swap/0", Workbench.task),
        "batch": ("name of a batch of rollouts, as an answer of a tool gave it", Workbench.batch),
    }
)


@dataclass(frozen=True)
class LoopPrompt:
    """One prompt.

    Attributes:
        name: of the file.
        description: what it is for.
        arguments: what it takes, with what each is; all of them are needed.
        body: its text, with an argument's name in braces where its value goes.
    """

    name: str
    description: str
    arguments: Mapping[str, str]
    body: str

    def text(self, bench: Workbench, given: Mapping[str, str]) -> str:
        """The text for some values.

        Raises:
            AspireError: an argument that is missing or not known, or that names nothing there is.
        """
        for name in given:
            if name not in self.arguments:
                raise UnknownNameError(f"argument of prompt {self.name}", name, self.arguments)
        filled = self.body
        for name, about in self.arguments.items():
            if name not in given:
                raise AspireError(f"prompt {self.name}: give {name}, the {about}.")
            _ARGUMENTS[name][1](bench, given[name])
            filled = filled.replace(f"{{{name}}}", given[name])
        return filled


def _read(file: Path) -> LoopPrompt:
    _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
    fields = yaml.safe_load(head)
    arguments = {name: _ARGUMENTS[name][0] for name in fields["arguments"]}
    return LoopPrompt(file.stem, fields["description"], arguments, body.strip())


PROMPTS: Mapping[str, LoopPrompt] = {file.stem: _read(file) for file in sorted(_FOLDER.glob("*.md"))}


def find_prompt(name: str) -> LoopPrompt:
    """A prompt by its name.

    Raises:
        UnknownNameError: no such prompt; the known ones are listed.
    """
    if name not in PROMPTS:
        raise UnknownNameError("prompt", name, PROMPTS)
    return PROMPTS[name]
