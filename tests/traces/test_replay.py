"""Rollouts run again from a file do again what the file says, and are refused where they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aspire_mjx.errors import TraceError
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job, Simulators
from aspire_mjx.status import Status
from aspire_mjx.traces import store
from aspire_mjx.traces.replay import job_of, replay
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite

_PICK = """
rise = tunable("rise", 0.1, low=0.0, high=0.2)
position, quaternion = sample_grasp_pose("alphabet soup")
goto_pose(position, quaternion, z_approach=rise)
close_gripper()
goto_pose(position + np.array([0.0, 0.0, 0.15]), quaternion)
goto_pose(np.array([2.0, 0.0, 0.3]), quaternion)
"""
_SILENT = "print('nothing to do')"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    task = load_suite("libero_object_swap")[0]
    pick, silent = Program(f"import numpy as np\n{_PICK}", "pick.py"), Program(_SILENT, "silent.py")
    moved = Perturbation(position=0.02, mass=1.5)
    jobs = [Job(silent, task, 51), Job(pick, task, 52, (("rise", 0.12),), "B", moved), Job(pick, task, 53)]
    path = tmp_path_factory.mktemp("traces") / "a.msgpack"
    store.write_traces(path, Simulators("native").run(jobs))
    return path, jobs


def test_a_file_holds_the_jobs_that_made_it(file):
    path, jobs = file
    batch = store.read_traces(path)
    assert [job_of(batch, number) for number in range(3)] == jobs


def test_every_state_comes_back_whatever_the_stride(file):
    batch = store.read_traces(file[0])
    fine, coarse = (replay(batch, 1, stride=stride) for stride in (5, 50))
    assert [call.primitive.name for call in fine.calls] == batch.call_text("primitive")[batch.calls_of(1)].tolist()
    assert fine.calls[-1].status is Status.IK_INFEASIBLE and fine.calls[-1].path is None
    for one, two in zip(fine.calls, coarse.calls, strict=True):
        assert np.array_equal(one.before.qpos, two.before.qpos) and np.array_equal(one.after.qpos, two.after.qpos)
    for one, two in zip(fine.calls, fine.calls[1:], strict=False):
        assert np.array_equal(one.after.qpos, two.before.qpos)
    assert len(fine.frames) > 5 * len(coarse.frames) / 2
    assert max(np.diff([time for time, _, _ in fine.frames])) <= 0.1 + 1e-9


def test_the_planned_path_leads_to_what_was_asked(file):
    batch = store.read_traces(file[0])
    film = replay(batch, 2)
    goto = next(call for call in film.calls if call.primitive.name == "goto_pose")
    assert goto.path is not None
    np.testing.assert_allclose(goto.path[-1], goto.arguments["position"], atol=2e-3)
    above = goto.arguments["position"] + (0.0, 0.0, 0.1)  # z_approach
    assert np.linalg.norm(goto.path - above, axis=1).min() < 2e-3
    close = next(call for call in film.calls if call.primitive.name == "close_gripper")
    assert close.before.width[0] > 0.07 > close.after.width[0]


def test_what_does_not_happen_again_is_refused(file):
    batch = store.read_traces(file[0])
    status = batch.calls["status"].copy()
    status[batch.calls_of(1).start + 2] = Status.EMPTY_GRASP
    lying = replace(batch, calls={**batch.calls, "status": status})
    with pytest.raises(TraceError, match=r"from call 2 on \(close_gripper EMPTY_GRASP then, close_gripper OK now\)"):
        replay(lying, 1)
    replay(lying, 2)
    with pytest.raises(TraceError, match=r"made the file \(3\.0 of a simulator\)"):
        replay(replace(lying, meta={**batch.meta, "versions": "3.0 of a simulator"}), 1)
    with pytest.raises(TraceError, match="runs differently now"):
        replay(replace(batch, rollouts={**batch.rollouts, "seed": batch.rollouts["seed"] + np.int32(1)}), 1)


@pytest.mark.parametrize(("column", "seen", "unseen"), [("outputs", 0.0025, 0.0015), ("t_end", 0.06, 0.04)])
def test_differences_that_a_picture_cannot_show_are_none(file, column, seen, unseen):
    batch = store.read_traces(file[0])
    for shift in (unseen, seen):
        moved = replace(batch, calls={**batch.calls, column: batch.calls[column] + np.float32(shift)})
        if shift == unseen:
            replay(moved, 1)
        else:
            with pytest.raises(TraceError, match="runs differently now, from call 0 on"):
                replay(moved, 1)


def test_what_cannot_run_again_says_why(file, handmade):
    batch = store.read_traces(file[0])
    with pytest.raises(TraceError, match="rollout 0 called no primitive"):
        replay(batch, 0)
    with pytest.raises(TraceError, match="holds rollouts 0 to 2"):
        replay(batch, 3)
    with pytest.raises(TraceError, match="under which engine"):
        replay(replace(batch, meta={}), 1)
    slippery = replace(batch, strings=tuple(text.replace('"mass"', '"slippery"') for text in batch.strings))
    with pytest.raises(TraceError, match="factor 'slippery', which is not known here; name the extension"):
        replay(slippery, 1)
    handmade.add(handmade.draft_calls(), passed=True)
    with pytest.raises(TraceError, match="definition of its task"):
        replay(handmade.build(engine="native"), 0)
