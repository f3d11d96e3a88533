"""Files of any shape: every heading an entry, broken files told with their line, the rest imported."""

from __future__ import annotations

import pytest

from aspire_mjx.errors import SkillError
from aspire_mjx.skills.importer import read_skills

GRASP = "---\nname: grasp\ndescription: On grasps.\n---\n# Grasp\n\nIntro.\n\n## Width table\n\n| a |\n|---|\n| 1 |\n"


@pytest.fixture
def folder(tmp_path):
    def write(**files: str | bytes):
        for name, content in files.items():
            file = tmp_path / name.replace("__", "/").replace("_md", ".md")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write


def test_headings_become_entries_and_names_slugs(folder):
    found = read_skills(folder(grasp_md=GRASP))
    assert [(s.name, s.description, s.source) for s in found.skills] == [
        ("grasp", "Grasp: Intro.", "grasp.md:5"),
        ("grasp-width-table", "Width table: On grasps.", "grasp.md:9"),
    ]
    assert found.broken == ()


def test_without_front_matter_the_file_names_them(folder):
    found = read_skills(folder(how_md="Drück *fest*.\n") / "how.md")
    assert [(s.name, s.description, s.body) for s in found.skills] == [("how", "Drück fest.", "Drück *fest*.")]


def test_an_agent_skill_is_one_skill(folder):
    text = "---\nname: Pour Tea\ndescription: Pours.\nlicense: MIT\n---\n# A\na\n# B\nb\n"
    (found,) = read_skills(folder(pour__SKILL_md=text)).skills
    assert (found.name, found.description, found.body) == ("pour-tea", "Pours.", "# A\na\n# B\nb")
    (unnamed,) = read_skills(folder(pour__SKILL_md="# A\n\nHow.\n")).skills
    assert (unnamed.name, unnamed.description) == ("pour", "How.")


def test_broken_files_are_told_and_the_rest_is_read(folder):
    path = folder(
        a_md="---\nx: y: z\n---\n\nText.\n",
        b_md=b"fine\nbad \xff\n",
        c_md="\n\n",
        d_md="x" * 1_000_001,
        e_md="Good.\n",
    )
    found = read_skills(path)
    assert [s.name for s in found.skills] == ["e"]
    starts = [
        "a.md:2: front matter is not YAML",
        "b.md:2: not UTF-8",
        "c.md:1: no text",
        "d.md:1: the file has 1000001 bytes",
    ]
    assert all(told.startswith(start) for told, start in zip(found.broken, starts, strict=True))


def test_equal_names_get_numbers_and_long_ones_are_cut_at_a_word(folder):
    found = read_skills(folder(a__x_md="One.\n", b__x_md="Two.\n", long_md=f"# {'many words ' * 12}\n\nThree.\n"))
    assert [s.name for s in found.skills][:2] == ["x", "x-2"]
    assert len(found.skills[2].name) <= 64 and found.skills[2].name.endswith(("-many", "-words"))


def test_every_skill_read_can_be_written(folder):
    text = f"# {'!' * 9}\n\n{'long ' * 500}\n\n# Ünïcode\n\nx\n"
    for skill in read_skills(folder(odd_md=text)).skills:
        assert skill.format()


def test_a_path_without_skills_is_an_error(tmp_path):
    with pytest.raises(SkillError, match="no Markdown file"):
        read_skills(tmp_path)
    with pytest.raises(SkillError, match="no Markdown file"):
        read_skills(tmp_path / "missing")


def test_blocks_that_do_not_run_are_told_with_their_line_in_the_file_and_stay_text(folder):
    text = (
        "---\nname: moves\n---\n# Moves\n\n## Lift\n\nSo:\n\n```python\nwait(1)\nmove_to_joints_both(a, b)\n```\n\n"
        "## Pose\n\n```py\ngoto_pose(<place>, q)\n```\n\n```bash\nls <x>\n```\n\n## Wait\n\n```python\nwait(t)\n```\n"
    )
    found = read_skills(folder(moves_md=text))
    assert [s.kind for s in found.skills] == ["knowledge", "knowledge", "code"] and found.broken == ()
    both, pose = found.unrunnable
    assert both.startswith("moves.md:12: the program is for a robot with two arms")
    assert pose == "moves.md:18: not Python: invalid syntax"


def test_the_lines_of_an_agent_skill_are_those_of_its_file(folder):
    text = "---\nname: pour\n---\n\n\n# Pour\n\n```python\nmove_base(1)\npour()\n```\n"
    (told,) = read_skills(folder(pour__SKILL_md=text)).unrunnable
    assert told.startswith("pour/SKILL.md:9: the program is for a robot on a mobile base") and "(and 1 more)" in told


def test_an_exported_skill_comes_back_as_it_was(folder):
    (skill,) = read_skills(folder(tips_md="\n\n  indented\n\n```python\nmove_base(1)\n```\n")).skills
    path = folder(out__tips__SKILL_md=skill.format()) / "out"
    again = read_skills(path)
    assert again.skills == (skill,) and skill.source == "tips.md:1"
    assert again.unrunnable[0].startswith("tips/SKILL.md:12: ") and "move_base(1)" in skill.format().split("\n")[11]


def test_a_whole_disk_is_not_walked(tmp_path, monkeypatch):
    monkeypatch.setattr("aspire_mjx.skills.importer._MOST_ENTRIES", 2)
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("")
    with pytest.raises(SkillError, match="more than 2 files and folders; name the folder"):
        read_skills(tmp_path)
