"""Another package adds a category, a task, primitives, a factor and a contact, without a change of this one."""

from __future__ import annotations

import json
import textwrap
from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from aspire_mjx.errors import AspireError
from aspire_mjx.extensions import extensions, function
from aspire_mjx.primitives import added
from aspire_mjx.primitives.implemented import check_implemented
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.registry import Registry
from aspire_mjx.primitives.robot_api import IMPLEMENTATIONS, ROBOT_API, added_primitives
from aspire_mjx.worlds.added import added_categories
from tests.support.extension import ENTRIES, NAME, run_with_extension, write_extension

TASK = """
(define (problem LIBERO_Floor_Manipulation)
  (:language put the lemon into the basket)
  (:fixtures floor - floor)
  (:objects lemon_1 - lemon butter_1 - butter basket_1 - basket)
  (:regions
    (lemon_place (:target floor) (:ranges ((-0.1 -0.1 -0.05 -0.05))))
    (butter_place (:target floor) (:ranges ((0.05 -0.1 0.1 -0.05))))
    (bin_region (:target floor) (:ranges ((0.0 0.25 0.01 0.26))) (:yaw_rotation ((0.0 0.0)))))
  (:init (On lemon_1 floor_lemon_place) (On butter_1 floor_butter_place) (On basket_1 floor_bin_region))
  (:goal (And (In lemon_1 basket_1_contain_region))))
"""
PROGRAM = """
import numpy as np
place, _ = get_object_pose("lemon")
other, _ = get_object_pose("butter")
print("lemon", place[0] - other[0] < -0.05)
print("tilt", 0.0 <= get_hand_tilt() < 0.2)
print("half", np.allclose(midpoint(place, other), (place + other) / 2))
far = midpoint([0.0, 0.0, 0.0], [3.0, 0.0, 0.0])
print("far", bool(far), far.status)
before = get_joint_positions()
nodded = nod(0.3, tunable("times", 1, 1, 3))
print("nod", nodded.status, np.abs(get_joint_positions() - before).max() < 0.02, nodded.position_error < 0.01)
print("took", nodded.seconds)
print("beyond", nod(9.0).status, nod(9.0).message)
depth = measure_depth()
there = camera_images().agentview_depth
print("depth", depth.near.shape == there.shape, abs(np.median(there) - depth) < 0.01, np.mean(depth.near) <= 0.5)
"""
SAID = [
    *("lemon True", "tilt True", "half True", "far False IK_INFEASIBLE", "nod OK True True"),
    *("beyond IK_INFEASIBLE a way-point is outside the arm's limits", "depth True True True"),
]
CHECK = """
import json
import aspire_mjx as am
from aspire_mjx.faults.roles import contact_role
from aspire_mjx.faults.signature import Signature
from aspire_mjx.language.prompt import agent_prompt
from aspire_mjx.physics.engines import make
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.rollout.plain_robot import PlainRobot
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.sensing.vocabulary import similarity, word_of
from aspire_mjx.worlds.bddl import load_bddl
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

(task,) = load_bddl("lemon.bddl")
program = am.Program(open("p.py").read(), "p.py")
exact = am.Perturbation(noise=0.0)
jobs = [am.Job(program, task, seed, (("times", times),), perturbation=exact) for seed, times in ((51, 1), (52, 3))]
traces, alone = am.run_jobs(jobs), am.run_jobs(jobs[:1])
robot = PlainRobot(Simulator(make("native", template_of("floor"))), WorldSpec(task, 51, exact))
in_python = run_plain(program, robot)
plain, slippery = (
    make_worlds([WorldSpec(task, 51, am.Perturbation(slippery=dose))]).models[0] for dose in (0.0, 0.5)
)
touched = ("lemon", "wooden_cabinet")
floor = plain.geom("floor").id
print(json.dumps({
    "prints": traces.rollout_text("prints").tolist(),
    "alone": alone.rollout_text("prints")[0],
    "in_python": [in_python.prints, in_python.message],
    "error": "".join(traces.rollout_text("error").tolist()),
    "plain": traces.rollouts["seed"].tolist(),
    "friction": [float(m.geom_friction[floor, 0]) for m in (plain, slippery)],
    "dose": str(am.Perturbation.parse("slippery:0.5")),
    "factors": traces.factors(0)["slippery"],
    "similar": [similarity("lemon", "lemon"), similarity("yellow fruit", "lemon"), similarity("lemon", "butter")],
    "look_alikes": word_of("butter").look_alikes,
    "contact": [contact_role("finger", name, target="lemon", container="basket") for name in touched],
    "key": Signature.parse("reached/goto_pose/BLOCKED/fixture/target").contact,
    "prompt": "`get_hand_tilt()`" in agent_prompt(),
}))
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a task file and a program, where the package will be."""
    (tmp_path / "lemon.bddl").write_text(TASK)
    (tmp_path / "p.py").write_text(textwrap.dedent(PROGRAM))
    return tmp_path


