"""Case ``endings``: rollouts of every suite that end well, nearly and badly, judged by both verdicts.

Each goal is carried out blind, from where things are, by one script a literal; what is drawn by chance is how far off
the object is put and how the hand leaves it. So most ways in which the two verdicts can differ occur, whatever a
perceiving program would do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from aspire_mjx.errors import WorldError
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job, Simulators
from aspire_mjx.worlds.predicates import joints_of
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.tasks import Literal, Task
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds
from experiments.studies.verdicts import TELL

FIRST_SEED = 3000
_OFF = 0.02  # m, standard deviation of half of the places along each axis; the others are exact
_LEAVES = {
    "lets go": "open_gripper()\ngoto_pose({above}, {turn})\n",
    "stays": "open_gripper()\n",
    "holds": "",
    "drops": "goto_pose({high}, {turn})\nopen_gripper()\n",
    "presses": "open_gripper()\ngoto_pose({above}, {turn})\nclose_gripper()\npush([0.0, 0.0, -1.0], 0.2)\n",
}
_CARRY = """
goto_pose({hand}, {turn}, z_approach=0.08)
close_gripper()
goto_pose({lift}, {turn})
goto_pose({above}, {turn})
goto_pose({to}, {turn})
"""
_PULL = "goto_pose({hand}, {turn}, z_approach=0.12)\nclose_gripper()\npull({way}, {amount})\n"
_TURN = "goto_pose({hand}, {turn}, z_approach=0.06)\nclose_gripper()\npull_arc({pivot}, [0.0, 0.0, 1.0], {amount})\n"
_UP = np.array([0.0, 0.0, 1.0])


def endings(per_task: int) -> dict[str, Any]:
    """Both verdicts of ``per_task`` scripted rollouts of every task but those of ``_lan``, whose worlds are its base's.

    By suite: ``[strict and benchmark, benchmark alone, neither]`` and Cohen's kappa; by the way in which the hand
    leaves, the same counts. Strict without benchmark does not occur: strict asks for more.
    """
    jobs = jobs_of([name for name in suite_names() if not name.endswith("_lan")], per_task)
    batch = Simulators("native").run(jobs)
    both = np.stack([batch.passes("strict"), batch.passes("benchmark")], axis=1)
    suites, labels = ([job.task.suite for job in jobs], [job.label for job in jobs])
    return {
        "rollouts": len(jobs),
        "all": counts(both),
        "suites": {name: counts(both[[own == name for own in suites]]) for name in dict.fromkeys(suites)},
        "last_hand": {name: counts(both[[own == name for own in labels]])["table"] for name in sorted({*labels})},
        "outcomes": dict(Counter(batch.rollouts["outcome"].tolist())),
    }


def jobs_of(suites: Sequence[str], per_task: int) -> list[Job]:
    """``per_task`` scripted jobs of each task of some suites; a task with a goal that no script reaches has none."""
    random, jobs = np.random.default_rng(11), []
    for suite in suites:
        for task in load_suite(suite):
            for number in range(per_task):
                try:
                    jobs.append(_job(task, FIRST_SEED + number, random))
                except (WorldError, LookupError):
                    break
    return jobs


def _job(task: Task, seed: int, random: np.random.Generator) -> Job:
    """One script a literal; the hand leaves the last one in some way, those before let go."""
    leaves, goal = str(random.choice(list(_LEAVES))), task.goal
    parts = [_part(task, seed, literal, leaves if literal is goal[-1] else "lets go", random) for literal in goal]
    if not any(parts):
        raise LookupError(f"task {task.key}: no script reaches {goal}")
    return Job(Program("".join(parts), "ending.py"), task, seed, label=leaves)


def _part(task: Task, seed: int, literal: Literal, leaves: str, random: np.random.Generator) -> str:
    """The calls that carry out one literal; none where no script does."""
    worlds = make_worlds([WorldSpec(task, seed)])
    things, base, name = worlds.things(worlds.qpos), worlds.base[0], literal[1]
    alone = replace(task, goal=(literal,))
    share, amount = float(random.uniform()), 0.0
    if len(literal) == 3:
        hand, turn, to, _ = TELL["pick"](alone, things, share)
        to = to + np.array([*(random.normal(size=2) * _OFF * (random.uniform() < 0.5)), 0.02])
        numbers = {"hand": hand, "to": to, "lift": hand + 0.15 * _UP, "above": to + 0.13 * _UP, "high": to + 0.07 * _UP}
        text = _CARRY
    elif literal[0] == "Turnon":
        hand, turn, to, amount = TELL["turn"](alone, things, share)
        numbers, text = {"hand": hand, "pivot": to, "above": hand + 0.1 * _UP, "high": hand + 0.02 * _UP}, _TURN
    elif literal[0] == "Open" and joints_of(task, name, things)[0].asset.fixture == "cabinet":
        hand, turn, to, amount = TELL["pull"](alone, things, share)
        numbers, text = {"hand": hand, "above": hand + 0.1 * _UP, "high": hand + 0.02 * _UP}, _PULL
    else:
        return ""
    places = {key: np.round(place - base, 4).tolist() for key, place in numbers.items()}
    way = np.round(to - hand, 4).tolist()
    return (text + _LEAVES[leaves]).format(**places, turn=np.round(turn, 6).tolist(), way=way, amount=round(amount, 4))


def counts(verdicts: np.ndarray) -> dict[str, Any]:
    """Of ``[N, 2]`` bool, strict and benchmark: the table's three cells that occur, and kappa."""
    strict, benchmark = verdicts.sum(axis=0).tolist()
    total = len(verdicts)
    agreed = (strict + total - benchmark) / total
    chance = (strict * benchmark + (total - strict) * (total - benchmark)) / total**2
    kappa = (agreed - chance) / (1 - chance) if chance < 1 else 1.0
    return {"table": [strict, benchmark - strict, total - benchmark], "kappa": round(kappa, 3)}
