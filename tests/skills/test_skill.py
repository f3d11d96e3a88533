"""SKILL.md: the golden file, the round trip, and what is refused with path and line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aspire_mjx.errors import SkillError
from aspire_mjx.faults.signature import Signature
from aspire_mjx.faults.statistics import mcnemar
from aspire_mjx.skills.skill import SECTIONS, Evidence, Skill, parse_skill
from tests.support.paths import ROOT

GOLDEN = Path(__file__).with_name("golden_SKILL.md")
SKILL = Skill(
    name="grasp-again-after-empty",
    description="Looks again and repeats the grasp when the gripper closed on nothing: for missed top-down grasps.",
    signatures=(
        Signature.parse("gripped/close_gripper/EMPTY_GRASP/-/target"),
        Signature.parse("reached/goto_pose/BLOCKED/target/target"),
    ),
    replaces="close_gripper",
    failure="The gripper closes and its width falls to zero.\n\n- status EMPTY_GRASP\n- nothing is carried afterwards",
    when="The object can still be seen after the miss.",
    repair="Open, look again, go down once more, close. At most three tries.",
    code="""\
def close_again(name, tries=3):
    \"\"\"Close on the named object; look again after a miss.\"\"\"
    # ## not a heading
    for attempt in range(tries):
        if close_gripper():
            return True
        open_gripper()

        position, rotation = sample_grasp_pose(name)
        goto_pose(position, rotation, z_approach=0.1)
    return close_gripper()
