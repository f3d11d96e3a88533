"""Budgets of instructions and memory: what work counts as, who ends by them, and what they are told."""

from __future__ import annotations

import time

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.program import Program
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.output import LaneEnd, Outcome
from tests.support.table_robot import run_compiled

NP = "import numpy as np\n"
#: two clouds of 160 x 120 points joined, an image's parts found pixel by pixel, boxes at 90 angles
VISION = {
    "clouds": NP
    + "a = np.ones((19200, 3))\nfor i in range(50):\n    b = np.concatenate([a, a], axis=0)\nprint(b.shape)",
    "parts": NP
    + "mask = np.zeros((120, 160), dtype=bool)\nmask[20:90, 30:110] = True\nseen, parts = set(), []\n"
    + "for y in range(120):\n    for x in range(160):\n        if not mask[y, x] or (y, x) in seen:\n"
    + "            continue\n"
    + "        queue, size = [(y, x)], 0\n        seen.add((y, x))\n        while queue:\n"
    + "            v, u = queue.pop(0)\n            size += 1\n"
    + "            for w in ((v, u + 1), (v + 1, u), (v, u - 1), (v - 1, u)):\n"
    + "                if mask[w] and w not in seen:\n                    seen.add(w)\n"
    + "                    queue.append(w)\n        parts.append(size)\nprint(parts)",
    "boxes": NP
    + "p = np.sin(np.arange(40000.0)).reshape(20000, 2)\na = np.arange(90) * np.pi / 180\nfor i in range(10):\n"
    + "    along = p[:, :1] * np.cos(a) + p[:, 1:] * np.sin(a)\n    sides = along.max(axis=0) - along.min(axis=0)\n"
    + "print(sides.shape)",
}
SAID = {"clouds": "(38400, 3)\n", "parts": "[5600]\n", "boxes": "(90,)\n"}


def finish(text: str, limits: ProgramLimits | None = None) -> LaneEnd:
    """The end of a program without primitives."""
    machine = Machine(limits=limits)
    machine.start([0], compile_program(Program(text)))
    assert machine.run() == []
    return machine.collect()[0]


