"""Makes the recorded example anew: ``python -m tests.support.record_example``.

The example is a search in the toy world of the tests, with the loopback server in the place of a model. It replays in
``tests/agents/llm/test_example.py``; a change of prompts, robot API or fault reports asks for a new one.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from aspire_mjx.agents.llm.agents import FILE
from aspire_mjx.experiments.left_out import LeftOut
from aspire_mjx.experiments.libero_pro import Settings, run
from aspire_mjx.experiments.run_directory import RunDirectory
from aspire_mjx.experiments.session import Session
from aspire_mjx.search.setup import SearchLimits, SeedPlan
from tests.support import toy
from tests.support.loopback_model import loopback
from tests.support.toy_brain import think

EXAMPLE = Path(__file__).parents[1] / "agents" / "llm" / "recorded" / FILE


class ToySession(Session):
    """Runs in the toy world."""

    def __init__(self, runs: toy.ToyRuns) -> None:
        super().__init__("native", capacity=0, console=Console(file=io.StringIO()))
        self._runs = runs

    def run(self, jobs, stage):
        """See ``Session``."""
        return self._runs(jobs, stage)


def search(folder: Path, agent: str, models: Mapping[str, Any]) -> dict[str, Any]:
    """The summary of the example's search: one round of three candidates on one task."""
    settings = Settings(
        suite=toy.TASK.suite,
        tasks=(toy.TASK,),
        agent=agent,
        program=toy.FIRST,
        limits=SearchLimits(candidates=3, rounds=1),
        seeds=SeedPlan(tuple(range(51, 66)), tuple(range(66, 81)), tuple(range(1, 11))),
        seed=0,
        skills="",
        left_out=LeftOut.of((toy.TASK,), range(1, 81), {}),
        models=models,
    )
    session = ToySession(toy.ToyRuns())
    with RunDirectory(folder, settings.config(session)) as directory:
        return run(settings, session, directory)


def main() -> int:
    """Records it."""
    with tempfile.TemporaryDirectory() as folder, loopback(think) as server:
        os.environ.update(ANTHROPIC_API_KEY="none", ANTHROPIC_BASE_URL=server.url)
        search(Path(folder) / "run", "claude", {"model": "loopback, no model"})
        EXAMPLE.parent.mkdir(exist_ok=True)
        shutil.copyfile(Path(folder) / "run" / FILE, EXAMPLE)
    print(f"wrote {EXAMPLE}, {EXAMPLE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
