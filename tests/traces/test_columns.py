"""Trace columns: what a wave appends comes back sorted; selections and concatenations keep every row's meaning."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.errors import TraceError, UnknownNameError
from aspire_mjx.language.program import Program
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.traces.columns import (
    PACKED,
    RolloutRow,
    TraceBatch,
    TraceBuilder,
    concatenate,
    pack,
    packed_names,
)
from aspire_mjx.traces.schema import CALLS, ROLLOUTS
from tests.support.handmade import add_call


def rows(batch: TraceBatch) -> list[tuple]:
    """Everything a batch says, free of indices: one tuple a rollout, with its calls."""
    texts = {name: batch.call_text(name) for name, column in CALLS.items() if column.kind == "text"}
    about = {name: batch.rollout_text(name) for name, column in ROLLOUTS.items() if column.kind == "text"}
    said = []
    for rollout in range(len(batch)):
        part = batch.calls_of(rollout)
        calls = [
            tuple(
                (name, repr(texts[name][row] if name in texts else batch.calls[name][row].tolist()))
                for name in CALLS
                if name != "rollout"
            )
            for row in range(part.start, part.stop)
        ]
        head = tuple(
            (name, repr(about[name][rollout] if name in about else batch.rollouts[name][rollout].item()))
            for name in ROLLOUTS
            if name not in ("rollout", "program")
        )
        said.append((batch.programs[batch.rollouts["program"][rollout]], head, calls))
    return said


def assert_schema(batch: TraceBatch) -> None:
    for columns, schema, count in (
        (batch.calls, CALLS, len(batch.calls["rollout"])),
        (batch.rollouts, ROLLOUTS, len(batch)),
    ):
        assert set(columns) == set(schema)
        for name, column in schema.items():
            assert columns[name].dtype == np.dtype("int32" if column.kind == "text" else column.kind), name
            assert columns[name].shape == (count, *column.shape), name


@pytest.fixture
def three(handmade) -> TraceBatch:
    handmade.add(handmade.draft_calls(), passed=True, tunables={"depth": 0.01})
    handmade.add(handmade.draft_calls(close="EMPTY_GRASP"), label="B", factors={"mass": 0.4})
    handmade.add([], program=Program("x = 1 / 0\n", name="broken"), error="ZeroDivisionError", error_line=1)
    return handmade.build(engine="native", seeds=[51, 52])


def test_wave_rows_are_sorted_by_rollout_then_arrival():
    builder = TraceBuilder()
    program = builder.program(Program("wait(1.0)\n"))
    for wave, lanes in enumerate(([5, 2], [2], [2, 5])):
        add_call(
            builder,
            ROBOT_API["wait"],
            rollout=lanes,
            line=wave + 1,
            status=0,
            t_start=np.full(len(lanes), float(wave)),
            t_end=wave + 1.0,
            path="main",
            arguments={"seconds": np.array(lanes, float)},
            message=[f"lane {lane}" for lane in lanes],
        )
    for number in (5, 2):
        columns = {"task": "t/0", "seed": number, "outcome": 0, "benchmark": True, "strict": True}
        builder.rollout(RolloutRow(rollout=number, program=program, margin=0.0, ticks=1, **columns))
    batch = builder.build()
    assert_schema(batch)
    assert batch.rollouts["rollout"].tolist() == [0, 1] and batch.rollouts["seed"].tolist() == [2, 5]
    assert batch.calls["rollout"].tolist() == [0, 0, 0, 1, 1]
    assert batch.calls["call"].tolist() == [0, 1, 2, 0, 1]
    assert batch.calls["line"].tolist() == [1, 2, 3, 1, 3]
    assert batch.calls["inputs"][:, 0].tolist() == [2, 2, 2, 5, 5] and np.isnan(batch.calls["inputs"][:, 1:]).all()
    assert batch.call_text("message").tolist() == ["lane 2"] * 3 + ["lane 5"] * 2


def test_arguments_and_fields_are_packed_in_declared_order():
    goto, look = ROBOT_API["goto_pose"], ROBOT_API["get_object_pose"]
    names = packed_names(goto.parameters)
    assert names[:4] == ("position.0", "position.1", "position.2", "quaternion_wxyz.0") and names[7] == "z_approach"
    packed = pack(goto.parameters, {"position": [[1, 2, 3]], "z_approach": [0.5]}, 1)[0]
    assert packed[:3].tolist() == [1, 2, 3] and np.isnan(packed[3:7]).all() and packed[7] == 0.5
    assert "name" not in packed_names(look.parameters)
    assert packed_names(ROBOT_API["task_language"].fields) == ()


@pytest.mark.parametrize("primitive", list(ROBOT_API), ids=lambda p: p.name)
def test_every_primitive_fits_the_packed_columns(primitive):
    assert max(len(packed_names(primitive.parameters)), len(packed_names(primitive.fields))) <= PACKED


def test_measures_default_to_fields_except_for_what_a_look_sees(handmade):
    builder = handmade.builder
    shared = {"rollout": [0], "line": 1, "status": 0, "t_start": 0.0, "t_end": 1.0}
    touch = {"position_error": [0.01], "rotation_error": [0.2], "width": [0.03], "peak_force": [4.0]}
    add_call(builder, ROBOT_API["goto_pose"], fields=touch, **shared)
    add_call(builder, ROBOT_API["sample_grasp_pose"], fields={"width": [0.05]}, **shared)
    add_call(builder, ROBOT_API["goto_pose"], fields=touch, width=0.07, **shared)
    handmade.add([])
    calls = handmade.build().calls
    assert calls["width"][[0, 2]].tolist() == pytest.approx([0.03, 0.07]) and np.isnan(calls["width"][1])
    assert calls["residual_m"][0] == pytest.approx(0.01) and calls["residual_rad"][0] == pytest.approx(0.2)
    assert calls["peak_force"][0] == 4.0


def test_select_by_mask_and_by_order_keeps_each_rollout(three):
    everything = rows(three)
    assert rows(three.select(np.array([True, True, True]))) == everything
    assert rows(three.select([2, 0])) == [everything[2], everything[0]]
    only = three.select(np.array([False, True, False]))
    assert_schema(only)
    assert rows(only) == [everything[1]] and len(only.programs) == 1
    assert "ZeroDivisionError" not in only.strings and "B" in only.strings
    assert three.tunables(0) == {"depth": 0.01} and only.factors(0) == {"mass": 0.4} and only.tunables(0) == {}


def test_select_of_nothing_and_of_a_repeat(three):
    none = three.select([])
    assert_schema(none)
    assert len(none) == len(none.calls["rollout"]) == 0 and none.programs == () and none.strings == ()
    with pytest.raises(TraceError, match="twice"):
        three.select([1, 1])


def test_concatenate_undoes_select(three):
    parts = [three.select([k]) for k in range(3)]
    joined = concatenate(parts)
    assert_schema(joined)
    assert rows(joined) == rows(three) and joined.programs == three.programs and joined.meta == three.meta
    assert len(concatenate([])) == 0 and rows(concatenate([three, concatenate([])])) == rows(three)


def test_concatenate_lists_meta_that_differs(three, handmade):
    other = TraceBatch(three.programs, three.calls, three.rollouts, three.strings, {"engine": "mjx", "device": "cpu"})
    assert concatenate([three, other, three]).meta == {
        "engine": ["native", "mjx"],
        "seeds": [51, 52],
        "device": "cpu",
    }


def test_bad_requests_name_what_is_there(three, handmade):
    with pytest.raises(TraceError, match="0 to 2"):
        three.calls_of(3)
    with pytest.raises(UnknownNameError, match="benchmark, strict"):
        three.passes("lenient")
    with pytest.raises(UnknownNameError, match="primitive"):
        three.call_text("status")


def test_builder_refuses_what_does_not_fit_together(handmade):
    handmade.add(handmade.draft_calls())
    again = RolloutRow(
        rollout=0, program=0, task="t", seed=1, outcome=0, benchmark=True, strict=True, margin=0, ticks=0
    )
    with pytest.raises(TraceError, match="recorded twice"):
        handmade.builder.rollout(again)
    add_call(handmade.builder, ROBOT_API["wait"], rollout=[7], line=1, status=0, t_start=0.0, t_end=0.0)
    with pytest.raises(TraceError, match="rollout 7"):
        handmade.build()
