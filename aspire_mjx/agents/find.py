"""Agents by name: the package's own, those of installed packages, and any class that can be imported."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import re
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from aspire_mjx.agents.protocol import Agent
from aspire_mjx.errors import AspireError, UnknownNameError

GROUP = "aspire_mjx.agents"  #: entry points of this group are agents
#: Our own, loaded when they are asked for: those that ask language models need the extra ``[agents]``.
_OWN = {
    "scripted": "aspire_mjx.agents.scripted:ScriptedAgent",
    "claude": "aspire_mjx.agents.llm.agents:ClaudeAgent",
    "openai": "aspire_mjx.agents.llm.agents:OpenAIAgent",
    "replay": "aspire_mjx.agents.llm.agents:ReplayAgent",
}
_PATH = re.compile(r"[\w.]+:[\w.]+")


def agent_names() -> tuple[str, ...]:
    """The names that :func:`find_agent` knows: ours, then the entry points of installed packages."""
    return tuple(dict.fromkeys((*_OWN, *(point.name for point in entry_points(group=GROUP)))))


def find_agent(name: str) -> type[Agent]:
    """The class of an agent.

    Args:
      name: ``scripted``, the name of an entry point of group ``aspire_mjx.agents``, or ``module:Class``; a module is
        looked for in the working directory too.

    Raises:
      UnknownNameError: no such name; the known ones are listed.
      AspireError: it cannot be imported, or is no :class:`Agent`.
    """
    if name in _OWN:
        return EntryPoint(name, _OWN[name], GROUP).load()
    point = next((point for point in entry_points(group=GROUP) if point.name == name), None)
    if point is None:
        if not _PATH.fullmatch(name):
            raise UnknownNameError("agent", name, (*agent_names(), "module:Class"))
        point = EntryPoint(name, name, GROUP)
    found = _loaded(point)
    if not (isinstance(found, type) and issubclass(found, Agent)):
        raise AspireError(f"agent {name!r} is {found!r}; name a class derived from aspire_mjx.Agent.")
    if inspect.isabstract(found):
        missing = ", ".join(sorted(found.__abstractmethods__))
        raise AspireError(f"agent {name!r} lacks {missing}; write what aspire_mjx.Agent leaves open.")
    return found


def agent_source(name: str) -> str:
    """What a run's configuration holds of an agent from outside: a hash of its class's file; "" for our own."""
    if name in _OWN:
        return ""
    try:
        return hashlib.sha256(Path(inspect.getfile(find_agent(name))).read_bytes()).hexdigest()[:12]
    except (OSError, TypeError):  # defined in no file
        return ""


def _loaded(point: EntryPoint) -> object:
    """What an entry point names; modules of the working directory are found as ``python -m`` finds them."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    importlib.invalidate_caches()
    try:
        return point.load()
    except (ImportError, AttributeError) as error:
        raise AspireError(
            f"agent {point.name!r} cannot be loaded ({error}); name a module that can be imported, and a class in it, "
            "such as --agent=my_agents:Mine with my_agents.py in the working directory."
        ) from error
