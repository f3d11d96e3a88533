"""Keyframes and videos show what the trace says."""

from __future__ import annotations

import os
import subprocess
import sys

import matplotlib.image
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from aspire_mjx.errors import TraceError, UnknownNameError
from aspire_mjx.language.program import Program
from aspire_mjx.reports.keyframe import draw_keyframe, last_sighting
from aspire_mjx.reports.shot import take_shot
from aspire_mjx.reports.video import stride_of, video
from aspire_mjx.rollout.simulator import Job, Simulators
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.traces import store
from aspire_mjx.traces.__main__ import main
from aspire_mjx.traces.replay import replay
from aspire_mjx.worlds.suites import load_suite

_MISS = """
# api: native
import numpy as np
basket, turn, size = get_object_pose("basket", return_bbox_extent=True)
position, quaternion = sample_grasp_pose("alphabet soup")
goto_pose(position + np.array([0.0, 0.0, 0.15]), quaternion)
close_gripper()
# api: native
"""


_MEANINGS = {"x": "across", "y": "the fingers close", "z": "the hand points"}


@pytest.fixture(scope="module")
def filmed(tmp_path_factory):
    """A rollout that closes its hand in the air: its file, batch and film."""
    job = Job(Program(_MISS, "miss.py"), load_suite("libero_object_swap")[0], 51)
    path = tmp_path_factory.mktemp("traces") / "miss.msgpack"
    store.write_traces(path, Simulators("native").run([job]))
    batch = store.read_traces(path)
    return path, batch, replay(batch, 0, stride=stride_of(10))


def _labelled(axes, word):
    return [line for line in axes.get_lines() if str(line.get_label()).startswith(word)]


def _points(line):
    return np.column_stack(line.get_data())


def test_a_moving_call_is_shown_with_its_path_its_goal_and_what_was_seen(filmed):
    _, batch, film = filmed
    before, after = draw_keyframe(batch, film, 0, 2).axes
    goto = film.calls[2]
    shot = take_shot(goto.after.worlds, goto.after.qpos[0])
    asked = shot.project(goto.arguments["position"])
    for axes in (before, after):
        (path,) = _labelled(axes, "planned path")
        assert np.linalg.norm(_points(path)[-1] - asked) < 2.0  # pixels
        assert _labelled(axes, "mask of what was seen as 'alphabet soup'") and axes.collections
    (start,), (end,) = (_labelled(axes, "fingertip") for axes in (before, after))
    assert np.linalg.norm(_points(end)[0] - asked) < 4.0 < np.linalg.norm(_points(start)[0] - asked)
    shown = [np.asarray(axes.get_images()[0].get_array()) for axes in (before, after)]
    assert "0.00 s" in before.get_title() and not np.array_equal(shown[0], shown[1])


def test_the_caption_says_primitive_status_and_message(filmed):
    _, batch, film = filmed
    figure = draw_keyframe(batch, film, 0, 3)
    assert "close_gripper() -> EMPTY_GRASP" in figure.get_suptitle().replace("\n", " ")
    assert "the fingers closed to" in figure.get_suptitle() and "FAIL" in figure.get_suptitle()


def test_a_seen_box_encloses_its_mask(filmed):
    _, batch, film = filmed
    axes, _ = draw_keyframe(batch, film, 0, 0).axes
    seen = last_sighting(batch, film, 0, 0)
    assert seen is not None and seen.words == "basket"
    worlds = film.worlds
    assert worlds.specs[0].categories[seen.slot] == "basket"
    rows, columns = np.nonzero(take_shot(worlds, film.calls[0].before.qpos[0]).segmentation == seen.slot)
    edges = [_points(line) for line in axes.get_lines() if line.get_color() == "#ff7f0e"]
    corners = np.concatenate(edges)
    assert len(edges) == 12
    np.testing.assert_allclose(corners.min(axis=0), (columns.min(), rows.min()), atol=8.0)
    np.testing.assert_allclose(corners.max(axis=0), (columns.max(), rows.max()), atol=8.0)


def test_a_mask_that_a_program_asked_for_is_outlined():
    text = 'image = get_observation()["agentview"]["images"]["rgb"]\nsegment_text_prompt(image, "basket")\nwait(0.1)'
    batch = Simulators("native").run([Job(Program(text, "mask.py"), load_suite("libero_object_swap")[0], 51)])
    film = replay(batch, 0)
    for call in range(3):
        axes, _ = draw_keyframe(batch, film, 0, call).axes
        assert len(_labelled(axes, "mask of what was seen as 'basket'")) == (call > 0)


def test_the_camera_on_the_hand_sees_what_the_hand_goes_to(filmed):
    _, batch, film = filmed
    before, after = draw_keyframe(batch, film, 0, 2, cameras=("wrist",)).axes
    shown = [np.asarray(axes.get_images()[0].get_array()) for axes in (before, after)]
    assert not np.array_equal(shown[0], shown[1])
    goto = film.calls[2]
    shot = take_shot(goto.after.worlds, goto.after.qpos[0], camera="wrist")
    column, row = shot.project(goto.arguments["position"] - (0.0, 0.0, 0.15))  # the soup, below the hand
    slot = goto.after.worlds.specs[0].categories.index("alphabet_soup")
    assert shot.segmentation[round(row), round(column)] == slot
    with pytest.raises(UnknownNameError, match="camera"):
        draw_keyframe(batch, film, 0, 2, cameras=("nose",))


