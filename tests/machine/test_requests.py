"""The compiler follows whatever registry it is given: names, hints, attributes, arguments and what calls unpack to."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.policy import findings
from aspire_mjx.language.program import Program
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.output import LaneEnd
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.primitives.registry import Family, Field, Parameter, Primitive, Registry
from aspire_mjx.primitives.results import Results, unpacks_of
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.table_robot import TableRobot

_WRENCH = Field("wrench", (6,), "N", "force and torque at the wrist")
_DETAIL = Parameter("in_detail", (), "also the wrench", default=False, required=False, adds="wrench")
TWO_ARMS = Registry(
    (
        Primitive(
            "left_reach",
            Family.MOVE,
            (Parameter("point", (3,), "where to"), _DETAIL),
            (_WRENCH,),
            (),
            "Reach.",
        ),
        Primitive("right_turn", Family.MOVE, (Parameter("hand", (4,), "how", unit=True),), (_WRENCH,), (), "Turn."),
        Primitive(
            "weigh",
            Family.SENSE,
            (Parameter("arm", None, "left or right"), _DETAIL),
            (Field("mass", (), "kg", "what is held"), _WRENCH),
            ("mass",),
            "Weigh what an arm holds.",
        ),
        Primitive("arms", Family.QUERY, (), (Field("count", (), "1", "how many"),), ("count",), "How many arms."),
    )
)


def ends_of(text: str, seeds: list[int]) -> list[LaneEnd]:
    """How the lanes of a program for two arms end; the compiled and the plain runner agree."""
    machine = Machine(registry=TWO_ARMS)
    machine.start(range(len(seeds)), compile_program(Program(text), registry=TWO_ARMS))
    robots = [TableRobot(seed, 0.0) for seed in seeds]
    ends: list[LaneEnd] = []
    while len(ends) < len(seeds):
        for request in machine.run():
            for row, lane in enumerate(request.lanes.tolist()):
                arguments = {name: column[row] for name, column in request.arguments.items()}
                machine.resume([lane], robots[lane].call(request.primitive, arguments)._results)
        ends += machine.collect()
    ends.sort()
    for lane, seed in enumerate(seeds):
        plain = run_plain(Program(text), TableRobot(seed, 0.0), registry=TWO_ARMS, lane=lane)
        assert plain == ends[lane]._replace(executed="")  # which lines were executed is not known there
    return ends


def test_names_attributes_and_hints_come_from_the_registry() -> None:
    assert findings("r = left_reach([0, 0, 0])\nr.wrench\nweigh('left').mass", TWO_ARMS) == ()
    ((_, rule, message),) = findings("rigth_turn([1, 0, 0, 0])", TWO_ARMS)
    assert rule == "name" and "Did you mean 'right_turn'?" in message and "goto_pose" not in message
    ((_, rule, message),) = findings("fly()", TWO_ARMS)
    assert "the robot API: left_reach, right_turn, weigh, arms, " in message and "goto_pose" not in message
    ((_, rule, message),) = findings("open_gripper()", TWO_ARMS)
    assert rule == "name" and "'open_gripper'" in message
    ((line, rule, message),) = findings("r = weigh('left')\nr.extent", TWO_ARMS)
    assert (line, rule) == (2, "attribute") and "'extent'" in message
    found = findings("left_reach([0, 0, 0]).wrench", ROBOT_API)
    assert [rule for _, rule, _ in found] == ["attribute", "name"] and "goto_pose" in found[1][2]


def test_the_schedule_lists_what_it_can_reach() -> None:
    schedule = compile_program(Program("weigh('left')\nif arms() > 1:\n    left_reach([0, 0, 0])\n"), registry=TWO_ARMS)
    assert schedule.primitives == (("left_reach", (3,)), ("weigh", (1,)), ("arms", (2,)))


def test_calls_unpack_to_what_the_registry_says() -> None:
    (end,) = ends_of("mass, wrench = weigh('left', in_detail=True)\nprint(mass > 0, wrench.shape, arms() > 0)\n", [1])
    assert end.prints == "True (6,) True\n"
    (end,) = ends_of("print(left_reach([0, 0, 0], in_detail=True) * 0)\nprint(weigh('left') > 0)\n", [1])
    assert end.prints == "[0. 0. 0. 0. 0. 0.]\nTrue\n"


def test_lanes_whose_calls_unpack_differently_part() -> None:
    text = "more = weigh('left') > 0.15\nr = weigh('left', more)\ntry:\n    m, w = r\n    print('two')\n"
    text += "except TypeError:\n    print('one', r > 0)\n"
    prints = {end.prints for end in ends_of(text, list(range(8)))}
    assert prints == {"two\n", "one True\n"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("right_turn([1, 1, 0, 0])", "right_turn: hand must be a unit quaternion"),
        ("left_reach([0, 0])", "left_reach: point must be an array of shape (3,) (where to)"),
        ("f = left_reach\nf(position=[0, 0, 0])", "left_reach(point, in_detail=False) has no parameter 'position'"),
        ("weigh(3)", "weigh: arm must be text"),
        ("print(right_turn([1, 0, 0, 0]).mass)", "a result of right_turn has no 'mass'"),
    ],
)
def test_refusals_name_the_registry_s_own(text: str, says: str) -> None:
    (end,) = ends_of(text, [0])
    assert says in end.message, end


def test_results_of_the_other_registry_have_its_shapes() -> None:
    primitive = TWO_ARMS["left_reach"]
    fields = {"wrench": np.zeros((2, 6))}
    results = Results(primitive, np.zeros(2, dtype=np.int16), fields, ("", ""), unpacks_of(primitive, {"in_detail": 1}))
    assert results.unpacks == ("wrench",)
