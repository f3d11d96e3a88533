"""How far from a thing's true centre the ways lead in which programs get a place out of the points under a mask."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from aspire_mjx.language import standard_library as library
from aspire_mjx.language.function_texts import function_texts
from aspire_mjx.primitives.perception import CameraRig
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.worlds.assets.asset import bounds
from aspire_mjx.worlds.worlds import Worlds
from experiments.studies.sensing import centres, clearly_seen, fresh_lanes, settled_worlds

Idiom = Callable[[np.ndarray], np.ndarray]  # points [K, 3] to a place [3], m


def idioms(count: int, camera: str) -> dict[str, Any]:
    """Errors of places and of longest sides in ``count`` worlds of each dose of noise, for images of a size."""
    size = ImageSize.parse(camera)
    doses = {f"{dose:g}": _at_dose(count, dose, size) for dose in (0.0, 1.0)}
    return {"worlds": count, "camera": camera, "dose": doses}


def _at_dose(count: int, dose: float, size: ImageSize) -> dict[str, Any]:
    rows = [row for worlds, qpos in settled_worlds(count, dose) for row in _rows_of(worlds, qpos, size)]
    figures: dict[str, Any] = {"things": len(rows), "points": int(np.median([row["points"] for row in rows]))}
    for name in rows[0]["error"]:
        error = np.array([row["error"][name] for row in rows])
        found = np.isfinite(error).all(axis=1)
        level, whole = np.linalg.norm(error[found, :2], axis=1), np.linalg.norm(error[found], axis=1)
        figures[name] = {
            "none": round(float(1 - found.mean()), 4),
            "level_mm": _quantiles(1e3 * level),
            "mm": _quantiles(1e3 * whole),
        }
    sides = np.array([row["side"] for row in rows])
    figures["longest side within 25 %"] = round(float(np.mean(np.abs(sides - 1) < 0.25)), 4)
    figures["longest side over the true one"] = _quantiles(sides)
    return figures


def _quantiles(values: np.ndarray) -> list[float]:
    """Median, 95th percentile, largest."""
    return [round(float(value), 2) for value in np.quantile(values, [0.5, 0.95, 1.0])]


def _rows_of(worlds: Worlds, qpos: np.ndarray, size: ImageSize) -> list[dict[str, Any]]:
    """What each idiom gives for each movable thing that is in full view."""
    rows: list[dict[str, Any]] = []
    parts = range(0, len(worlds), 32)
    for part in (np.arange(start, min(start + 32, len(worlds))) for start in parts):
        some, states = worlds.take(part), qpos[part]
        clear = clearly_seen(some, states)
        for slot in range(some.template.movables):
            there = np.array([spec.categories[slot] != "" for spec in some.specs])
            chosen = np.flatnonzero(there & clear[:, slot])
            if len(chosen):
                rows += _of_slot(some.take(chosen), states[chosen], slot, size)
    return rows


def _of_slot(worlds: Worlds, qpos: np.ndarray, slot: int, size: ImageSize) -> list[dict[str, Any]]:
    lanes = dataclasses.replace(fresh_lanes(worlds, qpos), moment=np.full(len(worlds), slot))
    cameras, prompts = CameraRig(size=size), tuple(spec.categories[slot].replace("_", " ") for spec in worlds.specs)
    shown, depth = cameras.segment(lanes, "agentview", prompts), cameras.depth(lanes)
    posed, truth = cameras.perceive(lanes, prompts), centres(worlds, qpos, np.arange(len(worlds)), slot)
    rows = []
    for lane in np.flatnonzero((shown.instance[:, 0] == slot) & (posed.instance == slot)).tolist():
        pose = np.eye(4)
        pose[:3, :3], pose[:3, 3] = depth.rotation[lane], depth.position[lane]
        image = depth.depth[lane], depth.intrinsics[lane], pose
        points = HELPERS["mask_to_world_points"](shown.labels[lane] == 1, *image)
        if len(points) < 4:
            continue
        asset = next(o.asset for o in worlds.specs[lane].occupants if o.slot == slot)
        box = HELPERS["get_oriented_bounding_box_from_3d_points"](points)
        side = box["extent"].max() / np.ptp(bounds(asset.boxes), axis=0).max()
        error = {name: place(points) - truth[lane] for name, place in IDIOMS.items()}
        error["get_object_pose"] = posed.position[lane] - truth[lane]
        rows.append({"points": len(points), "side": side, "error": error})
    return rows


def _helpers() -> dict[str, Any]:
    """The helper functions of programs as ordinary Python."""
    names: dict[str, Any] = {}
    exec("\n".join(function_texts("language/stdlib", *library.FILES).values()), names)
    return names


HELPERS = _helpers()


def _box_centre(points: np.ndarray) -> np.ndarray:
    return HELPERS["get_oriented_bounding_box_from_3d_points"](points)["center"]


def _filtered_box(points: np.ndarray) -> np.ndarray:
    kept, _ = HELPERS["filter_noise"](points)
    return _box_centre(kept) if len(kept) > 3 else np.full(3, np.nan)


IDIOMS: Mapping[str, Idiom] = {
    "mean": lambda points: points.mean(axis=0),
    "median": lambda points: np.median(points, axis=0),
    "box": _box_centre,
    "filter_noise, box": _filtered_box,
}
