"""Agents of other people: a class in a file, an entry point of an installed package, and what is wrong with others."""

from __future__ import annotations

import sys
import textwrap

import pytest

from aspire_mjx.agents.find import agent_names, agent_source, find_agent
from aspire_mjx.agents.protocol import Agent
from aspire_mjx.agents.scripted import ScriptedAgent
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.experiments.libero_pro import main

MODULE = textwrap.dedent("""
    import aspire_mjx as am

    class Mine(am.Agent):
        def propose(self, briefing):
            return []

    class Silent(am.Agent):
        pass

    class Stranger:
        def propose(self, briefing):
            return []
""")


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Name of a module with agents in the working directory; forgotten afterwards."""
    (tmp_path / "their_agents.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield "their_agents"
    sys.modules.pop("their_agents", None)


def test_a_class_of_a_module_in_the_working_directory(module, tmp_path):
    found = find_agent(f"{module}:Mine")
    assert issubclass(found, Agent) and found.__name__ == "Mine"
    before = agent_source(f"{module}:Mine")
    (tmp_path / "their_agents.py").write_text(MODULE + "# changed\n")
    assert len(before) == 12 and agent_source(f"{module}:Mine") != before


def test_an_entry_point_of_an_installed_package(module, tmp_path):
    info = tmp_path / "theirs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[aspire_mjx.agents]\ntheirs = {module}:Mine\n")
    sys.path.append(str(tmp_path))
    assert agent_names() == ("scripted", "claude", "openai", "replay", "theirs")
    assert find_agent("theirs").__name__ == "Mine"


def test_our_own_is_known_by_its_name_and_needs_no_source():
    assert find_agent("scripted") is ScriptedAgent and agent_source("scripted") == ""


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("their_agents:Silent", "lacks propose"),
        ("their_agents:Stranger", "derived from aspire_mjx.Agent"),
        ("their_agents:Absent", "cannot be loaded"),
        ("no_such_module:Mine", "No module named 'no_such_module'"),
    ],
)
def test_what_is_no_agent_says_why(module, name, message):
    with pytest.raises(AspireError, match=message):
        find_agent(name)


def test_an_unknown_name_lists_the_known_and_the_command_says_so(capsys):
    with pytest.raises(UnknownNameError, match="Did you mean 'scripted'.*module:Class"):
        find_agent("scripte")
    assert main(["libero_pro", "--agent=oracle"]) == 2
    assert "unknown agent 'oracle'" in capsys.readouterr().err
