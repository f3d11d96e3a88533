"""A client that knows the tools' own words alone brings first drafts of three families of tasks to pass."""

from __future__ import annotations

import asyncio

import pytest
from mcp.client.client import Client

from aspire_mjx.agents.mcp.budget import Budget
from aspire_mjx.agents.mcp.desk import Desk, Watch
from aspire_mjx.agents.mcp.server import make_server
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.shipped import SKILLS, program_file
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.worlds.suites import find_task
from tests.support.scripted_client import ScriptedClient, things, with_skill

SEEDS = "51-54"


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A desk on the native engine with a task of each family, and the shipped skills."""
    tasks = [find_task("libero_object_swap", 0), find_task("libero_goal", 1), find_task("libero_spatial", 0)]
    simulators, watch = Simulators("native"), Watch()

    def evaluate(jobs, *, purpose, stage):
        return simulators.run(jobs, progress=watch)

    bench = Workbench({task.key: task for task in tasks}, evaluate, SkillLibrary(SKILLS))
    return Desk(bench, watch=watch, budget=Budget())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "draft", "perturb"),
    [
        ("libero_object_swap/0", "pick_and_place", "noise:3"),  # it slips; the library has a skill for that
        ("libero_goal/1", "bowl_on_plate", ""),  # the task says stove
        ("libero_spatial/0", "bowl_on_plate", ""),  # there are two bowls
    ],
)
def test_a_first_draft_comes_from_failing_to_passing(desk, task, draft, perturb):
    async def ask():
        async with Client(make_server(desk)) as client:
            scripted = ScriptedClient(client, seeds=SEEDS)
            return await scripted.mend(program_file(draft).read_text(encoding="utf-8"), task, perturb=perturb)

    reached = asyncio.run(ask())
    assert reached[0].passes <= 1 and reached[-1].passes >= 3 and reached[-1].trials == 4


def test_what_a_task_names():
    assert things("Put the bowl on the stove") == ["bowl", "bowl on the stove", "stove"]
    assert "black bowl between the plate and the ramekin" in things(
        "Pick the black bowl between the plate and the ramekin and place it on the plate"
    )


def test_how_a_skill_is_put_in():
    source = "def pick(name):\n    close_gripper()\n\n\ndef main():\n    pick('x')\n\n\nmain()\n"
    skill = "  replaces: {}\n```python\ndef again(task, *rest):\n    return task(*rest)\n```\n"
    inner, outer = with_skill(source, skill.format("enclosing-function"), [2])
    assert "again(pick, 'x')" in inner and "\nagain(main)\n" in outer and "def main()" in outer
    (replaced,) = with_skill(source, skill.format("close_gripper"), [2])
    assert "    again()\n" in replaced
