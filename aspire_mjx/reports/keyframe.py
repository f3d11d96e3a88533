"""Keyframes: what the camera shows before and after a call, with what the program knew and wanted drawn on it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from aspire_mjx.errors import TraceError
from aspire_mjx.geometry import rotate
from aspire_mjx.planning import kinematics
from aspire_mjx.primitives.perception import CameraRig
from aspire_mjx.primitives.registry import Family
from aspire_mjx.reports.figure import ShownFigure
from aspire_mjx.reports.shot import Shot, take_shot
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.traces.reader import call_text, call_values, heading
from aspire_mjx.traces.replay import Film, image_size

PICTURE = ImageSize(480, 360)  #: of each camera
_DPI = 100  # as the command saves it
_AXIS = 0.06  # m, length of the drawn axes of a hand
_CORNERS = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if bin(a ^ b).count("1") == 1]
_SEEN, _BOX, _PATH, _FINGERS = "#ffd400", "#ff7f0e", "#00b7ff", "#ff2bd6"
#: Axis of a hand to its colour, told apart by the colour-blind, and what it is.
_AXES = {"x": ("#d55e00", "across"), "y": ("#009e73", "the fingers close"), "z": ("#0072b2", "the hand points")}
_HALO = [withStroke(linewidth=2, foreground="white")]
_LETTER, _ENTRY = 0.074, 3.2  # inches: of a caption, of the legend


class ObjectView(NamedTuple):
    """What the program saw last: the words, the slot whose mask it was, and the values that came back by name."""

    words: str
    slot: int
    values: dict[str, np.ndarray]


def draw_keyframe(
    batch: TraceBatch,
    film: Film,
    rollout: int,
    call: int | None,
    *,
    cameras: Sequence[str] = ("agentview",),
    size: ImageSize = PICTURE,
) -> Figure:
    """Two pictures side by side: before and after a call, or where it is None the rollout's first and last state.

    Args:
        batch: the traces.
        film: of the rollout.
        rollout: its number.
        call: of the rollout.
        cameras: one row of pictures each.
        size: of a picture.

    Raises:
        TraceError: no such call.
        UnknownNameError: no such camera.
    """
    last = len(film.calls) - 1
    if call is not None and not 0 <= call <= last:
        raise TraceError(f"rollout {rollout} has no call {call}; it has calls 0 to {last}")
    first, final = (0, last) if call is None else (call, call)
    row = batch.calls_of(rollout).start + final
    before, after = film.calls[first].before, film.calls[final].after
    seen = None if call is None else last_sighting(batch, film, rollout, call)
    times = float(batch.calls["t_start"][row - final + first]), float(batch.calls["t_end"][row])
    lines = [heading(batch, rollout), *([] if call is None else call_text(batch, row))]
    wide, high = max(2 * size.width / _DPI, _ENTRY) + 0.8, size.height / _DPI
    caption = "\n".join(textwrap.fill(line.strip(), int(wide / _LETTER)) for line in lines)
    across = int(wide / _ENTRY)  # entries of the legend, up to nine
    figure = ShownFigure(
        figsize=(wide, (high + 0.3) * len(cameras) + 0.5 + 0.18 * -(-9 // across) + 0.14 * caption.count("\n")),
        layout="constrained",
    )
    moments = list(zip((before, after), ("before", "after"), times, strict=True))
    views = [(camera, *moment) for camera in cameras for moment in moments]
    for axes, (camera, lanes, word, time) in zip(figure.subplots(len(cameras), 2).flat, views, strict=True):
        shot = take_shot(lanes.worlds, lanes.qpos[0], camera=camera, height=size.height, width=size.width)
        axes.imshow(shot.named)
        axes.set_axis_off()
        axes.set_xlim(-0.5, shot.rgb.shape[1] - 0.5)
        axes.set_ylim(shot.rgb.shape[0] - 0.5, -0.5)
        axes.set_title(f"{word if call is not None else {'before': 'first', 'after': 'last'}[word]}, {time:.2f} s")
        if call is not None:
            _draw(axes, shot, film, call, seen, row - final + call, batch)
        fingers = shot.project(kinematics.forward(lanes.arm)[0][0])
        axes.plot(*fingers, "+", color=_FINGERS, markersize=11, markeredgewidth=2, label="fingertip point")
    handles = {
        label: handle for axes in figure.axes for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=across, fontsize=8, frameon=False)
    figure.suptitle(caption, fontsize=8.5, x=0.01, ha="left", family="monospace")
    return figure


def last_sighting(batch: TraceBatch, film: Film, rollout: int, call: int) -> ObjectView | None:
    """The last thing that was found in the camera image up to a call."""
    start, texts = batch.calls_of(rollout).start, batch.call_text("text")
    for number in range(call, -1, -1):
        made = film.calls[number]
        words = str(texts[start + number])
        if made.primitive.family is Family.SENSE and made.status in (Status.OK, Status.AMBIGUOUS) and words:
            slot = int(CameraRig(size=image_size(batch)).perceive(made.before, (words,)).instance[0])
            return ObjectView(words, slot, call_values(batch, start + number))
    return None


def _draw(axes: Axes, shot: Shot, film: Film, call: int, seen: ObjectView | None, row: int, batch: TraceBatch) -> None:
    if seen is not None:
        _outline(axes, shot, seen)
        if "extent" in seen.values:
            _box(axes, shot, seen.values)
        elif "position" in seen.values:  # a mask on an image has none
            _hand(axes, shot, seen.values, "-")
    made = film.calls[call]
    asked = call_values(batch, row, arguments=True)
    if "position" in asked and "quaternion_wxyz" in asked:
        _hand(axes, shot, asked, "--")
    if made.path is not None:
        way = shot.project(made.path)
        axes.plot(way[:, 0], way[:, 1], "-", color=_PATH, linewidth=2, label="planned path of the fingertip point")


def _outline(axes: Axes, shot: Shot, seen: ObjectView) -> None:
    mask = (shot.segmentation == seen.slot) & (seen.slot >= 0)
    if mask.any():
        axes.contour(mask, levels=[0.5], colors=_SEEN, linewidths=1.5)
    axes.plot([], [], color=_SEEN, label=f"mask of what was seen as {seen.words!r}")


def _box(axes: Axes, shot: Shot, values: dict[str, np.ndarray]) -> None:
    """The oriented box that was reported when the thing was seen."""
    corners = rotate(values["quaternion_wxyz"], _CORNERS * values["extent"]) + values["position"]
    at = shot.project(corners)
    for number, (a, b) in enumerate(_EDGES):
        label = "box around it" if number == 0 else None
        axes.plot(*at[[a, b]].T, color=_BOX, linewidth=1, label=label)


def _hand(axes: Axes, shot: Shot, values: dict[str, np.ndarray], style: str) -> None:
    """Axes of a hand at a pose, each with its letter: the fingers close along y, z is where the hand points."""
    ends = values["position"] + _AXIS * rotate(values["quaternion_wxyz"], np.eye(3))
    (centre,), tips = shot.project(values["position"][None]), shot.project(ends)
    name = "asked hand pose" if style == "--" else "grasp"
    for tip, (axis, (colour, meaning)) in zip(tips, _AXES.items(), strict=True):
        label = f"{name}, {axis}: {meaning}"
        axes.plot(*np.stack([centre, tip]).T, style, color=colour, linewidth=2, label=label)
        axes.annotate(axis, tip, color=colour, fontsize=8, fontweight="bold", path_effects=_HALO, annotation_clip=True)
