"""How the programs of the language tests begin, and the lanes that they run in."""

from __future__ import annotations

from aspire_mjx.machine.output import Outcome
from tests.support.table_robot import assert_agrees

SEEDS = list(range(8))
#: values that differ between lanes: w and n are numbers, name is text, pos a position
VARYING = """
import math
import numpy as np
from scipy.spatial.transform import Rotation as R
w = get_gripper_width()
n = int(w * 20)
name = ["milk", "soup", "butter"][n % 3]
pos = np.array([w, 0.1, 0.2 * w])
"""


def assert_runs_as_in_plain_python(program: str) -> None:
    """In every lane it runs to its end, prints something, and does what plain Python does."""
    run = assert_agrees(VARYING + program, SEEDS, failure_rate=0.0)
    assert {end.outcome for end in run.ends.values()} == {Outcome.DONE}
    assert all(end.prints for end in run.ends.values())
