"""Two programs that do the same thing see the same, whatever else they do: so that pairs of rollouts are pairs."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job, run_jobs
from aspire_mjx.worlds.suites import load_suite

SEEDS = (51, 52, 53)
BASE = """
import numpy as np

TIP = np.array([0.0, 0.0, 0.12])


def shown(name):
    position, _ = get_object_pose(name)[:2]
    return position


sauce = shown("bbq sauce")
obs = get_observation()
masks = segment_text_prompt(obs["agentview"]["images"]["rgb"], "basket")
depth = obs["agentview"]["images"]["depth"]
print("first", sauce, shown("basket"), depth[40:50].sum(), [float(m["score"]) for m in masks])
position, quaternion = sample_grasp_pose("bbq sauce")
goto_pose(position + TIP, quaternion)
print("above", shown("basket"), get_observation()["wrist"]["images"]["depth"][40:80].sum())
goto_pose(position, quaternion)
close_gripper()
goto_pose(position + TIP, quaternion)
print("held", shown("basket"), is_holding())
"""

AFTER_IMPORT = "import numpy as np\n"
NO_OPS = {
    "language": "_ = task_language()\n",
    "print": "print()\n",
    "number": "unused = np.arange(10).sum()\n",
    "query": "_ = get_gripper_width()\n",
    "steps": "_ = steps_left()\n",
    "joints": "_ = get_joint_positions()\n",
    "hand": "_ = get_eef_pose()\n",
    "holding": "_ = is_holding()\n",
    "ik": "_ = solve_ik(np.array([0.5, 0.0, 0.3]), np.array([0.0, 1.0, 0.0, 0.0]))\n",
    "random": "_ = np.random.uniform()\n",
    "loop": "for _ in range(30):\n    pass\n",
    "another": "_ = get_object_pose('orange juice')\n",
    "grasp": "_ = sample_grasp_pose('ketchup')\n",
    "absent": "_ = get_object_pose('stapler')\n",
    "image": "_ = get_object_pose('image')\n",
    "image for": "_ = get_object_pose('image for basket')\n",
    "for": "_ = get_object_pose('for basket')\n",
    "surroundings": "_ = get_object_pose('surroundings')\n",
}
CHANGES = {
    "spelling": ('shown("basket"), depth', 'shown("The Basket"), depth'),
    "order": (
        'sauce = shown("bbq sauce")\nobs = get_observation()\n',
        'obs = get_observation()\nsauce = shown("bbq sauce")\n',
    ),
    "late mask": (
        'masks = segment_text_prompt(obs["agentview"]["images"]["rgb"], "basket")\ndepth',
        'shown("ketchup")\nmasks = segment_text_prompt(obs["agentview"]["images"]["rgb"], "basket")\ndepth',
    ),
    "helper": (
        "    position, _ = get_object_pose(name)[:2]\n",
        "    task_language()\n    position, _ = get_object_pose(name)[:2]\n",
    ),
    "inlined": ('sauce = shown("bbq sauce")\n', 'sauce = get_object_pose("bbq sauce")[0]\n'),
    "wait at the end": ("close_gripper()\n", "close_gripper()\n"),
}


def _edits() -> dict[str, str]:
    inserted = {name: BASE.replace(AFTER_IMPORT, AFTER_IMPORT + text) for name, text in NO_OPS.items()}
    changed = {name: BASE.replace(*pair) for name, pair in CHANGES.items()}
    return {**inserted, **changed}


@pytest.fixture(scope="module")
def printed() -> dict[str, list[str]]:
    """What each edit prints in each world, without empty lines."""
    task, edits = load_suite("libero_object")[3], {"base": BASE, **_edits()}
    jobs = [Job(Program(text, f"{name}.py"), task, seed) for name, text in edits.items() for seed in SEEDS]
    batch = run_jobs(jobs)
    assert not any(batch.rollout_text("error"))
    prints = [text.lstrip("\n") for text in batch.rollout_text("prints").tolist()]
    return {name: prints[len(SEEDS) * i :][: len(SEEDS)] for i, name in enumerate(edits)}


def test_there_are_many_edits_and_worlds_differ(printed) -> None:
    assert len(_edits()) == 24 and len(set(printed["base"])) == len(SEEDS)
    assert all(text.startswith("first [") and "\nheld [" in text for text in printed["base"])


@pytest.mark.parametrize("edit", _edits())
def test_what_a_program_sees_does_not_depend_on_what_else_it_asked(printed, edit: str) -> None:
    assert printed[edit] == printed["base"]


def test_a_change_after_the_pick_leaves_the_pick_as_it_was() -> None:
    task = load_suite("libero_object")[3]
    texts = (BASE, BASE + "wait(0.5)\n", BASE.replace("close_gripper()\n", "close_gripper()\nwait(0.05)\n"))
    jobs = [Job(Program(text, f"{i}.py"), task, 52) for i, text in enumerate(texts)]
    whole, longer, waited = run_jobs(jobs).rollout_text("prints").tolist()
    assert longer == whole
    assert waited.splitlines()[:-1] == whole.splitlines()[:-1]  # up to what is seen after the pick


def test_the_second_look_at_a_moment_is_another_look() -> None:
    look = 'print(get_object_pose("bbq sauce")[0])\n'
    text = f"for _ in range(3):\n    {look}wait(0.1)\n{look}"
    task = load_suite("libero_object")[3]
    (said,) = run_jobs([Job(Program(text, "again.py"), task, 51)]).rollout_text("prints").tolist()
    seen = np.array([line.strip("[]").split() for line in said.splitlines()], float)
    assert len(np.unique(seen, axis=0)) == 4
    assert np.ptp(seen, axis=0).max() < 0.05