def test_what_a_package_adds_is_there_everywhere(folder):
    write_extension(folder)
    done = run_with_extension(folder, "-c", CHECK)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["error"] == ""
    assert seen["prints"][0] == seen["alone"] == seen["in_python"][0] and seen["in_python"][1] == ""
    said = [line for line in seen["prints"][0].splitlines() if not line.startswith("took ")]
    assert said == SAID
    short, long = (float(prints.split("took ")[1].split()[0]) for prints in seen["prints"])
    assert 0.5 < short < long - 0.5
    assert seen["friction"][1] == pytest.approx(seen["friction"][0] / 2)
    assert (seen["dose"], seen["factors"]) == ("slippery:0.5", 0.0)
    assert seen["similar"][0] == 1.0 and seen["similar"][1] > 0.6 > seen["similar"][2]
    assert "lemon" in seen["look_alikes"]
    assert seen["contact"] == ["target", "fixture"] and seen["key"] == "fixture" and seen["prompt"]


def test_commands_take_the_task_the_factor_and_the_primitive_and_a_run_remembers_the_package(folder):
    write_extension(folder)
    command = ["-m", "aspire_mjx", "run_program", "p.py", "--bddl=lemon.bddl", "--perturb=slippery:0.5", "--seeds=51"]
    done = run_with_extension(folder, *command, "--engine=native", "--out=run")
    assert done.returncode == 0, done.stderr
    config = json.loads((folder / "run" / "config.json").read_text())
    assert config["perturb"] == "slippery:0.5" and len(config["versions"][f"extension {NAME}"]) == 12
    (folder / NAME / "worlds.py").write_text("# changed\n")
    again = run_with_extension(folder, *command, "--engine=native", "--out=run", "--resume")
    assert again.returncode == 2 and f"extension {NAME}" in again.stderr


@pytest.fixture
def in_this_process(folder, monkeypatch):
    """Makes the package an extension of this process, for those who ask again."""

    def go(named=NAME, **sections):
        write_extension(folder, **sections)
        monkeypatch.syspath_prepend(str(folder))
        monkeypatch.setenv("ASPIRE_MJX_EXTENSIONS", named)
        extensions.cache_clear()

    yield go
    extensions.cache_clear()


