"""An imported skill becomes active by the engine's own paired test, and only by it."""

from __future__ import annotations

import pytest

from aspire_mjx.errors import WorldError
from aspire_mjx.experiments.admit_skill import main
from aspire_mjx.skills.imported import ImportedSkill
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.worlds.placement import lay_out
from tests.support.paths import ROOT

REDO = SkillLibrary(ROOT / "skills").get("check-and-redo").code
SAME = "def close_as_always():\n    return close_gripper()\n"


@pytest.fixture
def library(tmp_path):
    library = SkillLibrary(tmp_path)
    for name, body in (("redo", f"```python\n{REDO}```"), ("same", f"```python\n{SAME}```"), ("words", "Be careful.")):
        library.imported.add(ImportedSkill(name, "Looks again.", body, "tips.md:1"))
    return library


def run(library: SkillLibrary, name: str, *flags: str) -> int:
    return main(["admit", name, f"--library={library.path}", "--engine=native", "--task=2", *flags])


def test_what_helps_is_admitted_with_its_evidence(library, capsys):
    assert run(library, "redo", "--perturb=noise:3") == 0, capsys.readouterr()
    (skill,) = library.active()
    assert skill.name == "redo" and skill.evidence.trials == 30 and skill.evidence.p_value < 0.05
    assert skill.evidence.repaired_passes > skill.evidence.baseline_passes


def test_what_changes_nothing_stays_imported(library, capsys):
    assert run(library, "same", "--replaces=close_gripper", "--seeds=51-53", "--perturb=noise:4") == 1
    assert "FAILED  paired gain" in capsys.readouterr().out
    assert library.active() == () and "same" in library.imported


def test_worlds_without_room_are_left_out_and_named(library, capsys, monkeypatch):
    def no_room(template, task, seed, dose):
        if seed == 52:
            raise WorldError("no free place for it")
        return lay_out(template, task, seed, dose)

    monkeypatch.setattr("aspire_mjx.worlds.worlds.lay_out", no_room)
    assert run(library, "same", "--replaces=close_gripper", "--seeds=51-53", "--perturb=noise:100") == 1
    shown = capsys.readouterr().out
    assert "left out: 1 of 3 worlds" in shown and "seed 52 with noise:100: no free place for it" in shown
    assert "FAILED  paired gain" in shown


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["words"], "knowledge only"),
        (["nothing"], "unknown skill"),
        (["same", "--block=2"], "blocks that run: 1"),
        (["same", "--replaces=push"], "calls nothing that 'push' names"),
        (["same", "--replaces=close_gripper", "--seeds=101"], "101"),
    ],
)
def test_what_cannot_be_tested_is_an_error(library, capsys, words, told):
    assert run(library, *words) == 2
    assert told in capsys.readouterr().err
