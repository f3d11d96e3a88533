"""Results as columns and as one lane sees them."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.errors import PerceptionError
from aspire_mjx.primitives.results import Result, Results, StatusName, unpacks_of
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.status import Status


def poses(status: list[int], **kwargs) -> Results:
    n = len(status)
    fields = {
        "position": np.arange(3.0 * n).reshape(n, 3),
        "quaternion_wxyz": np.tile([0.0, 1.0, 0.0, 0.0], (n, 1)),
        "extent": np.full((n, 3), 0.1),
        "score": np.linspace(0.5, 0.9, n),
    }
    messages = tuple(f"message {i}" if s else "" for i, s in enumerate(status))
    return Results(ROBOT_API["get_object_pose"], np.array(status, dtype=np.int16), fields, messages, **kwargs)


def ik(status: int = 0) -> Result:
    fields = {"joints": np.arange(7.0)[None], "position_error": np.array([0.25]), "rotation_error": np.array([0.5])}
    fields["joint_margin"] = np.array([0.1])
    fields["closest"] = np.zeros((1, 7))
    return Results(ROBOT_API["solve_ik"], np.array([status], dtype=np.int16), fields, ("",)).lane(0)


def test_result_unpacks_to_what_the_call_returned() -> None:
    position, quaternion = poses([0, 0]).lane(1)
    assert position.tolist() == [3, 4, 5] and quaternion.tolist() == [0, 1, 0, 0]
    result = poses([0], unpacks=unpacks_of(ROBOT_API["get_object_pose"], {"return_bbox_extent": np.array(1.0)})).lane(0)
    assert [part.shape for part in result] == [(3,), (4,), (3,)] and len(result) == 3
    assert result[2].tolist() == [0.1] * 3


def test_status_is_its_name_and_its_code() -> None:
    result = poses([1]).lane(0)
    assert not result and result.status == "NOT_FOUND" and result.status == Status.NOT_FOUND
    assert result.status != "OK" and result.status != Status.OK and f"{result.status}" == "NOT_FOUND"
    assert result.status in ("NOT_FOUND", "AMBIGUOUS") and isinstance(result.status, StatusName)
    assert result.message == "message 0" and result.score == 0.5 and type(result.score) is float


def test_using_a_failed_perception_raises() -> None:
    result = poses([0, 1]).lane(1)
    for use in (lambda: list(result), lambda: result.position, lambda: result[0]):
        with pytest.raises(PerceptionError, match="get_object_pose returned NOT_FOUND: message 1"):
            use()


def test_using_a_failed_plan_names_the_status() -> None:
    result = ik(int(Status.IK_INFEASIBLE))
    assert result.position_error == 0.25
    with pytest.raises(ValueError, match="solve_ik returned IK_INFEASIBLE"):
        np.array(result)


def test_a_single_value_is_an_array_wherever_one_is_expected() -> None:
    result = ik()
    assert np.array(result).tolist() == list(range(7)) and result[3] == 3.0 and len(result) == 7
    assert (result + 1).tolist() == (1 + result).tolist() == list(range(1, 8))
    assert (2 * result - result).tolist() == list(range(7)) and result.shape == (7,)
    changed = result.joints
    changed[0] = 9.0
    assert result.joints[0] == 0.0


def test_a_motion_has_no_value() -> None:
    fields = {f.name: ("",) if f.unit == "text" else np.zeros(1) for f in ROBOT_API["open_gripper"].fields}
    result = Results(ROBOT_API["open_gripper"], np.zeros(1, dtype=np.int16), fields, ("",)).lane(0)
    with pytest.raises(TypeError, match="open_gripper has no value"):
        list(result)
    with pytest.raises(AttributeError, match="has no 'joints'; it has status, message, peak_force, width, peak_torque"):
        _ = result.joints


def test_take_and_concatenate() -> None:
    results = poses([0, 1, 2])
    back = Results.concatenate([results.take([2]), results.take([0, 1])])
    assert back.status.tolist() == [2, 0, 1] and back.messages == ("message 2", "", "message 1")
    assert np.asarray(back.fields["position"])[0].tolist() == [6, 7, 8]
    with pytest.raises(ValueError, match="cannot be joined: get_object_pose, solve_ik"):
        Results.concatenate([results, ik()._results])


def test_columns_are_checked() -> None:
    results = poses([0])
    with pytest.raises(ValueError, match=r"field 'position' of get_object_pose has shape \(1, 2\), not \(1, 3\)"):
        Results(results.primitive, results.status, {**results.fields, "position": np.zeros((1, 2))}, ("",))
    with pytest.raises(ValueError, match="declared are"):
        Results(results.primitive, results.status, {}, ("",))
