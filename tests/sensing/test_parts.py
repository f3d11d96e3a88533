"""Parts of fixtures by their words."""

from __future__ import annotations

import pytest

from aspire_mjx.sensing.parts import AskedPart, asked_part, matching, parts_of
from aspire_mjx.worlds.assets import asset


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("top drawer handle", AskedPart("handle", "top", "")),
        ("handle of the middle drawer", AskedPart("handle", "middle", "of the")),
        ("stove knob", AskedPart("knob", "", "stove")),
        ("microwave_door", AskedPart("door", "", "microwave")),
        ("lower drawer of the white cabinet", AskedPart("drawer", "bottom", "of the white cabinet")),
        ("drawer handles", AskedPart("handle", "", "")),
        ("drawer", None),
        ("top shelf", None),
        ("black bowl", None),
    ],
)
def test_words_of_parts(prompt: str, asked: AskedPart | None) -> None:
    assert asked_part(prompt) == asked


def test_cabinets_have_drawers_and_handles_stoves_a_knob_microwaves_a_door() -> None:
    def named(category: str) -> list[tuple[str, str]]:
        return [(part.noun, part.level) for part in parts_of(asset(category))]

    levels = ("top", "middle", "bottom")
    for category in ("wooden_cabinet", "white_cabinet"):
        assert sorted(named(category)) == sorted((noun, level) for noun in ("drawer", "handle") for level in levels)
    assert named("flat_stove") == [("knob", "")]
    assert named("microwave") == [("door", ""), ("handle", "")]
    assert named("milk") == named("porcelain_mug") == []


def test_a_handle_is_one_small_box_of_its_drawer() -> None:
    drawer, handle = parts_of(asset("wooden_cabinet"))[:2]
    assert len(handle.boxes) == 1 and set(handle.boxes) < set(drawer.boxes) and handle.area < 0.2 * drawer.area


@pytest.mark.parametrize(
    ("prompt", "category", "count"),
    [
        ("drawer handle", "wooden_cabinet", 3),
        ("top drawer handle", "white_cabinet", 1),
        ("white cabinet top drawer handle", "wooden_cabinet", 0),
        ("microwave handle", "microwave", 1),
        ("microwave handle", "wooden_cabinet", 0),
        ("stove knob", "flat_stove", 1),
        ("knob", "flat_stove", 1),
        ("door", "microwave", 1),
    ],
)
def test_a_prompt_means_the_parts_of_the_things_it_fits(prompt: str, category: str, count: int) -> None:
    asked = asked_part(prompt)
    assert asked is not None
    assert len(matching(prompt, asked, asset(category))) == count
