"""Markdown is cut at its headings as a Markdown parser sees them, and lines are those of the file."""

from __future__ import annotations

import pytest

from aspire_mjx.errors import SkillError
from aspire_mjx.skills.markdown import first_paragraph, front_matter, python_blocks, sections

TEXT = """Above all.

# The title

About it.

## First *thing*

One
line.

### Below

```python
# not a heading
x = 1
```

## Second
"""


def test_a_single_title_and_the_level_below_it_are_cut():
    assert [(s.title, s.line) for s in sections(TEXT)] == [("", 1), ("The title", 3), ("First thing", 7)]
    assert sections(TEXT)[2].body.startswith("One\nline.\n\n### Below") and "# not a heading" in sections(TEXT)[2].body


def test_several_outermost_headings_are_the_only_cuts():
    assert [s.title for s in sections("# A\na\n## B\nb\n# C\nc\n")] == ["A", "C"]
    assert sections("# A\na\n## B\nb\n# C\nc\n")[0].body == "a\n## B\nb"


def test_underlined_headings_are_headings():
    assert [(s.title, s.body) for s in sections("A\n=\n\na\n\nB\n-\n\nb\n")] == [("A", "a"), ("B", "b")]


def test_no_heading_is_one_section_and_nothing_is_none():
    assert [(s.title, s.body) for s in sections("only text\n")] == [("", "only text")]
    assert sections("\n\n") == () and sections("# Empty\n") == ()


def test_blocks_of_python_with_their_lines():
    text = "```bash\nls\n```\n\n```python\na = 1\n```\n\n- item\n\n  ```py title=x\n  b = 2\n  ```\n\n```\nc\n```\n"
    assert [(b.line, b.code) for b in python_blocks(text)] == [(6, "a = 1\n"), (12, "b = 2\n")]
    assert text.split("\n")[5] == "a = 1"


def test_the_first_paragraph_is_prose_on_one_line():
    assert (
        first_paragraph("| a | b |\n|---|---|\n| 1 | 2 |\n\nSome `code`\nand *more*.\n\nNext.") == "Some code and more."
    )
    assert first_paragraph("```\nx\n```\n") == ""


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("---\na: 1\n", 1, "not closed"),
        ("---\na: 1\nb: c: d\n---\n", 3, "not YAML"),
        ("---\n- a\n---\n", 2, "must be a map"),
    ],
)
def test_broken_front_matter_tells_the_line(text, line, message):
    with pytest.raises(SkillError, match=f"^x.md:{line}: .*{message}"):
        front_matter(text.split("\n"), "x.md")
