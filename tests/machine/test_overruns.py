"""What ends a lane when a declaration is wrong, or the machine itself: no other lane."""

from __future__ import annotations

import time

import numpy as np
import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.modules import NUMPY
from aspire_mjx.language.program import Program
from aspire_mjx.machine import overruns
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.output import LaneEnd, Outcome
from aspire_mjx.machine.strand import Strand
from tests.support.table_robot import TableRobot

GOOD = "w = get_gripper_width()\nx = 0\nfor i in range(3000):\n    x += i if w > 0 else 1\nprint(x)\n"


def _ends(bad: str, lanes: int = 2) -> dict[int, LaneEnd]:
    """The ends of a bad program in the lanes after the first, and of a good one in the first and last."""
    machine, ends = Machine(), {}
    machine.start([0, lanes + 1], compile_program(Program(GOOD, "good.py")))
    machine.start(range(1, lanes + 1), compile_program(Program(bad, "bad.py")))
    while requests := machine.run():
        for request in requests:
            for lane in request.lanes.tolist():
                machine.resume([lane], TableRobot(lane, 0.0).call(request.primitive, {})._results)
    ends = {end.lane: end for end in machine.collect()}
    assert sorted(ends) == list(range(lanes + 2))
    assert ends[0][1:5] == ends[lanes + 1][1:5] == (Outcome.DONE, 0, "", "4498500\n")
    return ends


def test_a_call_that_takes_far_longer_than_it_declares_ends_its_lanes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(x: float) -> float:
        until = time.thread_time() + 0.02
        while time.thread_time() < until:
            pass
        return x

    monkeypatch.setattr(NUMPY.sinc, "function", slow)
    monkeypatch.setattr(overruns, "_MOST", 0.05)
    monkeypatch.setattr(overruns, "_LONG", 0.02)
    monkeypatch.setattr(overruns, "_NOTED", 0.0)
    ends = _ends("import numpy as np\nwhile True:\n    np.sinc(1.0)\n")
    for lane in (1, 2):
        assert ends[lane].outcome is Outcome.ENGINE_FAULT and "takes longer than it declares" in ends[lane].message


def test_what_declares_its_time_is_no_overrun(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dearest of what programs may do, with a bound of nothing: a hundredth of a second a turn is not noted."""
    monkeypatch.setattr(overruns, "_MOST", 0.0)
    dear = "import numpy as np\nx = np.sin(np.arange(10000.0)).reshape(100, 100)\nfor i in range(3):\n"
    dear += "    y = np.convolve(x[0], x[1])\n    z = sorted(np.sort(x.ravel()).tolist() * 2)[::2]\nprint(len(z))\n"
    assert _ends(dear)[1][1:5] == (Outcome.DONE, 0, "", "10000\n")


@pytest.mark.parametrize("error", [MemoryError("no memory"), RuntimeError("a mistake"), RecursionError("too deep")])
def test_a_machine_that_fails_on_a_program_ends_its_lanes_alone(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As lanes part: the machine copies their values."""
    own = Strand.take

    def take(strand: Strand, rows: np.ndarray) -> Strand:
        if strand.schedule.program.name == "bad.py":
            raise error
        return own(strand, rows)

    monkeypatch.setattr(Strand, "take", take)
    ends = _ends("w = get_gripper_width()\nprint('before')\nif w > 0.15:\n    wait(1)\nelse:\n    wait(2)\n", lanes=12)
    for lane in range(1, 13):
        assert ends[lane].outcome is Outcome.ENGINE_FAULT and ends[lane].prints == "before\n"
        assert f"{type(error).__name__}: {error} (test_overruns.py:" in ends[lane].message


def test_an_allocation_that_fails_is_an_error_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NUMPY.sinc, "function", lambda x: np.empty(2**50))
    caught = "try:\n    np.sinc(1.0)\nexcept MemoryError:\n    print('caught')\n"
    ends = _ends(f"import numpy as np\n{caught}np.sinc(1.0)\n")
    assert ends[1].outcome is Outcome.PROGRAM_ERROR and ends[1].prints == "caught\n"
    assert ends[1].message.startswith("MemoryError: Unable to allocate")
