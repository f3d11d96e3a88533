"""Binding arguments of primitives."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.primitives.binding import bind, problems
from aspire_mjx.primitives.robot_api import ROBOT_API

GOTO = ROBOT_API["goto_pose"]
DOWN = [0, 1, 0, 0]


def test_defaults_are_filled_and_values_converted() -> None:
    bound = bind(GOTO, ([1, 2, 3], (0, 1, 0, 0)), {})
    assert list(bound) == ["position", "quaternion_wxyz", "z_approach", "avoid_collisions"]
    assert bound["position"].dtype == np.float64 and bound["z_approach"] == 0.0 and bound["z_approach"].shape == ()
    bound = bind(GOTO, (), {"quaternion_wxyz": np.array(DOWN), "position": [1, 2, 3], "z_approach": np.float64(0.1)})
    assert float(bound["z_approach"]) == 0.1
    assert bind(ROBOT_API["get_object_pose"], ("milk",), {"return_bbox_extent": True})["return_bbox_extent"] == 1.0


@pytest.mark.parametrize(
    ("args", "kwargs", "error", "says"),
    [
        (([0, 0, 0],), {}, TypeError, "needs quaternion_wxyz"),
        (([0, 0, 0], DOWN, 0.1, 0, 2), {}, TypeError, "at most 4 arguments, got 5"),
        (([0, 0, 0], DOWN), {"speed": 1}, TypeError, "has no parameter 'speed'"),
        (([0, 0, 0], DOWN), {"position": 1}, TypeError, "two values for 'position'"),
        (([0, 0], DOWN), {}, ValueError, "shape (3,)"),
        (("here", DOWN), {}, TypeError, "got str"),
        ((None, DOWN), {}, TypeError, "got NoneType"),
        ((["0", "0", "0"], DOWN), {}, TypeError, "array of shape (3,)"),
        (([0, 0, [1]], DOWN), {}, TypeError, "got list"),
        (([0, 0, float("inf")], DOWN), {}, ValueError, "must be finite"),
        (([0, 0, 0], [0, 0.5, 0, 0]), {}, ValueError, "unit quaternion (w, x, y, z), got norm 0.500"),
        (([0, 0, 0], DOWN, [1]), {}, ValueError, "must be a number"),
    ],
)
def test_bad_arguments_say_what_is_expected(args, kwargs, error, says) -> None:
    with pytest.raises(error) as caught:
        bind(GOTO, args, kwargs)
    assert says in str(caught.value)


def test_text_is_text() -> None:
    with pytest.raises(TypeError, match="get_object_pose: name must be text, got int"):
        bind(ROBOT_API["get_object_pose"], (3,), {})


def test_problems_of_many_lanes_at_once() -> None:
    quaternion = GOTO.parameters[1]
    column = np.array([[1.0, 0, 0, 0], [0.0, 0, 0, 0], [np.nan, 0, 0, 1], [0.707, 0.707, 0, 0]])
    found = problems(quaternion, column)
    assert [bool(p) for p in found] == [False, True, True, False]


@pytest.mark.parametrize("seconds", [-1, -1e-9, -1e300])
def test_nobody_waits_for_less_than_nothing(seconds):
    with pytest.raises(ValueError, match="wait: seconds must be 0 or more, got -"):
        bind(ROBOT_API["wait"], (seconds,), {})
    assert bind(ROBOT_API["wait"], (0,), {})["seconds"] == 0.0
    with pytest.raises(ValueError, match="force must be 0 or more"):
        bind(ROBOT_API["move_until_contact"], ([0, 0, -1], 0.1, seconds), {})
