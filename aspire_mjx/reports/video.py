"""A short video of a rollout: what its camera shows, with the call under way and how the last one ended."""

from __future__ import annotations

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
from aspire_mjx.status import Status
from aspire_mjx.traces.replay import Film
from aspire_mjx.worlds.episode import TICK
from aspire_mjx.worlds.mjcf import world_mjcf

STRIDE = 5  #: control ticks between two pictures
_SIZE = (240, 320)  # pixels, height and width
_STRIP = 34  # pixels for two lines of text
_IMAGES, _FILMS = (".gif", ".webp"), (".mp4",)
_PEACEFUL, _ALARMED = (255, 255, 255), (255, 190, 180)  # background of the text

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


def video(film: Film, path: Path) -> int:
    """Writes a rollout as an animation at its own pace; returns the number of pictures.

    GIF and WebP need nothing; MP4 needs ``ffmpeg`` on the path.

    Raises:
        TraceError: another kind of file, or no ffmpeg.
        OSError: the file cannot be written.
    """
    kind = video_kind(path)
    draw, pictures = _painter(film), []
    for time, call, qpos in _moments(film):
        pictures.append(_labelled(draw(qpos), *_words(film, time, call)))
    rate = 1.0 / (STRIDE * TICK)
    if kind in _FILMS:
        _encode(pictures, path, rate)
    else:
        first, *rest = pictures
        first.save(path, save_all=True, append_images=rest, duration=1000.0 / rate, loop=0)
    return len(pictures)


def _moments(film: Film) -> list[tuple[float, int, np.ndarray]]:
    """The film at even times, from its first state to that in which the program ended."""
    start = (0.0, 0, film.calls[0].before.qpos[0])
    known = [start, *(frame for frame in film.frames if frame[1] < len(film.calls))]
    times = np.array([time for time, _, _ in known])
    even = np.arange(0.0, times[-1], STRIDE * TICK)
    at = np.searchsorted(times, even + 1e-6, side="right") - 1
    return [known[i] for i in at.tolist()] + [(times[-1], len(film.calls), film.calls[-1].after.qpos[0])]


def _words(film: Film, time: float, call: int) -> tuple[str, str, bool]:
    """The call under way, how the one before ended, and whether that was not well."""
    now = film.calls[call].primitive.name if call < len(film.calls) else "end"
    if call == 0:
        return f"{time:5.1f} s  {now}", "", False
    last = film.calls[call - 1]
    return f"{time:5.1f} s  {now}", f"{last.primitive.name}: {last.status.name}", last.status is not Status.OK


def _labelled(picture: np.ndarray, upper: str, lower: str, alarmed: bool) -> Image.Image:
    height, width, _ = picture.shape
    image = Image.new("RGB", (width, height + _STRIP), _ALARMED if alarmed else _PEACEFUL)
    image.paste(Image.fromarray(picture), (0, _STRIP))
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=12)
    pen.text((4, 1), upper, fill=(0, 0, 0), font=font)
    pen.text((4, 17), lower, fill=(0, 0, 0), font=font)
    return image


def _painter(film: Film) -> Draw:
    """MuJoCo's renderer where ``MUJOCO_GL`` names one and it works, else the ray-caster."""
    if os.environ.get("MUJOCO_GL", "").lower() in ("egl", "osmesa", "glfw") and not film.worlds.template.original:
        try:
            return _gl_painter(film)
        except Exception:  # a driver that is not there fails in ways of its own
            pass
    height, width = _SIZE
    return lambda qpos: take_shot(film.worlds, qpos, height=height, width=width).rgb


def _gl_painter(film: Film) -> Draw:
    model = mujoco.MjModel.from_xml_string(world_mjcf(film.worlds, film.calls[0].before.qpos[0]))
    data, renderer = mujoco.MjData(model), mujoco.Renderer(model, *_SIZE)
    renderer.scene.flags[mujoco.mjtRndFlag.mjRND_SHADOW] = 0  # at this size they are specks

    def draw(qpos: np.ndarray) -> np.ndarray:
        mujoco.mj_resetData(model, data)  # nothing sleeps: what does keeps its old place
        data.qpos[:] = qpos
        mujoco.mj_forward(model, data)
        renderer.update_scene(data, camera="agentview")
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
