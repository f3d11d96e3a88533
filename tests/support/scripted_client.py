"""A client of the MCP server that knows what the tools say of themselves and what they answer, and nothing else.

It has two ideas. A string that a program looks for may have to be what the task calls the thing; and a skill that the
library has for a fault may mend it. It tries all of them as forks of the rollouts that it has seen, and keeps the one
that turns most failures.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import product
from typing import Any

from mcp.client.client import Client
from mcp.types import TextContent

_MOST_CHANGES = 16  # of one fork, as its schema says
_PLACES = ("on", "in", "to", "from", "between", "next", "and", "at", "of", "under")


@dataclass(frozen=True)
class Reached:
    """How far the client came with a program.

    Attributes:
        source: the program.
        passes: rollouts that pass.
        trials: rollouts in all.
        batch: their name.
    """

    source: str
    passes: int
    trials: int
    batch: str


class ScriptedClient:
    """Mends programs on tasks of a server.

    Args:
        client: the official one, connected.
        seeds: debug seeds to use.
    """

    def __init__(self, client: Client, *, seeds: str) -> None:
        self._client, self._seeds = client, seeds
        self.calls: list[str] = []

    async def mend(self, draft: str, task: str, *, perturb: str = "", rounds: int = 3) -> list[Reached]:
        """Programs in the order in which they were taken, the draft first: each turned failures of the one before."""
        tasks = (await self._call("list_tasks", limit=200))["tasks"]
        (words,) = [_unquoted(each["language"]) for each in tasks if each["task"] == task]
        found = [await self._run(draft, task, perturb)]
        while found[-1].passes < found[-1].trials and len(found) <= rounds:
            report = (await self._call("fault_report", batch=found[-1].batch))["report"]
            changed = [*renamed(found[-1].source, words), *await self._skilled(found[-1].source, report)]
            best = await self._best(found[-1], changed)
            if best is None:
                break
            found.append(await self._run(best, task, perturb))
        return found

    async def _best(self, now: Reached, changed: list[str]) -> str | None:
        """The text that turns most failures and loses least, where one does more good than harm."""
        whole, effects = {"first_line": 1, "last_line": len(now.source.split("\n"))}, []
        for start in range(0, len(changed), _MOST_CHANGES):
            changes = [{**whole, "text": text} for text in changed[start : start + _MOST_CHANGES]]
            effects += (await self._call("fork", batch=now.batch, changes=changes))["changes"]
        gains = [effect["turned"] - (effect["passes"] - effect["kept"]) for effect in effects]
        return changed[gains.index(max(gains))] if gains and max(gains) > 0 else None

    async def _skilled(self, source: str, report: str) -> list[str]:
        """The program with each skill that the library has for the faults of a report."""
        signatures = re.findall(r"^ *fault (\S+): ", report, re.MULTILINE)
        lines = [int(line) for line in dict.fromkeys(re.findall(r"\bline (\d+): ", report))]
        skills = (await self._call("search_skills", query=" ".join(signatures)))["tested"]
        changed = [text for skill in skills for text in with_skill(source, _unquoted(skill["skill"]), lines)]
        return list(dict.fromkeys(changed))

    async def _run(self, source: str, task: str, perturb: str) -> Reached:
        told = await self._call("run_program", source=source, task=task, seeds=self._seeds, perturb=perturb)
        return Reached(source, told["passes"], told["trials"], told["batch"])

    async def _call(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """What a tool answers: the values of its first line, and the texts that follow by name."""
        self.calls.append(tool)
        result = await self._client.call_tool(tool, arguments)
        (block, *_) = result.content
        assert isinstance(block, TextContent) and not result.is_error, result
        head, _, rest = block.text.partition("\n")
        texts = re.findall(r"^(\w+):\n(<quoted .*?^</quoted>)", rest, re.MULTILINE | re.DOTALL)
        return {**json.loads(head), **dict(texts)}


def renamed(source: str, words: str) -> list[str]:
    """The program with a string that one of its calls is given replaced by something that the task's words name."""
    strings = dict.fromkeys(re.findall(r'\w\("([a-z ]{3,40})"[,)]', source))
    return [source.replace(f'"{old}"', f'"{new}"') for old, new in product(strings, things(words)) if old != new]


def things(words: str) -> list[str]:
    """What words name: from behind a "the" up to where a place may begin, or to the end."""
    told = words.lower().strip(" .").split()
    ends = [at for at, word in enumerate(told) if word in _PLACES] + [len(told)]
    starts = [at + 1 for at, word in enumerate(told) if word == "the"]
    return list(dict.fromkeys(" ".join(told[start:end]) for start in starts for end in ends if start < end))


def with_skill(source: str, skill: str, blamed: list[int]) -> list[str]:
    """The program with a skill's helper: in place of a primitive, or around a function that a blamed line is in."""
    (code,) = re.findall(r"^```python\n(.*?)^```", skill, re.MULTILINE | re.DOTALL)
    (helper,) = re.findall(r"^def (\w+)\(", code, re.MULTILINE)
    (replaces,) = re.findall(r"^ *replaces: (\S+)", skill, re.MULTILINE)
    lines = source.split("\n")
    functions = [re.match(r"def (\w+)\(", text) for text in lines]
    above = [name for line in blamed for name in [found[1] for found in functions[:line] if found][-1:]]
    wrapped = [*above, "main"] if replaces == "enclosing-function" else [replaces]
    changed = []
    for name in dict.fromkeys(wrapped):
        call = rf"(?<!def )\b{name}\((\)?)"
        new = f"{helper}({name}, " if replaces == "enclosing-function" else f"{helper}("
        text = re.sub(call, lambda found, new=new: f"{new.rstrip(', ')})" if found[1] else new, source)
        if text != source:
            changed.append(f"{code}\n\n{text}")
    return changed


def _unquoted(text: str) -> str:
    return re.sub(r"^<quoted [^>]*>\n|\n</quoted>$", "", text)