def test_the_command_writes_keyframes_of_calls_and_of_the_whole(filmed, tmp_path, capsys):
    path, _, _ = filmed
    one, whole = tmp_path / "one.png", tmp_path / "whole.png"
    assert main(["traces", str(path), "--rollout", "0", "--call", "3", "--out", str(one)]) == 0
    assert main(["traces", str(path), "--rollout", "0", "--out", str(whole)]) == 0
    for picture in (one, whole):
        height, width, _ = matplotlib.image.imread(picture).shape
        assert width > 960 and height > 400
    capsys.readouterr()
    for wrong, reason in (
        (["--rollout", "0", "--call", "9", "--out", str(one)], "calls 0 to 3"),
        (["--call", "1", "--out", str(one)], "say which with --rollout"),
        (["--rollout", "0", "--call", "1"], "add --out"),
        (["--rollout", "0", "--out", str(tmp_path / "a.xyz")], "unknown ending of --out"),
        (["--rollout", "0", "--video", str(tmp_path / "no" / "a.gif")], "is not a folder to write to"),
        (["--rollout", "0", "--video", str(tmp_path / "a.avi")], ".gif, .webp, .mp4"),
    ):
        assert main(["traces", str(path), *wrong]) != 0
        assert reason in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_a_video_has_a_picture_every_tenth_of_a_second(filmed, tmp_path, kind):
    _, batch, film = filmed
    path = tmp_path / f"miss.{kind}"
    count = video(film, path, verdict="FAIL", size=ImageSize(96, 72))
    seconds = float(batch.calls["t_end"][-1])
    assert abs(count - 10 * seconds - 15) <= 2.5
    with Image.open(path) as animation:
        frames = []
        for number in range(getattr(animation, "n_frames", 1)):
            animation.seek(number)
            frames.append(np.asarray(animation.convert("RGB"), int))
    assert count - 3 <= len(frames) + 14 <= count  # equal neighbours may be joined, the last 15 are
    first, last = frames[0], frames[-1]
    strip = first.shape[0] - 72
    assert np.abs(first[strip:] - last[strip:]).mean() > 1.0  # the arm is elsewhere
    assert first[:strip].mean() > 230 and last[2, -2, 1] < 230 < last[2, -2, 0]  # EMPTY_GRASP is announced in red


def test_a_video_has_the_asked_size_rate_and_cameras_and_ends_with_the_verdict(filmed, tmp_path):
    _, _, film = filmed
    strips = {}
    for verdict in ("PASS", "FAIL"):
        path = tmp_path / f"{verdict}.gif"
        cameras, size = ("agentview", "wrist"), ImageSize(96, 72)
        video(film, path, verdict=verdict, cameras=cameras, size=size, fps=2)
        with Image.open(path) as animation:
            assert animation.size == (192, 72 + 34) and animation.info["duration"] == 500
            animation.seek(getattr(animation, "n_frames", 1) - 1)
            strips[verdict] = np.asarray(animation.convert("RGB"), int)[2, -2]
    assert strips["PASS"][2] > strips["PASS"][0] and strips["FAIL"][0] > strips["FAIL"][2]  # blue and red
    assert [stride_of(fps) for fps in (1, 10, 20, 30, 50)] == [50, 5, 2, 1, 1]


def test_axes_of_hands_have_letters_and_the_legend_says_what_each_is(filmed):
    _, batch, film = filmed
    figure = draw_keyframe(batch, film, 0, 2)
    said = [text.get_text() for text in figure.legends[0].get_texts()]
    for of in ("grasp", "asked hand pose"):
        assert {f"{of}, {axis}: {what}" for axis, what in _MEANINGS.items()} <= set(said)
    assert {text.get_text() for text in figure.axes[1].texts} == set("xyz")


def test_both_cameras_are_shown_one_below_the_other_in_the_asked_size(filmed):
    _, batch, film = filmed
    figure = draw_keyframe(batch, film, 0, 3, cameras=("agentview", "wrist"), size=ImageSize(96, 72))
    shown = [np.asarray(axes.get_images()[0].get_array()) for axes in figure.axes]
    assert [picture.shape for picture in shown] == [(72, 96, 3)] * 4 and not np.array_equal(shown[1], shown[3])
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer, (width, height) = canvas.get_renderer(), canvas.get_width_height()
    for part in (figure.legends[0], *figure.texts):  # however small the pictures are, what is said of them is whole
        box = part.get_window_extent(renderer)
        assert box.x0 >= -1 and box.x1 <= width + 1 and box.y0 >= -1 and box.y1 <= height + 1


def test_mp4_without_ffmpeg_says_what_to_do(filmed, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TraceError, match=r"ffmpeg, which is not on the path; write a \.gif"):
        video(filmed[2], tmp_path / "a.mp4", verdict="PASS")


def test_a_video_is_made_whether_or_not_a_gl_driver_is_there(filmed, tmp_path):
    path, out = filmed[0], tmp_path / "gl.webp"
    look = ["--rollout", "0", "--video", str(out), "--size=96x72"]
    command = [sys.executable, "-m", "aspire_mjx.traces", str(path), *look]
    environment = {**os.environ, "MUJOCO_GL": "egl"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    with Image.open(out) as animation:
        assert getattr(animation, "n_frames", 1) > 10