""",
    evidence_text="libero_object_swap/3: 12/30 passed without the repair, 28/30 with it.",
    evidence=Evidence(
        tasks=("libero_object_swap/3",),
        seeds=tuple(range(51, 81)),
        engine="native",
        baseline_program="0123456789ab",
        repaired_program="ba9876543210",
        trials=30,
        baseline_passes=12,
        repaired_passes=28,
        gains=16,
        losses=0,
        p_value=1 / 65536,
    ),
    extra=(("drafted_by", "scripted"),),
)


def test_golden_file():
    assert SKILL.format() == GOLDEN.read_text(encoding="utf-8")
    assert parse_skill(GOLDEN.read_text(encoding="utf-8")) == SKILL
    assert SKILL.definition.name == "close_again" and len(SKILL.hash) == 12


def test_front_matter_follows_the_agent_skills_format():
    front = yaml.safe_load(SKILL.format().split("---")[1])
    assert set(front) == {"name", "description", "metadata"}
    assert all(isinstance(k, str) and isinstance(v, str) for k, v in front["metadata"].items())
    assert [line[3:] for line in SKILL.format().splitlines() if line.startswith("## ")] == list(SECTIONS)


def test_hash_follows_content():
    assert SKILL.hash == parse_skill(SKILL.format()).hash != replace(SKILL, status="retired").hash


BODY = st.text("ab :'\"{}#-*\n\u00e9\u2028", min_size=1).filter(
    lambda t: t.strip() and not any(line.startswith(("##", "```")) for line in t.strip().split("\n"))
)
LINE = st.text("ab :'\"{}#-*[]é\u2028", min_size=1).filter(lambda t: t.strip())


@given(LINE, BODY, BODY, st.integers(0, 16), st.lists(st.integers(51, 80), unique=True, min_size=1))
def test_any_text_round_trips(description, failure, evidence_text, gains, seeds):
    passes = {"baseline_passes": 4, "repaired_passes": 4 + gains, "gains": gains, "losses": 0}
    skill = replace(
        SKILL,
        description=description,
        failure=failure,
        evidence_text=evidence_text,
        evidence=replace(SKILL.evidence, **passes, p_value=mcnemar(gains, 0), seeds=tuple(seeds)),
        extra=(("note", description),),
    )
    text = skill.format()
    assert parse_skill(text) == skill and parse_skill(text).format() == text
    assert parse_skill(text.replace("\n", "\r\n")) == skill


def test_a_draft_shows_no_evidence():
    assert Evidence().sentence == (
        ", seeds : 0/0 passed without the repair, 0/0 with it (0 gained, 0 lost; one-sided exact McNemar p = 1)."
    )


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (lambda t: "", 1, "no YAML front matter"),
        (lambda t: t.replace("---\n", "", 1), 1, "no YAML front matter"),
        (lambda t: t.replace("---\n", "", 2).join(["---\n", ""]), 1, "not closed"),
        (lambda t: t.replace("description: ", "description: ["), 4, "not YAML"),
        (lambda t: "---\n- name\n---\n", 2, "must be a map"),
        (lambda t: t.replace("name: grasp-again-after-empty", "name: 7"), 2, "text 'name'"),
        (lambda t: t.replace("name: grasp-again-after-empty", "name: Grasp Again"), 2, "lower-case"),
        (lambda t: t.replace("  replaces: close_gripper\n", ""), 4, "lacks replaces"),
        (lambda t: t.replace("gripped/", "griped/"), 5, "Did you mean 'gripped'"),
        (lambda t: t.replace("replaces: close_gripper", "replaces: Close!"), 6, "enclosing-function"),
        (lambda t: t.replace("status: active", "status: maybe"), 7, "active, retired"),
        (lambda t: t.replace("seeds: 51-80", "seeds: 80-51"), 10, "seeds"),
        (lambda t: t.replace("trials: '30'", "trials: 30"), 13, "quotes"),
        (lambda t: t.replace("trials: '30'", "trials: many"), 13, "trials"),
        (lambda t: t.replace("## When to apply", "## When"), 29, "'When' stands where 'When to apply'"),
        (lambda t: t.replace("## Evidence", "Evidence"), 55, "'Evidence' is missing|one ```python block"),
        (lambda t: t + "\n## More\n\ntext\n", 57, "one too many"),
        (lambda t: t.replace("---\n\n## Failure", "---\n\nhello\n\n## Failure"), 22, "before the first section"),
        (lambda t: t.replace("```python", "```"), 37, "one ```python block"),
        (lambda t: t.replace("The object can still be seen after the miss.", ""), 29, "empty"),
        (lambda t: t.replace("def close_again(name, tries=3):", "def close_again(name, tries=3)"), 40, "line 1"),
        (lambda t: t.replace("def close_again(name, tries=3):", "if True:"), 39, "one function"),
    ],
)
def test_malformed_files_name_path_and_line(change, line, said):
    text = change(SKILL.format())
    with pytest.raises(SkillError, match=said) as caught:
        parse_skill(text, path="skills/x/SKILL.md")
    assert str(caught.value).startswith("skills/x/SKILL.md:")
    number = int(str(caught.value).split(":")[1])
    assert number == line, (number, str(caught.value))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "a--b"}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"description": ""}, "description"),
        ({"description": "x" * 1025}, "description"),
        ({"description": "two\nlines"}, "description"),
        ({"signatures": ()}, "signatures"),
        ({"replaces": ""}, "replaces"),
        ({"repair": " "}, "repair is empty"),
        ({"repair": "## Repair"}, "heading"),
        ({"when": "```\nx\n```"}, "fence"),
        ({"code": "x = 1\n"}, "one function"),
        ({"code": "def f():\n    pass\ndef g():\n    pass\n"}, "one function"),
        ({"code": "def f(:\n"}, "line 1"),
        ({"code": "def f():\n    '''\n```\n    '''\n"}, "fence"),
        ({"extra": (("seeds", "1"),)}, "seeds"),
    ],
)
def test_a_skill_that_breaks_the_format_is_not_written(change, said):
    with pytest.raises(SkillError, match=said):
        replace(SKILL, **change).format()


def test_the_format_page_names_every_key_and_section():
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    front = yaml.safe_load(SKILL.format().split("---")[1])
    for name in (*front, *dict(list(front["metadata"].items())[:-1])):
        assert f"`{name}`" in page, name
    assert all(f"`## {title}`" in page for title in SECTIONS)
