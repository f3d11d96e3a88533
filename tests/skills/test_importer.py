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
    starts = ["a.md:2: front matter is not YAML", "b.md:2: not UTF-8", "c.md:1: no text", "d.md:1: 1000001 bytes"]
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
