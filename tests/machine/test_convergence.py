"""Lanes that took different branches meet again, and nobody waits for a lane that computes for long."""

from __future__ import annotations

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.program import Program
from aspire_mjx.machine import machine as machine_module
from aspire_mjx.machine.convergence import Pool
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.output import Outcome
from tests.support.table_robot import assert_agrees, run_compiled

LANES = 64


def executed(text: str, monkeypatch) -> int:
    """Instructions that strands (not lanes) execute."""
    count = 0
    handlers = dict(machine_module.HANDLERS)

    def counted(handler):
        def call(strand, frame, arg):
            nonlocal count
            count += 1
            return handler(strand, frame, arg)

        return call

    monkeypatch.setattr(machine_module, "HANDLERS", {op: counted(handler) for op, handler in handlers.items()})
    run_compiled(text, list(range(LANES)), failure_rate=0.0)
    monkeypatch.undo()
    return count


def branches(number: int) -> str:
    """A program with independent branches between two calls."""
    lines = ["w = get_gripper_width() * 1000", "total = 0"]
    for i in range(number):
        lines += [f"if int(w * {7**i}) % 2:", "    total += 1", "else:", "    total += 2"]
    return "\n".join([*lines, "print(total)", "wait(1)"])


def test_independent_branches_cost_a_sum_not_a_product(monkeypatch) -> None:
    few, many = executed(branches(4), monkeypatch), executed(branches(16), monkeypatch)
    assert many < 8 * few
    assert_agrees(branches(10), list(range(20)))


def test_trips_of_a_loop_stay_in_step(monkeypatch) -> None:
    body = "    for i in range(30):\n        if int(w * 1000 + i) % 3 == {}:\n            continue\n        t += i\n"
    head = "def f(w):\n    t = 0\n"
    tail = "    return t\nw = get_gripper_width()\nprint(f(w))\nwait(1)\n"
    apart = executed(head + body.format(0) + tail, monkeypatch)
    never = executed(head + body.format(7) + tail, monkeypatch)
    assert apart < 3 * never
    assert_agrees(head + body.format(0) + tail, list(range(20)))


def test_nested_loops_of_different_length_agree_with_plain() -> None:
    text = """
w = get_gripper_width()
out = []
for a in range(1 + int(w * 20)):
    b = 0
    while b < (a * int(w * 1000)) % 5:
        b += 1
        if b == 3:
            break
    else:
        out.append((a, b))
    if b > 2:
        wait(0.1)
    out.append(b)
print(out)
"""
    assert_agrees(text, list(range(30)), shuffle=5)


def test_an_endless_lane_does_not_hold_up_the_others() -> None:
    text = "w = get_gripper_width()\nwhile w < 0.03:\n    pass\nwait(w)\nwait(w)\n"
    run = run_compiled(text, list(range(LANES)), failure_rate=0.0)
    endless = [end for end in run.ends.values() if end.outcome == Outcome.OUT_OF_INSTRUCTIONS]
    assert 0 < len(endless) < LANES / 2 and len(run.ends) == LANES
    assert all(end.line in (2, 3) for end in endless)


def test_a_pool_gives_the_strand_that_is_furthest_behind() -> None:
    schedule = compile_program(Program("x = 1\nwait(x)\n"))
    machine = Machine()
    machine.start([0], schedule)
    machine.start([1], schedule)
    ahead, behind = machine._running
    ahead.frames[-1].go_to(2)
    pool = Pool([ahead, behind], 100)
    first, caught_up = pool.take()
    assert first is behind and caught_up == ((2,),)
    first.frames[-1].go_to(2)
    pool.add([first])
    joined, caught_up = pool.take()
    assert joined.lanes.tolist() == [0, 1] and caught_up is None and not pool
