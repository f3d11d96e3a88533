"""Maps of what was seen: taken up when they are asked for, and the same as if they had been at every look."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from aspire_mjx.planning.height_map import UNKNOWN
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.memory import RobotMemory, fresh_memories
from aspire_mjx.primitives.perception import CameraRig
from aspire_mjx.primitives.surroundings import DepthCamera, height_maps, looked, up_to_date
from aspire_mjx.sensing.depth_image import DepthImages
from aspire_mjx.worlds.panda import OPEN_WIDTH
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

COUNT, MOMENTS = 5, 4


@pytest.fixture(scope="module")
def worlds() -> Worlds:
    tasks = load_suite("libero_object")
    return make_worlds([WorldSpec(tasks[i], 1000 + i, Perturbation(noise=1.0)) for i in range(COUNT)])


@pytest.fixture(scope="module")
def cameras() -> CameraRig:
    return CameraRig()


def _moments(worlds: Worlds) -> Iterator[Lanes]:
    """The lanes at some moments, without looks: the arm moves; from the second one on some hands hold something."""
    random, arm = np.random.default_rng(0), worlds.template.arm_qpos
    for moment in range(MOMENTS):
        qpos, command, memory = worlds.qpos.copy(), np.zeros((COUNT, 9)), fresh_memories(COUNT)
        qpos[:, arm] += random.uniform(-0.5, 0.5, (COUNT, 7))
        command[:, 7:] = OPEN_WIDTH / 2
        if moment:
            command[::2, 7:] = 0.0
            heights = random.uniform(0.02, 0.15, COUNT)
            memory[:] = [RobotMemory(grip_height=height) for height in heights.tolist()]
        yield Lanes(worlds, qpos, command, np.full(COUNT, 500 - moment), np.full(COUNT, moment), memory)


def _then(lanes: Lanes, memory: np.ndarray) -> Lanes:
    """Lanes of a moment that remember what ``memory`` does of the looks before."""
    kept = [
        dataclasses.replace(old, grip_height=new.grip_height) for old, new in zip(memory, lanes.memory, strict=True)
    ]
    joined = fresh_memories(len(lanes))
    joined[:] = kept
    return dataclasses.replace(lanes, memory=joined)


def _maps(lanes: Lanes, camera: DepthCamera) -> np.ndarray:
    return height_maps(up_to_date(lanes, camera).memory).height


def _heights(worlds: Worlds, cameras: CameraRig, *, at_every_look: bool, looking: np.ndarray) -> np.ndarray:
    """Maps ``[N, X, Y]`` after the moments, at each of which the lanes look that ``looking [moments, N]`` names."""
    memory = fresh_memories(COUNT)
    for now, rows in zip(_moments(worlds), looking, strict=True):
        lanes, some = _then(now, memory), np.flatnonzero(rows)
        memory = lanes.memory
        memory[some] = looked(lanes.take(some), cameras.depth).memory
        if at_every_look:
            memory = up_to_date(lanes, cameras.depth).memory
    return _maps(_then(now, memory), cameras.depth)


def test_maps_are_the_same_whether_looks_are_taken_up_at_once_or_when_a_map_is_asked_for(worlds, cameras):
    looking = np.random.default_rng(1).random((MOMENTS, COUNT)) < 0.7
    looking[0, 0], looking[1:, 0], looking[:, 1] = True, False, False
    late = _heights(worlds, cameras, at_every_look=False, looking=looking)
    assert late.tobytes() == _heights(worlds, cameras, at_every_look=True, looking=looking).tobytes()
    assert (late[1] == UNKNOWN).all() and (late[0] != UNKNOWN).mean() > 0.3
    last = looking.copy()
    last[:-1] = False  # looks before the last one count: it does not show all that they did
    last[-1] = looking.any(axis=0)
    assert late.tobytes() != _heights(worlds, cameras, at_every_look=False, looking=last).tobytes()


def test_a_lane_has_the_same_map_in_any_batch(worlds, cameras):
    order = np.array([3, 0, 4, 1, 2])
    memory, apart = fresh_memories(COUNT), fresh_memories(COUNT)
    for now in _moments(worlds):
        memory = looked(_then(now, memory).take(order), cameras.depth).memory[np.argsort(order)]
        for lane in range(COUNT):
            one = _then(now, apart).take(np.array([lane]))
            apart[lane] = looked(one, cameras.depth).memory[0]
    together = _maps(_then(now, memory).take(order), cameras.depth)
    for place, lane in enumerate(order.tolist()):
        alone = _maps(_then(now, apart).take(np.array([lane])), cameras.depth)
        assert alone[0].tobytes() == together[place].tobytes()


def test_a_look_costs_no_image_before_its_map_is_asked_for_and_those_that_wait_are_few(worlds, cameras):
    images = []

    def camera(lanes: Lanes) -> DepthImages:
        images.append(len(lanes))
        return cameras.depth(lanes)

    blank = next(_moments(worlds))
    lanes = looked(blank, camera)
    assert all(memory.seen for memory in lanes.memory) and not images
    assert not any(memory.seen for memory in blank.memory) and (_maps(blank, camera) == UNKNOWN).all()
    some = up_to_date(lanes.take(np.array([1, 2])), camera)
    assert images == [2]
    lanes.memory[1:3] = some.memory
    lanes = up_to_date(up_to_date(lanes, camera), camera)
    assert images == [2, COUNT - 2]
    before = sum(images)
    for _ in range(100):  # a program that looks and looks and never moves: one moment shows the same again and again
        lanes = looked(lanes, camera)
    assert sum(images) == before and all(len(memory.looks) == 1 for memory in lanes.memory)
    for moment in range(100):  # one that looks at many moments, without a motion that is planned around what it saw
        lanes = looked(dataclasses.replace(lanes, moment=np.full(COUNT, moment)), camera)
    assert sum(images) > 50 * COUNT