PRIMITIVE, LEMON = ENTRIES["primitives"]["get_hand_tilt"], ENTRIES["categories"]["lemon"]
WRONG = {
    "section": ({"robots": {}}, "unknown section of extension 'their_things' 'robots'"),
    "taken": ({"categories": {"butter": LEMON}}, r"'butter' is there already \(aspire_mjx\)"),
    "flat": ({"categories": {"lemon": {**LEMON, "size_m": [0.06, 0.05]}}}, "give three lengths and a mass"),
    "weightless": ({"categories": {"lemon": {**LEMON, "mass_kg": 0}}}, "mass_kg 0; give"),
    "lacking": ({"categories": {"lemon": {"size_m": [1, 1, 1]}}}, "lacks mass_kg, shape, words"),
    "gripping": (
        {"primitives": {"pinch": {**PRIMITIVE, "family": "grip"}}},
        "query, plan, sense, move, not 'grip'.*wait",
    ),
    "measuring": (
        {"primitives": {"jump": {**PRIMITIVE, "family": "move"}}},
        "'fields' does not belong to family 'move'",
    ),
    "silent": ({"primitives": {"tilt": {"family": "query"}}}, "lacks fields, unpacks, doc, implementation"),
    "text": ({"primitives": {"tilt": "a tilt"}}, "'tilt' of an extension is no object with family"),
    "name": ({"primitives": {"two words": PRIMITIVE}}, "this is no name that a program can call"),
    "shape": ({"primitives": {"tilt": {**PRIMITIVE, "fields": [{"name": "tilt"}]}}}, "field lacks 'shape'"),
    "shared": ({"primitives": {"tilt": {**PRIMITIVE, "parameters": ["nonsense"]}}}, "lacks 'nonsense', or names none"),
    "unit": (
        {"primitives": {"tilt": {**PRIMITIVE, "fields": [{"name": "tilt", "shape": [], "doc": ""}]}}},
        "missing 1 required positional argument: 'unit'",
    ),
    "unpacked": ({"primitives": {"tilt": {**PRIMITIVE, "unpacks": ["lean"]}}}, "tilt unpacks to 'lean'"),
    "empty": ({"primitives": {"tilt": {**PRIMITIVE, "unpacks": []}}}, "name that field in 'unpacks'"),
    "ours": ({"primitives": {"wait": PRIMITIVE}}, "primitives 'wait' is there already"),
    "list": ({"factors": []}, "'factors' is no object of names"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_told_with_the_package(in_this_process, kind):
    sections, said = WRONG[kind]
    in_this_process(**sections)
    with pytest.raises(AspireError, match=said):
        added_categories({"butter": {}})
        added_primitives(["wait"])


def test_a_package_or_function_that_is_not_there_is_told(in_this_process):
    in_this_process(named="no_such_things")
    with pytest.raises(AspireError, match="extension 'no_such_things' is no package that can be imported"):
        extensions()
    for path in (f"{NAME}.robot:jump", "no_such:f", "no_colon"):
        with pytest.raises(AspireError, match=f"primitive 'jump': '{path}' cannot be loaded"):
            function(path, of="primitive 'jump'")


def test_a_factor_may_change_only_what_differs_between_worlds(folder):
    write_extension(folder)
    (folder / NAME / "worlds.py").write_text("def slippery(model, dose, random):\n    model.jnt_range[0] *= 0.5\n")
    command = ["-m", "aspire_mjx", "run_program", "p.py", "--bddl=lemon.bddl", "--perturb=slippery:0.5", "--seeds=51"]
    done = run_with_extension(folder, *command, "--engine=native")
    assert done.returncode == 2 and "changes jnt_range of the model" in done.stderr


def test_a_fixture_cannot_be_added(folder):
    write_extension(folder, categories={"lemon": {**LEMON, "shape": {"form": "shelf"}}})
    done = run_with_extension(folder, "-m", "aspire_mjx", "worlds", "show", "--bddl=lemon.bddl")
    assert done.returncode == 2 and "category 'lemon' of an extension: 'shelf' is the form of a fixture" in done.stderr


@pytest.mark.parametrize("command", [["aspire_mjx", "compiler"], ["aspire_mjx.compiler"]])
def test_a_wrong_extension_is_one_line_of_every_command(folder, command):
    write_extension(folder, primitives={"tilt": {"family": "query"}})
    done = run_with_extension(folder, "-m", *command, "reach")
    assert done.returncode == 2 and done.stderr.startswith("error: primitive 'tilt' of an extension lacks fields, unp")
    assert done.stderr.count("\n") == 1


def test_what_is_declared_has_a_function_that_is_there(monkeypatch):
    check_implemented(ROBOT_API)
    wave = replace(ROBOT_API["goto_pose"], name="wave_hand")
    with pytest.raises(AspireError, match=r"'wave_hand' is declared \(family 'move'\) and not implemented"):
        check_implemented(Registry((wave,)))
    for where in ("math:wave", "math:pi", "nothing"):
        monkeypatch.setitem(IMPLEMENTATIONS, "wave_hand", where)
        with pytest.raises(AspireError, match=f"primitive 'wave_hand': '{where}' cannot be loaded"):
            check_implemented(Registry((wave,)))


WAY = np.zeros((2, 3, 7))
GIVEN = {
    "list": (lambda lanes, given: [], "gave a list; it gives a dictionary"),
    "nothing": (lambda lanes, given: {}, "gives nothing; a motion is given as either 'joints' or 'path'"),
    "both": (lambda lanes, given: {"joints": WAY, "path": WAY}, "gives joints, path; a motion"),
    "shape": (lambda lanes, given: {"joints": WAY[:, 0]}, r"'joints' has shape \(2, 7\), not \(2, 1 to 1000, 7\)"),
    "points": (lambda lanes, given: {"joints": WAY, "points": [1, 4]}, "'points' are 1 to 3 of each lane"),
    "status": (lambda lanes, given: {"joints": WAY, "status": 999}, "'status' is one of"),
    "error": (lambda lanes, given: given["no_such"], r"failed in test_extensions.py:\d+: KeyError: 'no_such'"),
}


@pytest.mark.parametrize("kind", GIVEN)
def test_what_the_function_of_a_motion_gives_is_checked(monkeypatch, kind):
    made, said = GIVEN[kind]
    monkeypatch.setitem(IMPLEMENTATIONS, "wave_hand", "robot:wave")
    monkeypatch.setattr(added, "function", lambda path, of: made)
    with pytest.raises(AspireError, match=f"robot:wave:? {said}"):
        added.arm_path(replace(ROBOT_API["goto_pose"], name="wave_hand"), cast(Lanes, range(2)), {})
