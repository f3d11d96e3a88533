"""Goals that ask most of the geometry hold in the simulator, settled: the thing is where a robot could leave it."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import pytest

from aspire_mjx.geometry import from_axis_angle, from_yaw, multiply, rotate, to_matrix
from aspire_mjx.worlds.assets import SiteRegion, asset
from aspire_mjx.worlds.panda import OPEN_WIDTH
from aspire_mjx.worlds.predicates import goal_margin
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

UP = (1.0, 0.0, 0.0, 0.0)
SECONDS = 1.5


def _region(category: str, name: str) -> SiteRegion:
    return next(region for region in asset(category).regions if region.name == name)


def _on_rack(offset: tuple[float, float, float], turn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pose in the rack's frame: an offset along the region's axes (along the edge, into the board, up the slope)."""
    region = _region("wine_rack", "top_region")
    quaternion = np.asarray(region.quaternion)
    return np.asarray(region.centre) + to_matrix(quaternion) @ offset, multiply(quaternion, turn)


def _about(axis: int, quarter_turns: float) -> np.ndarray:
    return from_axis_angle(np.eye(3)[axis], np.asarray(quarter_turns * math.pi / 2))


_BACK, _FRONT = (_region("desk_caddy", f"{side}_contain_region").centre for side in ("back", "front"))
_COOK, _TOP = _region("flat_stove", "cook_region").centre, _region("wooden_cabinet", "top_region").centre
#: Task; fixture; where each object is put in the fixture's frame; joint positions of the fixture.
CASES = {
    "a bottle lies on the rack": (
        ("libero_goal", 9),
        "wine_rack_1",
        {"wine_bottle_1": _on_rack((-0.0785, -0.026, 0.035), _about(1, 1))},
        {},
    ),
    "a packet lies on the rack": (
        ("libero_goal_task", 9),
        "wine_rack_1",
        {"cream_cheese_1": _on_rack((0.0, -0.014, 0.03), _about(0, 1))},
        {},
    ),
    "a book in the back compartment": (
        ("libero_10", 5),
        "desk_caddy_1",
        {"black_book_1": ((_BACK[0], 0.012, 0.06), UP)},
        {},
    ),
    "a book in the front compartment": (
        ("libero_90", 81),
        "desk_caddy_1",
        {"black_book_1": ((_FRONT[0], 0.012, 0.03), UP)},
        {},
    ),
    "a mug in the closed microwave": (
        ("libero_10", 9),
        "microwave_1",
        {"white_yellow_mug_1": ((-0.035, 0.0, 0.025), UP)},
        {"microjoint": -0.002},
    ),
    "two pots on the burner": (
        ("libero_10", 8),
        "flat_stove_1",
        {
            "moka_pot_1": ((_COOK[0] - 0.042, 0.0, 0.095), UP),
            "moka_pot_2": ((_COOK[0] + 0.042, 0.0, 0.095), from_yaw(np.asarray(math.pi))),
        },
        {"button": 1.0},
    ),
    "a bowl in the top drawer": (
        ("libero_goal", 3),
        "wooden_cabinet_1",
        {"akita_black_bowl_1": ((_TOP[0], _TOP[1] - 0.145, _TOP[2] - 0.02), UP)},
        {"top_level": -0.15},
    ),
    "a stove that was turned on and all the way back, against its stop": (
        ("libero_goal_task", 7),
        "flat_stove_1",
        {},
        {"button": -0.004},
    ),
    "a book lies in the lower shelf": (
        ("libero_90", 89),
        "wooden_two_layer_shelf_1",
        {"yellow_book_1": ((0.06, 0.0, 0.005), _about(1, -1))},
        {},
    ),
}


def test_a_stove_that_nobody_touched_is_not_turned_off():
    """Upstream asks for less than 0 rad, and nothing moves the knob from there: the goal fails by exactly nothing."""
    task = load_suite("libero_goal_task")[7]
    worlds = make_worlds([WorldSpec(task, 51)])
    data = mujoco.MjData(worlds.models[0])
    data.qpos[:] = worlds.qpos[0]
    data.ctrl[:] = worlds.rest[0]
    mujoco.mj_step(worlds.models[0], data, nstep=round(SECONDS / worlds.models[0].opt.timestep))
    assert goal_margin(task, worlds.things(data.qpos[None]))[0] == 0.0


@pytest.mark.parametrize("case", CASES)
def test_the_goal_holds_after_settling(case: str) -> None:
    (suite, index), fixture, poses, joints = CASES[case]
    task = load_suite(suite)[index]
    worlds = make_worlds([WorldSpec(task, 51)])
    template, model, qpos = worlds.template, worlds.model_of(0), worlds.qpos[0].copy()
    slots = {occupant.name: occupant.slot for occupant in worlds.specs[0].occupants}
    root = worlds.things(qpos[None])[fixture]
    for name, (position, quaternion) in poses.items():
        at = root.position[0] + rotate(root.quaternion[0], np.asarray(position))
        turn = multiply(root.quaternion[0], np.asarray(quaternion))
        address = template.slot_qpos[slots[name]]
        qpos[address : address + 7] = (*at, *turn)
    thing = template.things[slots[fixture]]
    for link, value in joints.items():
        qpos[thing.link_qpos[thing.links.index(link)]] = value
    data = mujoco.MjData(model)
    data.qpos[:] = qpos
    data.ctrl[:7], data.ctrl[7:] = qpos[template.arm_qpos], OPEN_WIDTH / 2
    mujoco.mj_step(model, data, nstep=round(SECONDS / model.opt.timestep))
    assert goal_margin(task, worlds.things(data.qpos[None]))[0] > 0.0
    moving = np.abs(data.qvel).max()
    assert moving < 0.05, f"still moving at {moving:.3f}"
