"""The command: import twice changes nothing, export and import again gives equal skills, errors exit with 2."""

from __future__ import annotations

import pytest

from aspire_mjx.skills.__main__ import main
from aspire_mjx.skills.library import SkillLibrary
from tests.support.paths import ROOT

TIPS = "# Tips\n\n## Wait\n\n```python\nwait(seconds)\n```\n\n## Prompts\n\nSay 'can'.\n"


@pytest.fixture
def run(tmp_path, capsys):
    (tmp_path / "tips.md").write_text(TIPS)

    def call(*words: str, library: str = "lib"):
        code = main(["skills", *words, f"--library={tmp_path / library}"])
        return code, *capsys.readouterr()

    return call


def test_importing_twice_changes_nothing(run, tmp_path):
    assert run("import", str(tmp_path / "tips.md"))[:2] == (
        0,
        "2 skills read, 1 with code that runs: 2 new, 0 replaced, 0 unchanged.\n",
    )
    assert "0 new, 0 replaced, 2 unchanged" in run("import", str(tmp_path / "tips.md"))[1]
    library = SkillLibrary(tmp_path / "lib")
    assert library.imported.names() == ("tips-prompts", "tips-wait") and len(library) == 0


def test_a_block_that_does_not_run_is_said_and_nothing_is_left_out(run, tmp_path):
    (tmp_path / "odd.md").write_text("Text.\n\n```python\nmove_to_joints_both(a, b)\n```\n")
    code, out, told = run("import", str(tmp_path / "odd.md"))
    assert (code, out) == (0, "1 skills read, 0 with code that runs: 1 new, 0 replaced, 0 unchanged.\n")
    assert told.startswith("text only: odd.md:4: the program is for a robot with two arms")


def test_other_text_under_a_name_needs_replace(run, tmp_path):
    run("import", str(tmp_path / "tips.md"))
    (tmp_path / "tips.md").write_text(TIPS.replace("can", "tin"))
    code, _, told = run("import", str(tmp_path / "tips.md"))
    assert code == 1 and "'tips-prompts' is there with other text" in told and "--replace" in told
    assert "can" in SkillLibrary(tmp_path / "lib").imported.get("tips-prompts").body
    assert "1 replaced, 1 unchanged" in run("import", str(tmp_path / "tips.md"), "--replace")[1]
    assert "tin" in SkillLibrary(tmp_path / "lib").imported.get("tips-prompts").body


def test_export_and_import_give_equal_skills(run, tmp_path):
    run("import", str(tmp_path / "tips.md"))
    assert run("export", f"--out={tmp_path / 'out'}")[0] == 0
    assert run("import", str(tmp_path / "out"), library="again")[0] == 0
    first, again = (SkillLibrary(tmp_path / name).imported for name in ("lib", "again"))
    assert [(s.name, s.description, s.body) for s in first] == [(s.name, s.description, s.body) for s in again]
    assert "0 new, 0 replaced, 2 unchanged" in run("import", str(tmp_path / "out"))[1]
    code, _, told = run("export", f"--out={tmp_path / 'out'}")
    assert code == 2 and "exists" in told


def test_tested_skills_are_exported_as_they_are(run, tmp_path):
    code, out, _ = run("export", f"--out={tmp_path / 'out'}", library=str(ROOT / "skills"))
    assert (code, out) == (0, f"2 skills written to {tmp_path / 'out'}.\n")
    written = (tmp_path / "out" / "check-and-redo" / "SKILL.md").read_text()
    assert written == (ROOT / "skills" / "check-and-redo" / "SKILL.md").read_text()


def test_list_and_show_tell_the_status(run, tmp_path):
    run("import", str(tmp_path / "tips.md"))
    out = run("list")[1]
    assert "imported, code" in out and "imported, knowledge" in out
    assert "block 1, line 2 of the body: takes (seconds)" in run("show", "tips-wait")[1]


@pytest.mark.parametrize("words", [[], ["shew"], ["show"], ["show", "x"], ["import"], ["export"], ["export", "x"]])
def test_bad_words_are_errors(run, words):
    code, out, told = run(*words)
    assert (code, out) == (2, "") and told.startswith("error: ")
