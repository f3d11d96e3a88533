"""The gate: every check admits what it should and refuses, with a reason, what it should."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aspire_mjx.errors import SkillError
from aspire_mjx.faults.signature import Signature
from aspire_mjx.language.program import Program
from aspire_mjx.skills.admission import Decision, PairedTrials, admit, normalised
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.skills.skill import Skill, parse_skill

CODE = """\
def close_again(name, tries=3):
    \"\"\"Close on the named object (an alphabet soup, say); look again after a miss.\"\"\"
    for attempt in range(tries):
        if close_gripper():
            return True
        open_gripper()
        position, rotation = sample_grasp_pose(name)
        goto_pose(position + [0.0, 0.0, -0.01], rotation, z_approach=0.1)
    return close_gripper()
"""
DRAFT = Skill(
    name="grasp-again",
    description="Repeats a missed grasp.",
    signatures=(Signature.parse("gripped/close_gripper/EMPTY_GRASP/-/target"),),
    replaces="close_gripper",
    failure="The gripper closes on nothing.",
    when="The object is still there.",
    repair="Look and close again.",
    code=CODE,
)


def trials(gains: int, losses: int = 0, both: int = 10, neither: int = 3, **columns) -> PairedTrials:
    baseline = [False] * gains + [True] * losses + [True] * both + [False] * neither
    repaired = [True] * gains + [False] * losses + [True] * both + [False] * neither
    return PairedTrials(
        **{
            "task": "libero_object_swap/3",
            "seeds": tuple(range(51, 51 + len(baseline))),
            "baseline": tuple(baseline),
            "repaired": tuple(repaired),
            "categories": ("alphabet_soup", "basket"),
            "engine": "native",
            **columns,
        }
    )


@pytest.fixture
def library(tmp_path):
    return SkillLibrary(tmp_path / "skills")


def failed(decision: Decision) -> list[str]:
    assert decision.admitted == all(r.passed for r in decision.reasons)
    return [r.check for r in decision.reasons if not r.passed]


def test_a_sound_skill_is_admitted_with_its_numbers(library):
    decision = admit(DRAFT, evidence=trials(8), library=library)
    assert failed(decision) == [] and decision.admitted
    assert [r.check for r in decision.reasons] == [
        *("format", "policy", "no scene constants", "new", "no held-out seeds", "paired gain")
    ]
    evidence = decision.skill.evidence
    assert (evidence.trials, evidence.baseline_passes, evidence.repaired_passes) == (21, 10, 18)
    assert (evidence.gains, evidence.losses, evidence.p_value, evidence.seeds[-1]) == (8, 0, 2**-8, 71)
    assert "10/21 passed without the repair, 18/21 with it (8 gained, 0 lost" in decision.sentence
    assert len(library) == 0  # the gate decides; the coordinator writes
    library.add(decision.skill)
    assert library.get("grasp-again") == decision.skill == parse_skill(decision.skill.format())


@pytest.mark.parametrize(("gains", "losses", "passed"), [(4, 0, False), (5, 0, True), (8, 1, True), (7, 2, False)])
def test_gain_must_be_significant_in_pairs(library, gains, losses, passed):
    assert failed(admit(DRAFT, evidence=trials(gains, losses), library=library)) == ([] if passed else ["paired gain"])


def test_no_gain_is_refused_whatever_the_rates(library):
    decision = admit(DRAFT, evidence=trials(0, 0, both=30, neither=0), library=library)
    assert failed(decision) == ["paired gain"] and "p < 0.05" in decision.sentence


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from os import *", "import"),
        ("open('x')", "open"),
        ("().__class__", "__class__"),
        ("robot.env.sim", "robot"),
    ],
)
def test_policy(library, line, said):
    code = CODE.replace("        open_gripper()\n", f"        {line}\n")
    decision = admit(replace(DRAFT, code=code), evidence=trials(8), library=library)
    assert failed(decision) == ["policy"] and said in decision.sentence and "line 6" in decision.sentence


@pytest.mark.parametrize(
    "expression",
    [
        "goto_pose([0.45, 0.12, 0.2], rotation)",
        "import numpy as np; goto_pose(np.array((0.45, -0.12, 0.0)), rotation)",
        "move_to_joints([0.0, -0.3, 0.0, -2.2, 0.0, 2.0, 0.7])",
        "goto_pose(position, [0.71, 0.0, 0.71, 0.02])",
        "sample_grasp_pose('alphabet soup')",
        "sample_grasp_pose('the basket')",
        "print(f'lost the alphabet soup at {position}')",
    ],
)
def test_scene_constants_are_refused(library, expression):
    code = CODE.replace("        open_gripper()\n", f"        {expression}\n")
    decision = admit(replace(DRAFT, code=code), evidence=trials(8), library=library)
    assert failed(decision) == ["no scene constants"] and "line 6" in decision.sentence


@pytest.mark.parametrize(
    "expression",
    [
        "goto_pose(position + [0.0, 0.0, 0.15], rotation)",
        "import numpy as np; goto_pose(position + np.array([0.02, -0.02, 0.0]), rotation)",
        "goto_pose(position, [0.0, 1.0, 0.0, 0.0])",
        "print('missed, trying again')",
        "wait(0.25)",
    ],
)
def test_offsets_and_plain_words_are_not_scene_constants(library, expression):
    code = CODE.replace("        open_gripper()\n", f"        {expression}\n")
    assert failed(admit(replace(DRAFT, code=code), evidence=trials(8), library=library)) == []


def test_held_out_seeds_are_refused(library):
    seeds = (7, *range(52, 72))
    decision = admit(DRAFT, evidence=trials(8, seeds=seeds), library=library)
    assert failed(decision) == ["no held-out seeds"] and "held-out seeds 7" in decision.sentence
    elsewhere = trials(0, seeds=tuple(range(1, 14)), task="libero_object/1")
    assert failed(admit(DRAFT, evidence=trials(8), library=library, elsewhere=[elsewhere])) == ["no held-out seeds"]


def test_a_significant_loss_elsewhere_is_refused(library):
    fine, harm = trials(0, 4, task="libero_object/1"), trials(1, 9, task="libero_object/2")
    assert failed(admit(DRAFT, evidence=trials(8), library=library, elsewhere=[fine])) == []
    decision = admit(DRAFT, evidence=trials(8), library=library, elsewhere=[fine, harm])
    assert failed(decision) == ["no loss elsewhere"] and "libero_object/2: 1 gained, 9 lost" in decision.sentence


def test_names_of_other_tasks_objects_are_scene_constants_too(library):
    code = CODE.replace("tries=3", "tries=3, other='milk'")
    elsewhere = trials(0, categories=("milk", "basket"), task="libero_object/1")
    draft = replace(DRAFT, code=code)
    assert failed(admit(draft, evidence=trials(8), library=library)) == []
    assert failed(admit(draft, evidence=trials(8), library=library, elsewhere=[elsewhere])) == ["no scene constants"]


RENAMED = """\
def try_the_grasp_more(what, count=3):
    # the same thing in other words
    for k in range(count):
        if close_gripper():
            return True
        open_gripper()
        (p, q) = sample_grasp_pose(what)
        goto_pose(p + [0.0, 0.0, -0.01], q,
                  z_approach=0.1)
    return close_gripper()
