"""Another package adds a category, a task, primitives, a factor and a contact, without a change of this one."""

from __future__ import annotations

import json
import textwrap

import pytest

from aspire_mjx.errors import AspireError
from aspire_mjx.extensions import extensions, function
from aspire_mjx.primitives.robot_api import added_declarations as declarations
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
"""
CHECK = """
import json
import aspire_mjx as am
from aspire_mjx.faults.signature import Signature, contact_role
from aspire_mjx.language.prompt import agent_prompt
from aspire_mjx.sensing.vocabulary import similarity, word_of
from aspire_mjx.worlds.bddl import load_bddl
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

(task,) = load_bddl("lemon.bddl")
program = am.Program(open("p.py").read(), "p.py")
traces = am.run_jobs([am.Job(program, task, 51, perturbation=am.Perturbation(noise=0.0))])
plain, slippery = (
    make_worlds([WorldSpec(task, 51, am.Perturbation(slippery=dose))]).models[0] for dose in (0.0, 0.5)
)
touched = ("lemon", "wooden_cabinet")
floor = plain.geom("floor").id
print(json.dumps({
    "prints": traces.rollout_text("prints")[0],
    "error": traces.rollout_text("error")[0],
    "plain": traces.rollouts["seed"].tolist(),
    "friction": [float(m.geom_friction[floor, 0]) for m in (plain, slippery)],
    "dose": str(am.Perturbation.parse("slippery:0.5")),
    "factors": traces.factors(0)["slippery"],
    "similar": [similarity("lemon", "lemon"), similarity("yellow fruit", "lemon"), similarity("lemon", "butter")],
    "look_alikes": word_of("butter").look_alikes,
    "contact": [contact_role("finger", name, target="lemon", container="basket") for name in touched],
    "key": Signature.parse("goto_pose/reach/BLOCKED/fixture/target").contact,
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
    assert seen["prints"].split("\n")[:4] == ["lemon True", "tilt True", "half True", "far False IK_INFEASIBLE"]
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
    "lacking": ({"categories": {"lemon": {"size_m": [1, 1, 1]}}}, "lacks mass_kg, shape, words"),
    "moving": ({"primitives": {"jump": {**PRIMITIVE, "family": "move"}}}, "families query and plan, not 'move'"),
    "silent": ({"primitives": {"tilt": {"family": "query"}}}, "lacks fields, unpacks, doc, implementation"),
    "ours": ({"primitives": {"wait": PRIMITIVE}}, "primitives 'wait' is there already"),
    "list": ({"factors": []}, "'factors' is no object of names"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_told_with_the_package(in_this_process, kind):
    sections, said = WRONG[kind]
    in_this_process(**sections)
    with pytest.raises(AspireError, match=said):
        added_categories({"butter": {}})
        declarations(["wait"])


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
