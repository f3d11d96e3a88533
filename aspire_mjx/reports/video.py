"""A short video of a rollout: what its camera shows, with the call under way and how the last one ended."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import mujoco
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from aspire_mjx.errors import TraceError
from aspire_mjx.reports.shot import take_shot
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.status import Status
from aspire_mjx.traces.replay import Film
from aspire_mjx.worlds.episode import TICK
from aspire_mjx.worlds.mjcf import world_mjcf

PICTURE = ImageSize(320, 240)  #: of each camera
_STRIP = 34  # pixels for two lines of text
_VERDICT = 1.5  # s that the verdict is shown
_IMAGES, _FILMS = (".gif", ".webp"), (".mp4",)
_PEACEFUL, _ALARMED, _PASSED = (255, 255, 255), (255, 190, 180), (190, 220, 255)  # background of the text

Colour = tuple[int, int, int]
Draw = Callable[[np.ndarray], np.ndarray]  #: a state ``[nq]`` as a picture ``[H, W, 3]`` uint8


def video_kind(path: Path) -> str:
    """The ending of a video's name.

    Raises:
        TraceError: another kind of file, or no ffmpeg.
    """
    kind = path.suffix.lower()
    if kind not in _IMAGES + _FILMS:
        raise TraceError(f"{path}: a video is one of {', '.join(_IMAGES + _FILMS)}; give the file such an ending")
    if kind in _FILMS and not shutil.which("ffmpeg"):
        raise TraceError(f"{path}: MP4 is written by ffmpeg, which is not on the path; write a .gif or .webp")
    return kind


def stride_of(fps: int) -> int:
    """Control ticks between two frames of a film that is shown at so many pictures a second, 1 to 50."""
    return max(1, int(1.0 / (fps * TICK) + 1e-9))


def video(
    film: Film,
    path: Path,
    *,
    verdict: str,
    cameras: Sequence[str] = ("agentview",),
    size: ImageSize = PICTURE,
    fps: int = 10,
) -> int:
    """Writes a rollout as an animation at its own pace; returns the number of pictures.

    GIF and WebP need nothing; MP4 needs ``ffmpeg`` on the path.

    Args:
        film: of the rollout.
        path: file to write.
        verdict: what the last pictures say; it begins with PASS where the rollout passed.
        cameras: side by side.
        size: of each camera's picture, pixels; even numbers for MP4.
        fps: pictures a second, 1 to 50.

    Raises:
        TraceError: another kind of file, or no ffmpeg.
        OSError: the file cannot be written.
    """
    kind = video_kind(path)
    painters, pictures = [_painter(film, camera, size) for camera in cameras], []
    drawn = np.zeros((size.height, 0, 3), np.uint8)
    moments = _moments(film, fps)
    for time, call, qpos in moments:
        drawn = np.concatenate([draw(qpos) for draw in painters], axis=1)
        pictures.append(_labelled(drawn, *_words(film, time, call)))
    upper, lower, _ = _words(film, moments[-1][0], moments[-1][1])
    end = _labelled(drawn, f"{upper}: {verdict}", lower, _PASSED if verdict.startswith("PASS") else _ALARMED)
    pictures += [end] * math.ceil(_VERDICT * fps)
    if kind in _FILMS:
        _encode(pictures, path, fps)
    else:
        first, *rest = pictures
        first.save(path, save_all=True, append_images=rest, duration=1000.0 / fps, loop=0)
    return len(pictures)


def _moments(film: Film, fps: int) -> list[tuple[float, int, np.ndarray]]:
    """The film at even times, from its first state to that in which the program ended."""
    start = (0.0, 0, film.calls[0].before.qpos[0])
    known = [start, *(frame for frame in film.frames if frame[1] < len(film.calls))]
    times = np.array([time for time, _, _ in known])
    even = np.arange(0.0, times[-1], 1.0 / fps)
    at = np.searchsorted(times, even + 1e-6, side="right") - 1
    return [known[i] for i in at.tolist()] + [(times[-1], len(film.calls), film.calls[-1].after.qpos[0])]


def _words(film: Film, time: float, call: int) -> tuple[str, str, Colour]:
    """The call under way, how the one before ended, and the colour behind them, red where that was not well."""
    now = film.calls[call].primitive.name if call < len(film.calls) else "end"
    if call == 0:
        return f"{time:5.1f} s  {now}", "", _PEACEFUL
    last = film.calls[call - 1]
    colour = _PEACEFUL if last.status is Status.OK else _ALARMED
    return f"{time:5.1f} s  {now}", f"{last.primitive.name}: {last.status.name}", colour


def _labelled(picture: np.ndarray, upper: str, lower: str, colour: Colour) -> Image.Image:
    height, width, _ = picture.shape
    image = Image.new("RGB", (width, height + _STRIP), colour)
    image.paste(Image.fromarray(picture), (0, _STRIP))
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=12)
    pen.text((4, 1), upper, fill=(0, 0, 0), font=font)
    pen.text((4, 17), lower, fill=(0, 0, 0), font=font)
    return image


def _painter(film: Film, camera: str, size: ImageSize) -> Draw:
    """MuJoCo's renderer where ``MUJOCO_GL`` names one and it works, else the ray-caster."""
    if os.environ.get("MUJOCO_GL", "").lower() in ("egl", "osmesa", "glfw") and not film.worlds.template.original:
        try:
            return _gl_painter(film, camera, size)
        except Exception:  # a driver that is not there fails in ways of its own
            pass
    return lambda qpos: take_shot(film.worlds, qpos, camera=camera, height=size.height, width=size.width).named


def _gl_painter(film: Film, camera: str, size: ImageSize) -> Draw:
    model = mujoco.MjModel.from_xml_string(world_mjcf(film.worlds, film.calls[0].before.qpos[0]))
    data, renderer = mujoco.MjData(model), mujoco.Renderer(model, size.height, size.width)
    renderer.scene.flags[mujoco.mjtRndFlag.mjRND_SHADOW] = 0  # at this size they are specks

    def draw(qpos: np.ndarray) -> np.ndarray:
        mujoco.mj_resetData(model, data)  # nothing sleeps: what does keeps its old place
        data.qpos[:] = qpos
        mujoco.mj_forward(model, data)
        renderer.update_scene(data, camera=camera)
        return renderer.render().copy()

    draw(film.calls[0].before.qpos[0])  # fails now where it would fail later
    return draw


def _encode(pictures: Sequence[Image.Image], path: Path, rate: float) -> None:
    width, height = pictures[0].size
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{rate:g}", "-i", "-"]
    command = ["ffmpeg", "-loglevel", "error", "-y", *source, "-pix_fmt", "yuv420p", str(path)]
    done = subprocess.run(command, input=b"".join(picture.tobytes() for picture in pictures), capture_output=True)
    if done.returncode:
        raise TraceError(f"{path}: ffmpeg failed: {done.stderr.decode(errors='replace').strip()}")