"""


def test_the_same_code_under_other_names_is_refused(library):
    library.add(admit(DRAFT, evidence=trials(8), library=library).skill)
    twin = replace(DRAFT, name="another-name", code=RENAMED)
    decision = admit(twin, evidence=trials(8), library=library)
    assert failed(decision) == ["new"] and "'grasp-again'" in decision.sentence
    different = replace(DRAFT, name="third", code=RENAMED.replace("-0.01", "-0.02"))
    assert failed(admit(different, evidence=trials(8), library=library)) == []
    assert failed(admit(replace(different, name="grasp-again"), evidence=trials(8), library=library)) == ["new"]
    library.retire("grasp-again", "test")
    assert "retired skill" in admit(twin, evidence=trials(8), library=library).sentence


def test_normalised_keeps_what_matters():
    def code(text: str) -> str:
        return normalised(replace(DRAFT, code=text).definition)

    assert code("def f(a, b):\n    return a - b\n") == code("def g(x, y):\n    return x - y\n")
    assert code("def f(a, b):\n    return a - b\n") != code("def f(a, b):\n    return b - a\n")
    assert code("def f():\n    'words'\n") == code("def f():\n    pass\n")
    assert code("def f():\n    return wait(1)\n") != code("def f():\n    return wait(2)\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "x = 1\n"}, "one function"),
        ({"name": "Bad Name"}, "name"),
        ({"replaces": "grip"}, "close_gripper"),
    ],
)
def test_a_malformed_draft_is_refused_not_raised(library, change, said):
    decision = admit(replace(DRAFT, **change), evidence=trials(8), library=library)
    assert failed(decision) == ["format"] and said in decision.sentence


def test_enclosing_function_sketch_is_admitted(library):
    assert admit(replace(DRAFT, replaces="enclosing-function"), evidence=trials(8), library=library).admitted


def test_pairs_come_from_two_batches_by_task_and_seed(handmade):
    repaired = Program("close_again()\n", name="repaired")
    for seed in range(51, 61):
        handmade.add([], passed=seed % 2 == 0, seed=seed)
        handmade.add([], passed=seed % 2 == 0, seed=seed, task="libero_object/1", target="milk")
    for seed in reversed(range(51, 61)):
        handmade.add([], program=repaired, passed=seed != 52, seed=seed)
        handmade.add([], program=repaired, passed=True, seed=seed, task="libero_object/1", target="milk")
    batch = handmade.build(engine="native")
    which = batch.rollouts["program"]
    first, second = PairedTrials.of(batch.select(which == 0), batch.select(which == 1))
    assert (first.task, first.gains, first.losses, first.seeds) == ("libero_object/0", 5, 1, tuple(range(51, 61)))
    assert (second.task, second.gains, second.losses) == ("libero_object/1", 5, 0)
    assert first.categories == ("alphabet_soup", "basket") and second.categories == ("milk", "basket")
    assert (first.engine, first.repaired_program) == ("native", repaired.hash)
    with pytest.raises(SkillError, match="in one batch only"):
        PairedTrials.of(batch.select([0, 2]), batch.select(which == 1))
    with pytest.raises(SkillError, match="2 programs"):
        PairedTrials.of(batch, batch)


def test_pairs_must_match():
    with pytest.raises(SkillError, match="3 seeds, 1 baseline"):
        PairedTrials("t", (51, 52, 53), (True,), (True, True, True))
    with pytest.raises(SkillError, match="twice"):
        PairedTrials("t", (51, 51), (True, True), (True, True))
    with pytest.raises(SkillError, match="at least one"):
        PairedTrials("t", (), (), ())
