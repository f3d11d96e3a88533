"""Wrong arguments of the robot API are found in the text, before anything moves."""

from __future__ import annotations

import pytest

from aspire_mjx.language.policy import findings
from aspire_mjx.primitives.robot_api import ROBOT_API

WRONG = [
    ("wait(seconds=1, secnds=2)", "wait(seconds) has no parameter 'secnds'; did you mean 'seconds'?"),
    ("goto_pose(p, q, z_aproach=0.1)\nwait(1)", "has no parameter 'z_aproach'; did you mean 'z_approach'?"),
    ("open_gripper(30)\nwait(1)", "open_gripper() takes at most 0 arguments, got 1"),
    ("goto_pose(p)\nwait(1)", "needs quaternion_wxyz"),
    ("wait(1, seconds=2)", "wait(seconds) got two values for 'seconds'"),
    ("get_object_pose()\nwait(1)", "get_object_pose(name, return_bbox_extent=False) needs name"),
    ("pixel_to_world_point(1, 2, 3, k)", "pixel_to_world_point(u, v, z, intrinsics, extrinsics) needs extrinsics"),
    ("interpolate_segment(p, q, stride=1)", "interpolate_segment(p1, p2, step=0.03) has no parameter 'stride'"),
    ("get_object_pose('a', use_multiview=True, view=1)", "get_object_pose(object_name, use_multiview=True) has no"),
    ("# api: capx_robosuite\nget_object_pose('a', use_multiview=True)", "has no parameter 'use_multiview'"),
]


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_wrong_arguments_are_findings(text: str, says: str):
    found = findings("p = q = k = [0, 0, 0, 1]\n" + text, ROBOT_API)
    ((line, rule, message),) = found
    assert rule == "call" and says in message and line == 2 + text.startswith("#")


@pytest.mark.parametrize(
    "text",
    [
        "goto_pose(*pose)",
        "goto_pose(**given)",
        "goto_pose(p, q, **given)",
        "f = goto_pose\nf()",
        "def wait(a, b):\n    return a\nwait(1, b=2)",
        "def f(open_gripper):\n    open_gripper(3)\nf(print)",
        "get_object_pose(object_name='milk')",
        "get_object_pose('milk', return_bbox_extent=True).extent",
    ],
)
def test_what_the_text_does_not_say_is_left_to_the_run(text: str):
    assert findings("p = q = pose = [0, 0, 0, 1]\ngiven = {}\n" + text, ROBOT_API) == ()
