"""The library: nothing is overwritten silently, nothing is half-written, every error says what is there."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from aspire_mjx.errors import SkillError, UnknownNameError
from aspire_mjx.faults.signature import Signature
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.skills.skill import Skill

SKILL = Skill(
    name="wait-a-little",
    description="Waits.",
    signatures=(Signature.parse("holds/open_gripper/OK/-/target"),),
    replaces="open_gripper",
    failure="It rolls away.",
    when="Always.",
    repair="Wait before opening.",
    code="def wait_open():\n    wait(0.5)\n    return open_gripper()\n",
    evidence_text="None yet.",
)


@pytest.fixture
def library(tmp_path):
    return SkillLibrary(tmp_path / "skills")


def test_a_missing_folder_is_an_empty_library(library):
    assert library.names() == () and len(library) == 0 and list(library) == [] and "x" not in library
    assert not library.path.exists()
    with pytest.raises(UnknownNameError, match="none"):
        library.get("x")


def test_add_and_get(library):
    assert library.add(SKILL) is True and library.get("wait-a-little") == SKILL
    other = replace(SKILL, name="another")
    library.add(other)
    assert library.names() == ("another", "wait-a-little") and list(library) == [other, SKILL]
    assert sorted(p.name for p in library.path.iterdir()) == ["another", "wait-a-little"]
    assert {p.stat().st_mode & 0o777 for p in library.path.iterdir()} == {0o755}  # others may read them
    with pytest.raises(UnknownNameError, match="Did you mean 'wait-a-little'"):
        library.get("wait-a-litle")


def test_equal_content_is_a_no_op_and_other_content_a_conflict(library):
    library.add(SKILL)
    file = library.path / SKILL.name / "SKILL.md"
    before = file.stat().st_mtime_ns
    assert library.add(SKILL) is False
    changed = replace(SKILL, repair="Wait longer.")
    with pytest.raises(SkillError, match=f"other content.*{SKILL.hash}.*{changed.hash}"):
        library.add(changed)
    assert file.stat().st_mtime_ns == before and library.get(SKILL.name) == SKILL


def test_nothing_is_left_of_a_refused_skill(library):
    with pytest.raises(SkillError, match="description"):
        library.add(replace(SKILL, description=""))
    assert not library.path.exists()
    library.path.mkdir()
    (library.path / SKILL.name).mkdir()
    (library.path / SKILL.name / "notes.txt").write_text("someone else's folder")
    with pytest.raises(SkillError, match="cannot write"):
        library.add(SKILL)
    assert [p.name for p in library.path.iterdir()] == [SKILL.name]


def test_retire(library):
    library.add(SKILL)
    library.add(replace(SKILL, name="another"))
    retired = library.retire("another", "it no longer helps")
    assert retired.status == "retired" and ("retired_because", "it no longer helps") in retired.extra
    assert library.get("another") == retired == library.retire("another", "again")
    assert library.active() == (SKILL,) and len(library) == 2
    assert [p.name for p in (library.path / "another").iterdir()] == ["SKILL.md"]
    with pytest.raises(UnknownNameError, match="third.*another, wait-a-little"):
        library.retire("third", "why not")


def test_damaged_skills_name_the_file(library):
    library.add(SKILL)
    file = library.path / SKILL.name / "SKILL.md"
    file.write_text(file.read_text().replace("name: wait-a-little", "name: wait-a-lot"))
    with pytest.raises(SkillError, match=r"SKILL.md:2: name 'wait-a-lot' differs"):
        library.get(SKILL.name)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SkillError, match=r"SKILL.md:1: not UTF-8"):
        library.get(SKILL.name)


def test_a_file_is_no_library(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SkillError, match="not a folder"):
        SkillLibrary(tmp_path / "file")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ({"p_value": math.nan}, "p_value is nan"),
        ({"p_value": -0.1}, "p_value is -0.1"),
        ({"p_value": math.inf}, "p_value is inf"),
        ({"trials": -1}, "trials is -1"),
        ({"repaired_passes": 99}, "repaired_passes is 99"),
        ({"gains": -2}, "gains is -2"),
        ({"losses": 1}, "passes with"),
        ({"p_value": 0.5}, "p_value is 0.5; 4 gained and 0 lost give 0.0625"),
        ({"p_value": 0.0625, "seeds": (51, 51)}, "twice; name each seed once"),
        ({"p_value": 0.0625, "tasks": ()}, "trials without tasks"),
        ({"seeds": tuple(range(1_000_000))}, "such as 0"),
        ({"seeds": (51, 81)}, "1 held-out seeds, such as 81"),
    ],
)
def test_evidence_that_no_trial_gives_neither_enters_nor_is_read(tmp_path, claim, said):
    counts = {"trials": 10, "baseline_passes": 2, "repaired_passes": 6, "gains": 4}
    wrong = replace(SKILL, evidence=replace(SKILL.evidence, **counts | claim))
    library = SkillLibrary(tmp_path / "library")
    with pytest.raises(SkillError, match=said):
        library.add(wrong)
    assert not (tmp_path / "library").exists()
    library.add(SKILL)
    file = tmp_path / "library" / SKILL.name / "SKILL.md"
    file.write_text(wrong.format())
    with pytest.raises(SkillError, match=rf"SKILL.md:\d+: .*{said}"):
        tuple(library)


@pytest.mark.parametrize("line", ["import os", "open('x')", "().__class__", "robot.env.step()"])
def test_code_that_may_not_run_neither_enters_nor_is_read(tmp_path, line):
    wrong = replace(SKILL, code=f"def help_it():\n    {line}\n")
    with pytest.raises(SkillError, match="code sketch line 2: "):
        SkillLibrary(tmp_path).add(wrong)
    SkillLibrary(tmp_path).add(SKILL)
    (tmp_path / SKILL.name / "SKILL.md").write_text(wrong.format())
    with pytest.raises(SkillError, match=r"SKILL.md:\d+: .*code sketch line 2"):
        SkillLibrary(tmp_path).get(SKILL.name)
