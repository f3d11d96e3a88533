"""The planted faults are well-formed, and the study scores what a report says of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.faults.cause import CLASSES, HIDDEN_FACTORS
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.seeds import SeedRole, role_of
from aspire_mjx.worlds.perturbation import factor_names
from experiments.studies.planted import study
from experiments.studies.planted.planted_fault import SPLITS, PlantedFault, families
from experiments.studies.planted.study import Judged, figures, judge

FAMILIES = families()
ALL = [(family, fault) for family in FAMILIES for fault in family.faults]
NAMED = {fault.name: (family, fault) for family, fault in ALL}


@pytest.mark.parametrize("name", NAMED)
def test_edits_apply_once_and_expected_lines_exist(name):
    family, fault = NAMED[name]
    mutant = family.mutant(fault)
    written = mutant.program.text.splitlines()
    assert all(written[line - 1].strip() for line in (*mutant.lines, *mutant.near_lines))
    assert not set(mutant.lines) & set(mutant.near_lines), "a true line is no consequence"
    assert (mutant.program != family.program) == fault.in_program == bool(mutant.lines)
    compile_program(mutant.program)


def test_there_are_enough_faults_of_every_kind():
    faults = [fault for _, fault in ALL]
    assert len(NAMED) == len(faults) >= 64
    assert len({family.name for family in FAMILIES}) >= 5
    worlds = [fault for fault in faults if not fault.in_program]
    hidden = [fault for fault in worlds if fault.cause_class == "hidden dynamics"]
    assert len(worlds) >= 14 and len(hidden) >= 7
    assert Counter(fault.cause_class for fault in faults).keys() == set(CLASSES)
    held_out = sum(fault.split == "test" for fault in faults)
    assert 0.3 <= held_out / len(faults) <= 0.4
    assert all({fault.split for fault in family.faults} == set(SPLITS) for family in FAMILIES)


def test_what_a_fault_names_exists_and_says_what_its_class_means():
    for _, fault in ALL:
        assert fault.doses.keys() <= set(factor_names())
        assert (fault.cause_class == "hidden dynamics") == bool(
            fault.doses and fault.doses.keys() <= set(HIDDEN_FACTORS)
        )
        assert fault.cause_class not in fault.near_classes and fault.why
        if fault.missing:
            ROBOT_API[fault.missing]
            assert len(fault.truth) == 2, f"{fault.name}: a missing call has two neighbours"


def test_lanes_have_seeds_that_may_choose_and_doses_over_the_whole_range():
    for family in FAMILIES:
        jobs = family.jobs()
        assert len({job.world for job in jobs}) == len(jobs) == 64
        assert all(role_of(job.seed) is not SeedRole.HELDOUT for job in jobs)
    family, fault = NAMED["careful_noise_swept"]
    doses = sorted(job.perturbation.noise for job in family.mutated_jobs(fault))
    assert (doses[0], doses[-1]) == fault.doses["noise"] and len(set(doses)) == 64


def test_data_that_say_nothing_are_refused():
    family, fault = NAMED["knob_turned_the_wrong_way"]
    with pytest.raises(AspireError, match="stands 0 times"):
        family.mutant(replace(fault, edits=(("no such text", ""),)))
    with pytest.raises(AspireError, match="stands 3 times"):
        _ = family.mutant(replace(fault, truth=("_gripper()",))).lines
    raw = {"name": "x", "split": "tune", "class": "grasp", "why": "w"}
    with pytest.raises(AspireError, match="edits and their lines, or doses"):
        PlantedFault.parse(raw)
    with pytest.raises(UnknownNameError, match="cause class"):
        PlantedFault.parse({**raw, "class": "bad luck", "doses": {"mass": 2.0}})


def test_some_faults_run_beside_the_program_without_them():
    family, _ = NAMED["cheese_slippery"]
    chosen = ("cheese_unknown_bowl", "cheese_opens_on_the_way", "cheese_slippery")
    some = replace(family, faults=tuple(NAMED[name][1] for name in chosen))
    wrong, dropped, slippery = judge(some, "native", lanes=4)
    assert wrong.trials == dropped.trials == 4 and wrong.base == dropped.base >= 3
    assert wrong.passes == 0 and dropped.passes == 0 and slippery.trials == 4
    assert wrong.counts and wrong.line_within(3, consequences=True), "an error names its line"
    assert dropped.line_within(1) and dropped.said == "coordination" and dropped.repaired == 1.0
    assert slippery.mutant.lines == () and (not slippery.counts or slippery.said == "hidden dynamics")


def test_a_study_that_was_stopped_goes_on_where_it_was(monkeypatch, tmp_path):
    """And ends with the scores of one that was not."""
    asked, stop_at = [], 40

    def judged(family, engine, *, lanes, faults, budget):
        for fault in faults:
            asked.append(fault.name)
            if len(asked) == stop_at:
                raise KeyboardInterrupt
            mutant = family.mutant(fault)
            yield Judged(family.name, mutant, lanes, lanes, 1, ranked=mutant.lines, said="grasp", missing=fault.missing)

    monkeypatch.setattr(study, "judge", judged)
    kept = tmp_path / "r.part"
    with pytest.raises(KeyboardInterrupt):
        study.planted("native", 8, kept=kept)
    assert len(kept.read_text().splitlines()) == stop_at - 1
    resumed = study.planted("native", 8, kept=kept)
    assert len(asked) == len(set(asked)) + 1 == len(NAMED) + 1, "only the one that was under way runs twice"
    assert not kept.exists()
    whole = study.planted("native", 8)
    assert {**resumed, "cpu_s": 0} == {**whole, "cpu_s": 0}


def scored(name: str, **said: object) -> Judged:
    family, fault = NAMED[name]
    plain = Judged(family.name, family.mutant(fault), 64, 60, 10)
    return replace(plain, **said)  # pyright: ignore[reportArgumentType]


def test_a_report_is_right_where_it_says_what_the_data_say():
    true = scored("knob_turned_the_wrong_way").mutant.lines
    right = scored("knob_turned_the_wrong_way", ranked=(*true, 1), said="program logic")
    third = scored("knob_turned_the_wrong_way", ranked=(1, 2, *true))
    fourth = scored("knob_turned_the_wrong_way", ranked=(1, 2, 3, *true))
    missing = scored("knob_hand_stays_open", ranked=(1,), missing="close_gripper", said="grasp")
    other = scored("knob_hand_stays_open", ranked=(1,), missing="wait")
    blamed = scored("cheese_slippery", said="program logic")
    weak = scored("cheese_slippery", passes=50)
    found = figures([right, third, fourth, missing, other, blamed, weak])
    score = found["score"]["all"]
    assert score["line"] == [2, 5] and score["in_three"] == [3, 5]
    assert score["class"] == [1, 6] and score["hidden_on_logic"] == [1, 1]
    assert found["too_weak"] == ["cheese_slippery"] and found["faults"] == 7


def test_consequences_and_swept_factors_count_apart():
    near = scored("knob_grasp_too_high").mutant.near_lines
    consequence = scored("knob_grasp_too_high", ranked=near, said="grasp")
    swept = [scored("cheese_noise_swept", factor=factor) for factor in ("noise", "mass", None)]
    score = figures([consequence, *swept])["score"]["all"]
    assert score["line"] == [0, 1] and score["line_with_consequences"] == [1, 1]
    assert score["factor"] == [1, 3] and score["class_near"] == [1, 4]
