"""The differential test: every corpus program does in the machine, call by call, what plain Python does."""

from __future__ import annotations

from pathlib import Path

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError, ProgramRefused
from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from aspire_mjx.plain.runner import EpisodeEnded, run_plain
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.paths import CORPUS
from tests.support.table_robot import TableRobot, assert_agrees, run_compiled

TEXTS = sorted(CORPUS.glob("*.py"))
SEEDS = list(range(100, 164))
SOME = SEEDS[:12]


def test_the_corpus_is_large_and_reaches_every_primitive() -> None:
    schedules = [compile_program(Program.read(path)) for path in TEXTS]
    assert len(TEXTS) >= 60
    assert {name for schedule in schedules for name, _ in schedule.primitives} == set(ROBOT_API.names)
    assert len({tuple(i.op for i in schedule.instructions) for schedule in schedules}) == len(TEXTS)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_compiled_agrees_with_plain_python(path: Path) -> None:
    run = assert_agrees(path.read_text(), SEEDS)
    assert len(run.ends) == len(SEEDS)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_order_of_results_changes_nothing(path: Path) -> None:
    assert_agrees(path.read_text(), SOME, shuffle=7, failure_rate=0.5)


def test_lanes_do_not_depend_on_their_neighbours() -> None:
    text = (CORPUS / "retry_helpers.py").read_text()
    together = run_compiled(text, SOME)
    reverse = run_compiled(text, SOME[::-1], shuffle=3)
    for lane, seed in enumerate(SOME):
        alone = run_compiled(text, [seed])
        mirrored = len(SOME) - 1 - lane
        assert together.robots[lane].calls == alone.robots[0].calls == reverse.robots[mirrored].calls
        assert together.paths[lane] == alone.paths[0] == reverse.paths[mirrored]
        assert together.ends[lane].prints == alone.ends[0].prints == reverse.ends[mirrored].prints


def test_straight_line_program_stays_one_strand() -> None:
    text = (CORPUS / "plain_pick_place.py").read_text()
    run = run_compiled(text, list(range(64)), failure_rate=0.0)
    assert run.requests == 9
    shuffled = run_compiled(text, list(range(64)), failure_rate=0.0, shuffle=5)
    assert shuffled.requests < 9 * 20


def test_plain_run_refuses_what_the_compiler_refuses() -> None:
    with pytest.raises(ProgramRefused, match=r"program:1: \[import\] from os import"):
        run_plain(Program("from os import *"), TableRobot(0))
    with pytest.raises(AspireError, match="outside"):
        run_plain(Program('tunable("d", 0.1, low=0, high=1)'), TableRobot(0), tunables={"d": 2.0})


def test_an_episode_that_ends_cannot_be_caught() -> None:
    class Short(TableRobot):
        def call(self, primitive, arguments):
            if len(self.calls) == 2:
                raise EpisodeEnded(Outcome.OUT_OF_STEPS, "no steps left")
            return super().call(primitive, arguments)

    text = "while True:\n    try:\n        wait(0.1)\n    except Exception:\n        print('caught')\n"
    end = run_plain(Program(text), Short(0))
    assert (end.outcome, end.line, end.prints) == (Outcome.OUT_OF_STEPS, 3, "")


@pytest.mark.parametrize(
    "program",
    [
        "def f():\n    try:\n        wait(1.0)\n    finally:\n        return 1\nf()\nprint('on')\n",
        "while True:\n    try:\n        wait(1.0)\n    finally:\n        continue\n",
        "for _ in range(3):\n    try:\n        wait(1.0)\n    finally:\n        break\nprint('on')\n",
        "try:\n    try:\n        wait(1.0)\n    finally:\n        print('on')\nfinally:\n    print('on')\n",
        "def f():\n    try:\n        wait(1.0)\n    finally:\n        raise ValueError('on')\ntry:\n    f()\n"
        "except ValueError:\n    print('on')\n",
    ],
)
def test_no_finally_swallows_the_end_of_the_episode(program):
    class Over:
        def call(self, primitive, arguments):
            raise EpisodeEnded(Outcome.OUT_OF_STEPS, "over")

    end = run_plain(Program(program), Over())
    assert (end.outcome, end.message, end.prints) == (Outcome.OUT_OF_STEPS, "over", "")
