"""Benchmark case of sensing: how well poses come out of pixels, how true the images are, and what a look costs."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from aspire_mjx import geometry
from aspire_mjx.physics.engines import make
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.memory import fresh_memories
from aspire_mjx.primitives.perception import IMAGE_SIZE, CameraRig, camera_at, scene_of
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.sensing.render import cast
from aspire_mjx.worlds.assets.asset import bounds
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.viewpoint import CAMERAS
from aspire_mjx.worlds.worlds import Worlds, WorldSpec

SUITES = ("libero_object", "libero_goal", "libero_spatial", "libero_10")
FIRST_SEED = 1000
_CLEAR = 0.95  # share of its pixels that an unoccluded thing shows
_TIMED_LANES, _TIMED_CALLS = 64, 3


def sensing(worlds: int, camera: str) -> dict[str, Any]:
    """Errors of centres in ``worlds`` worlds of each dose, and the cost of looks on the tabletop, at two sizes."""
    figures: dict[str, Any] = {"worlds": worlds, "dose": {}}
    for dose in (0.0, 1.0):
        figures["dose"][f"{dose:g}"] = accuracy(worlds, dose)
    return {**figures, "call": {str(size): cost(size) for size in {IMAGE_SIZE, ImageSize.parse(camera)}}}


def accuracy(count: int, dose: float) -> dict[str, Any]:
    """How far fitted centres are from true ones, for unoccluded movable things in ``count`` worlds of the suites."""
    found = [errors_of(worlds, qpos) for worlds, qpos in settled_worlds(count, dose)]
    category, error, clear = (np.concatenate([part[k] for part in found]) for k in range(3))
    names = sorted(set(category.tolist()))
    by_name = {name: _figures(error[(category == name) & clear]) for name in names}
    return {
        **_figures(error[clear]),
        "occluded": _figures(error[~clear]),
        "worst": dict(sorted(by_name.items(), key=lambda item: -item[1].get("p95_mm", 0.0))[:6]),
    }


def _figures(error: np.ndarray) -> dict[str, Any]:
    if not len(error):
        return {"things": 0}
    median, p95 = 1e3 * np.quantile(error, [0.5, 0.95])
    return {"things": len(error), "median_mm": round(float(median), 2), "p95_mm": round(float(p95), 2)}


def settled_worlds(count: int, dose: float) -> Iterator[tuple[Worlds, np.ndarray]]:
    """About ``count`` settled worlds of all tasks of the four suites, a batch for each template."""
    tasks = [task for suite in SUITES for task in load_suite(suite)]
    specs = [
        WorldSpec(tasks[i % len(tasks)], FIRST_SEED + i // len(tasks), Perturbation(noise=dose)) for i in range(count)
    ]
    for name in dict.fromkeys(spec.template.name for spec in specs):
        some = [spec for spec in specs if spec.template.name == name]
        worlds, state = Simulator(make("native", some[0].template)).settled(some)
        yield worlds, state.qpos


def errors_of(worlds: Worlds, qpos: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Category, centre error (m) and whether it is unoccluded, of every movable thing that was asked for and found."""
    lanes, cameras = fresh_lanes(worlds, qpos), CameraRig()
    unoccluded = clearly_seen(worlds, qpos)
    names = [spec.categories for spec in worlds.specs]
    category, error, clear = [], [], []
    for slot in range(worlds.template.movables):
        rows = np.array([lane for lane in range(len(worlds)) if names[lane][slot]], int)
        if not len(rows):
            continue
        prompts = tuple(names[lane][slot].replace("_", " ") for lane in rows)
        got = cameras.perceive(dataclasses.replace(lanes.take(rows), moment=np.full(len(rows), slot)), prompts)
        truth = centres(worlds, qpos, rows, slot)
        mine = got.instance == slot  # of two alike, the detector may have looked at the other one
        category += [names[lane][slot] for lane in rows[mine]]
        error += np.linalg.norm(got.position - truth, axis=1)[mine].tolist()
        clear += unoccluded[rows, slot][mine].tolist()
    fine = np.isfinite(error)
    return np.array(category, object)[fine], np.array(error)[fine], np.array(clear, bool)[fine]


