"""Prompts for parts of fixtures, in worlds."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.physics.engines import make
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.memory import fresh_memories
from aspire_mjx.primitives.perception import CameraRig
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.sensing.detector import Detection
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec

_LANES = 8


def _settled(dose: float) -> tuple[Lanes, dict]:
    specs = [WorldSpec(load_suite("libero_goal")[0], 1000 + i, Perturbation(noise=dose)) for i in range(_LANES)]
    worlds, state = Simulator(make("native", template_of("tabletop"))).settled(specs)
    call = np.zeros(_LANES, int)
    memory = fresh_memories(_LANES)
    return Lanes(worlds, state.qpos, np.zeros((_LANES, 9)), call + 1, call, memory), worlds.things(state.qpos)


@pytest.mark.parametrize(
    ("prompt", "thing", "link"),
    [
        ("top drawer handle", "wooden_cabinet_1", "top_level"),
        ("handle of the bottom drawer", "wooden_cabinet_1", "bottom_level"),
        ("stove knob", "flat_stove_1", "button"),
    ],
)
@pytest.mark.parametrize(("dose", "most"), [(0.0, 0.006), (1.0, 0.02)])
def test_the_handle_is_found_where_a_hand_would_hold_it(
    prompt: str, thing: str, link: str, dose: float, most: float
) -> None:
    lanes, things = _settled(dose)
    got = CameraRig().perceive(lanes, (prompt,) * _LANES)
    found = got.status == Detection.OK
    assert found.mean() >= 0.75
    (grasp,) = [g for g in things[thing].asset.grasps if g.link == link]
    hold, _ = things[thing].place(np.array([grasp.centre]), np.array([[1.0, 0.0, 0.0, 0.0]]), link)
    error = np.linalg.norm((got.position - (hold[:, 0] - lanes.worlds.base))[found][:, :2], axis=1)
    assert np.median(error) < most


def test_a_part_without_a_level_is_ambiguous_and_one_that_is_not_there_not_found() -> None:
    lanes, _ = _settled(0.0)
    prompts = ("drawer handle", "microwave handle") * (_LANES // 2)
    got = CameraRig().perceive(lanes, prompts)
    assert got.status.tolist() == [Detection.AMBIGUOUS, Detection.NOT_FOUND] * (_LANES // 2)
    masks = CameraRig().segment(lanes, "agentview", ("drawer handle",) * _LANES)
    assert (masks.count == 3).all()


def test_whole_things_beside_parts_are_seen_as_ever() -> None:
    lanes, _ = _settled(1.0)
    mixed = CameraRig().perceive(lanes, ("plate", "top drawer handle") * (_LANES // 2))
    alone = CameraRig().perceive(lanes, ("plate",) * _LANES)
    np.testing.assert_array_equal(mixed.position[::2], alone.position[::2])
    np.testing.assert_array_equal(mixed.instance[::2], alone.instance[::2])