@pytest.mark.parametrize("name", VISION)
def test_programs_that_look_at_images_are_far_from_their_budget(name: str) -> None:
    end = finish(VISION[name], ProgramLimits(instructions=ProgramLimits().instructions // 10))
    assert (end.outcome, end.prints) == (Outcome.DONE, SAID[name]), end


def test_the_end_of_a_budget_tells_where_it_went() -> None:
    text = NP + "x = np.ones(1000)\nfor i in range(10):\n    pass\nwhile True:\n    x = np.sort(x)\n    i = i + 1\n"
    end = finish(text, ProgramLimits(instructions=100_000))
    assert (end.outcome, end.line) == (Outcome.OUT_OF_INSTRUCTIONS, end.line) and end.line in (5, 6, 7)
    assert end.message.startswith("the program's budget of 100000 instructions is spent: ")
    assert "% in line 6 `x = np.sort(x)`" in end.message and "line 3" not in end.message
    assert end.message.endswith("; --max_instructions raises it")


def test_what_is_told_of_a_lane_does_not_depend_on_the_lanes_beside_it() -> None:
    text = (
        NP
        + "w = get_gripper_width()\ni = 0\nwhile True:\n    i += 1\n"
        + "    if w > 0.05 * (i % 3):\n        x = np.sort([w] * 9)\n"
    )
    limits = ProgramLimits(instructions=30_000)
    together = run_compiled(text, list(range(12)), failure_rate=0.0, limits=limits)
    assert len({end.message for end in together.ends.values()}) > 1
    for lane in (0, 5, 11):
        alone = run_compiled(text, [lane], failure_rate=0.0, limits=limits).ends[0]
        assert alone[1:] == together.ends[lane][1:]


def test_memory_is_counted_for_each_lane_and_says_what_holds_it() -> None:
    text = NP + "w = get_gripper_width()\nx = np.ones(2000) * w\nkept = []\n"
    text += "for i in range(3000):\n    kept.append(x + i if w > 0.04 else i)\nprint(len(kept))\n"
    limits = ProgramLimits(memory=4 << 20)
    together = run_compiled(text, list(range(12)), failure_rate=0.0, limits=limits)
    outcomes = {lane: end.outcome for lane, end in together.ends.items()}
    assert set(outcomes.values()) == {Outcome.DONE, Outcome.PROGRAM_ERROR}
    for lane in range(12):
        alone = run_compiled(text, [lane], failure_rate=0.0, limits=limits).ends[0]
        assert alone[1:] == together.ends[lane][1:]
    message = next(end.message for end in together.ends.values() if end.outcome == Outcome.PROGRAM_ERROR)
    assert message.startswith("MemoryError: ") and "budget of 4 MB" in message and "in kept" in message
    assert message.endswith("--max_memory raises it")


def test_views_keep_what_they_are_views_of() -> None:
    text = NP + "kept = []\nfor i in range(900):\n    kept.append(np.ones(5000)[:1])\n"
    assert "MemoryError" in finish(text, ProgramLimits(memory=8 << 20)).message
    assert finish(text.replace("[:1])", "[:1] + 0)"), ProgramLimits(memory=8 << 20)).outcome == Outcome.DONE


@pytest.mark.parametrize(
    "kept", ["p[:1]", "p[:, 0][:1]", "p.T", "p[:1] if w > 0.1 else p[1:3]", "p if i < 0 else p[2:]"]
)
def test_views_of_arrays_that_differ_in_length_keep_those_arrays(kept: str) -> None:
    """Each as the lane has it alone, also after lanes have parted and met; copies keep nothing else."""
    text = NP + "w = get_gripper_width()\nx = np.ones((4000, 2))\nx[:, 1] = np.arange(4000) * w\nkept = []\n"
    text += f"for i in range(250):\n    p = x[x[:, 1] > i]\n    kept.append({kept})\nprint(len(kept))\n"
    lanes, limits = list(range(6)), ProgramLimits(memory=6 << 20)
    together = run_compiled(text, lanes, failure_rate=0.0, limits=limits)
    outcomes = [end.outcome for end in together.ends.values()]
    assert outcomes.count(Outcome.PROGRAM_ERROR) > 2
    for lane in lanes:
        alone = run_compiled(text, [lane], failure_rate=0.0, limits=limits).ends[0]
        assert alone.outcome == together.ends[lane].outcome, (alone, together.ends[lane])
    if kept.endswith("[:1]"):
        copied = run_compiled(text.replace(kept, kept + " + 0"), lanes, failure_rate=0.0, limits=limits)
        assert {end.outcome for end in copied.ends.values()} == {Outcome.DONE}


def test_views_of_one_ragged_array_count_once() -> None:
    text = NP + "w = get_gripper_width()\nx = np.ones((9000, 2))\nx[:, 1] = np.arange(9000) * w\nkept = []\n"
    text += "p = x[x[:, 1] > 300]\nfor i in range(300):\n    kept.append(p[i : i + 2])\n    if w * i % 0.1 > 0.05:\n"
    text += "        kept.append(p[i : i + 1])\nprint(p.shape[1], w > 0)\n"
    run = run_compiled(text, list(range(5)), failure_rate=0.0, limits=ProgramLimits(memory=2 << 20))
    assert {end.prints for end in run.ends.values()} == {"2 True\n"}


def test_the_size_of_one_value_follows_from_the_memory() -> None:
    text = NP + "print(np.zeros(100000).size, len([0] * 10000))\n"
    assert finish(text).prints == "100000 10000\n"
    end = finish(text, ProgramLimits(memory=4 << 20))
    assert end.message.startswith("MemoryError: the array would have 100000 elements") and "--max_memory" in end.message
    assert "at most 65536 with 4 MB" in end.message


def test_calls_that_take_no_time_are_limited_whatever_the_budget() -> None:
    run = run_compiled("while True:\n    get_gripper_width()\n", [0], limits=ProgramLimits(instructions=3_000_000))
    assert run.requests < 3_000_000 / 1_000
    text = "while True:\n    solve_ik([0.5, 0.1, 0.2], [0, 1, 0, 0])\n"  # some 4 ms each
    assert 100 < run_compiled(text, [0], limits=ProgramLimits()).requests < 500
    big = ProgramLimits(instructions=90_000_000)
    machine = Machine(limits=big)
    machine.start([0], compile_program(Program("get_gripper_width()\n")))
    machine.run()
    (strand,) = machine._waiting
    assert strand.count >= big.instructions / 30_000


def test_a_program_that_computes_without_looking_or_moving_ends_long_before_its_budget() -> None:
    limits = ProgramLimits()
    firsts = ("", "w = get_gripper_width()\n", "wait(1)\n")
    texts = [first + "x = [0] * 50000\nwhile True:\n    x == x\n" for first in firsts]
    ends = [run_compiled(text, [0], failure_rate=0.0, limits=limits).ends[0].message for text in texts]
    assert all(f"budget of {limits.first} instructions before a program first looks" in end for end in ends[:2])
    assert f"budget of {limits.between} instructions between two looks or motions is spent" in ends[2]
    assert limits.first < limits.between < limits.instructions


def test_looks_have_a_budget_of_their_own_in_every_lane() -> None:
    text = "w = get_gripper_width()\nn = 0\nif w > 0.04:\n    get_object_pose('milk')\n"
    text += "while True:\n    get_object_pose('milk')\n    n += 1\n    print(n)\n"
    together = run_compiled(text, list(range(6)), failure_rate=0.0, limits=ProgramLimits(looks=7))
    assert {end.message for end in together.ends.values()} == {
        "the program's budget of 7 looks is spent; --max_looks raises it"
    }
    assert {end.prints.splitlines()[-1] for end in together.ends.values()} == {"6", "7"}


def test_work_that_a_lane_cannot_pay_for_is_not_begun_and_costs_the_others_nothing() -> None:
    text = NP + "n = 400 if get_gripper_width() > 0.04 else 2\nfor i in range(3):\n"
    text += "    x = np.ones((n, n)) @ np.ones((n, n))\nprint(x.shape)\n"
    limits = ProgramLimits(instructions=90_000)
    together = run_compiled(text, list(range(12)), failure_rate=0.0, limits=limits)
    assert {end.outcome for end in together.ends.values()} == {Outcome.DONE, Outcome.OUT_OF_INSTRUCTIONS}
    for lane in range(12):
        assert run_compiled(text, [lane], failure_rate=0.0, limits=limits).ends[0][1:] == together.ends[lane][1:]


def test_lanes_with_many_values_that_part_over_and_over_stay_apart() -> None:
    text = "many = list(range(100000))\nw = get_gripper_width()\nfor i in range(40):\n    if w * i % 0.02 > 0.01:\n"
    text += "        many[0] += 1\nprint(many[0], len(many))\n"
    started = time.thread_time()
    together = run_compiled(text, list(range(4)), failure_rate=0.0, limits=ProgramLimits())
    assert time.thread_time() - started < 5.0
    for lane in range(4):
        assert (
            run_compiled(text, [lane], failure_rate=0.0, limits=ProgramLimits()).ends[0][1:] == together.ends[lane][1:]
        )