def fresh_lanes(worlds: Worlds, qpos: np.ndarray) -> Lanes:
    """Robots in those worlds that have called nothing yet."""
    n = len(worlds)
    return Lanes(worlds, qpos, np.zeros((n, 9)), np.full(n, 1), np.zeros(n, int), fresh_memories(n))


def clearly_seen(worlds: Worlds, qpos: np.ndarray) -> np.ndarray:
    """``[N, movables]`` bool, nothing else hides the thing from the fixed camera."""
    seen = CameraRig().look(worlds, qpos).pixels[:, : worlds.template.movables]
    return seen / np.maximum(_pixels_alone(worlds, qpos), 1) > _CLEAR


def centres(worlds: Worlds, qpos: np.ndarray, rows: np.ndarray, slot: int) -> np.ndarray:
    """True centres ``[R, 3]`` of what stands in a movable slot: the middle of its bounds, robot base frame, m."""
    address = worlds.template.slot_qpos[slot]
    middle = []
    for spec in worlds.specs[rows].tolist():
        asset = next(o.asset for o in spec.occupants if o.slot == slot)
        middle.append(np.mean(bounds(asset.boxes), axis=0))
    at, turn = qpos[rows, address : address + 3], qpos[rows, address + 3 : address + 7]
    return at + geometry.rotate(turn, np.array(middle)) - worlds.base[rows]


def _pixels_alone(worlds: Worlds, qpos: np.ndarray) -> np.ndarray:
    """``[N, movables]`` pixels that each thing would have with nothing else in the world."""
    scene, camera = scene_of(worlds, qpos), camera_at([spec.view for spec in worlds.specs])
    slots = np.asarray(scene.instance)
    pixels = []
    for slot in range(worlds.template.movables):
        lone = dataclasses.replace(scene, present=scene.present & (slots == slot))
        pixels.append(cast(lone, camera).pixels[:, slot])
    return np.stack(pixels, axis=1)


def cost(size: ImageSize, lanes: int = _TIMED_LANES) -> dict[str, Any]:
    """CPU milliseconds a lane of looks in the tabletop's worlds, everything compiled."""
    tasks = load_suite("libero_goal")
    specs = [WorldSpec(tasks[i % len(tasks)], FIRST_SEED + i) for i in range(lanes)]
    worlds, state = Simulator(make("native", specs[0].template)).settled(specs)
    asked = tuple(worlds.specs[lane].categories[0].replace("_", " ") for lane in range(lanes))
    figures = {}
    for name, work in _work(worlds, state.qpos, asked):
        work(CameraRig(size=size))
        begun, cpu = time.perf_counter(), time.process_time()
        for _ in range(_TIMED_CALLS):
            work(CameraRig(size=size))  # a new one has seen nothing yet
        scale = 1e3 / (_TIMED_CALLS * lanes)
        figures[name] = {
            "wall_ms": round(scale * (time.perf_counter() - begun), 2),
            "cpu_ms": round(scale * (time.process_time() - cpu), 2),
        }
    return {"lanes": lanes, **figures}


def _work(worlds: Worlds, qpos: np.ndarray, asked: Sequence[str]):
    lanes = fresh_lanes(worlds, qpos)
    return (
        ("image", lambda cameras: cameras.look(worlds, qpos)),
        ("pose", lambda cameras: cameras.perceive(lanes, asked)),
        ("depth", lambda cameras: cameras.depth(lanes)),
        ("observation and masks", lambda cameras: _observation(cameras, lanes, asked)),
    )


def _observation(cameras: CameraRig, lanes: Lanes, asked: Sequence[str]) -> None:
    """Colour and depth of all cameras, and the masks of a prompt in the fixed one's image."""
    for camera in CAMERAS:
        cameras.colour(lanes, camera)
        cameras.depth(lanes, camera)
    cameras.segment(lanes, CAMERAS[0], tuple(asked))
