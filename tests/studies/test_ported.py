"""Programs in the idioms of others do what upstream's semantics give.

All of them are read, compiled and told their API here; a part of each kind runs on four seeds. The whole corpus is the
study ``python -m experiments.studies --cases=ported``, whose record is held against the files.
"""

from __future__ import annotations

import json

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import ProgramRefused, WorldError
from aspire_mjx.language.program_flag import api_of
from aspire_mjx.sensing.camera import ImageSize
from experiments.studies.ported import BLIND, FOLDER, KINDS, OUTCOMES, Ported, corpus, run_ported
from tests.support.paths import ROOT

CORPUS = {ported.name: ported for ported in corpus()}
UNSEEN = {f"{ported.name}, blind": ported for ported in corpus(BLIND)}
#: Those that run here: quick ones, some of each kind, style and outcome.
RUN = (
    "aspire/bowl_rim_to_plate",
    "aspire/dressing_width_check",
    "aspire/hand_pose_as_target",
    "aspire/ketchup_two_cameras",
    "aspire/middle_drawer_pulled",
    "aspire/probe_filters",
    "aspire/probe_full_clouds",
    "aspire/probe_ik_far_away",
    "aspire/probe_mask_dtypes",
    "aspire/probe_names_of_the_api",
    "aspire/probe_words_floor",
    "aspire/probe_words_kitchen",
    "aspire/shapes_do_not_fit",
    "aspire/stove_knob_turned",
    "capx/bowl_to_stove",
    "capx/milk_with_retries",
    "capx/none_used_as_array",
    "capx/probe_approach_along_hand",
    "capx/probe_points_and_masks",
    "capx/probe_press_on_table",
    "native/probe_integer_overflow",
    "robosuite/butter_retry_on_error",
    "robosuite/cheese_stacking_formula",
    "robosuite/probe_three_values",
)


#: Those of the blind ones that run here.
RUN_UNSEEN = (
    "aspire/clamped_ik, blind",
    "aspire/dressing_component, blind",
    "aspire/prompt_survey, blind",
    "aspire/report_shapes, blind",
    "capx/bowl_stove_highlevel, blind",
    "capx/probe_tour_of_the_tip, blind",
)


@pytest.fixture(scope="module")
def held():
    names, programs = (*RUN, *RUN_UNSEEN), {**CORPUS, **UNSEEN}
    return dict(zip(names, run_ported([programs[name] for name in names]), strict=True))


@pytest.mark.parametrize("name", (*RUN, *RUN_UNSEEN))
def test_a_program_does_what_upstream_s_semantics_give(held, name):
    assert held[name].holds, held[name].reasons


@pytest.mark.parametrize("name", CORPUS)
def test_it_is_refused_or_compiles_for_the_api_it_is_written_for(name):
    ported = CORPUS[name]
    if ported.outcome == "refused":
        with pytest.raises(ProgramRefused, match=ported.expected[0]):
            compile_program(ported.program)
    else:
        compile_program(ported.program)
        assert api_of(ported.program).profile.name == ported.profile


def test_every_kind_style_and_outcome_is_there():
    programs = list(CORPUS.values())
    assert len(programs) >= 80 and sum(ported.outcome == "passes" for ported in programs) >= 40
    for kind in KINDS:
        assert sum(kind in ported.kinds for ported in programs) >= 5
        assert any(kind in CORPUS[name].kinds for name in RUN)
    for profile in ("aspire", "capx", "capx_robosuite"):
        assert sum(ported.profile == profile for ported in programs) >= 15
    assert {ported.outcome for ported in programs} == set(OUTCOMES)


def test_a_program_that_needs_a_size_of_images_has_it_and_others_have_any(tmp_path):
    text = "# profile: aspire\n# task: libero_object/0\n# kinds: 5\n{}# outcome: prints\n# > {}\nprint({})\n"
    shape = "get_observation()['agentview']['images']['rgb'].shape"
    for name, camera, printed in (("any", "", "(24, 32, 3)"), ("one", "# camera: 64x48\n", "(48, 64, 3)")):
        (tmp_path / f"{name}.py").write_text(text.format(camera, printed, shape))
    programs = [Ported.read(tmp_path / f"{name}.py") for name in ("any", "one")]
    held = run_ported(programs, seeds=[51], camera=ImageSize(32, 24))
    assert [one.reasons for one in held] == [("",), ("",)]


def records(case: str = "ported") -> dict[str, dict]:
    """The last record of each size of images."""
    lines = [
        json.loads(line)
        for path in sorted((ROOT / "experiments" / "benchmarks").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return {line.get("camera", str(ImageSize())): line for line in lines if line["case"] == case}


def test_the_record_is_of_these_files_and_nine_tenths_hold():
    record = records()[str(ImageSize())]
    assert {name: ported.program.hash for name, ported in CORPUS.items()} == record["programs"]
    assert record["table"]["all"]["hold"] >= 0.9 * record["table"]["all"]["programs"]
    passing = record["table"]["outcome passes"]
    assert passing["hold"] >= 0.9 * passing["programs"]


def test_the_record_of_the_blind_programs_is_of_these_files():
    record = records("ported_blind")[str(ImageSize())]
    files = {ported.name: ported.program.hash for ported in UNSEEN.values()}
    assert record["programs"] == files
    assert record["table"]["all"]["hold"] >= 0.7 * record["table"]["all"]["programs"]


@pytest.mark.parametrize("smaller", ["80x60", "96x72", "128x96"])
def test_smaller_images_than_the_default_keep_fewer_programs(smaller):
    """So the default is the smallest of these sizes with which the corpus does as expected."""
    record, default = records()[smaller], records()[str(ImageSize())]
    assert record["programs"] == default["programs"]
    assert record["table"]["all"]["hold"] < default["table"]["all"]["hold"]


def test_a_file_without_its_comment_is_refused(tmp_path):
    (tmp_path / "bare.py").write_text("# profile: aspire\nprint(1)\n")
    with pytest.raises(WorldError, match="lacks"):
        Ported.read(tmp_path / "bare.py")
    assert FOLDER.is_dir()
