"""Parts of fixtures by their words."""

from __future__ import annotations

import pytest

from aspire_mjx.sensing.parts import AskedPart, asked_part, part_similarity, parts_of
from aspire_mjx.sensing.vocabulary import MATCH
from aspire_mjx.worlds.assets import asset


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("top drawer handle", AskedPart("handle", "top", "drawer", "", ())),
        ("handle of the middle drawer", AskedPart("handle", "middle", "drawer", "", ())),
        ("stove control knob", AskedPart("knob", "", "", "stove", ())),
        ("stove knob handle", AskedPart("knob", "", "", "stove", ())),
        ("microwave_door", AskedPart("door", "", "", "microwave", ())),
        ("lower drawer of the white cabinet", AskedPart("drawer", "bottom", "", "white cabinet", ())),
        ("white cabinet bottom drawer", AskedPart("drawer", "bottom", "", "white cabinet", ())),
        ("drawer handles", AskedPart("handle", "", "drawer", "", ())),
        ("shiny black handle on the pot", AskedPart("handle", "", "", "pot", ("shiny", "black"))),
        ("hammer handle", AskedPart("handle", "", "", "hammer", ())),
        ("back compartment of the caddy", AskedPart("compartment", "back", "", "caddy", ())),
        ("top of the drawer", AskedPart("top", "", "", "drawer", ())),
        ("handle of the open drawer", AskedPart("handle", "", "drawer", "", ())),
        ("open drawer", AskedPart("drawer", "", "", "", ("open",))),
        ("drawers", AskedPart("drawer", "", "", "", ())),
        ("second drawer handle", AskedPart("handle", "middle", "drawer", "", ())),
        ("third drawer from the top", AskedPart("drawer", "bottom", "", "", ())),
        ("third drawer from the bottom", AskedPart("drawer", "top", "", "", ())),
        ("second handle from the bottom", AskedPart("handle", "middle", "", "", ())),
        ("left burner", AskedPart("burner", "left", "", "", ())),
        ("stove plate", AskedPart("burner", "", "", "stove", ())),
        ("dinner plate", None),
        ("lowest drawer", AskedPart("drawer", "bottom", "", "", ())),
        ("drawer", None),
        ("drawer of the cabinet", None),
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
        drawers = [(noun, level) for noun in ("drawer", "handle") for level in levels]
        assert sorted(named(category)) == sorted([*drawers, ("top", "")])
    assert named("flat_stove") == [("knob", ""), ("burner", "")]
    assert named("microwave") == [("door", ""), ("handle", ""), ("top", "")]
    assert sorted(named("desk_caddy")) == [("compartment", side) for side in ("back", "front", "left", "right")]
    assert named("porcelain_mug") == named("chefmate_8_frypan") == [("handle", "")]
    assert named("milk") == []


def test_a_handle_is_one_small_box_of_its_drawer() -> None:
    drawer, handle = parts_of(asset("wooden_cabinet"))[:2]
    assert len(handle.boxes) == 1 and set(handle.boxes) < set(drawer.boxes) and handle.area < 0.2 * drawer.area


@pytest.mark.parametrize(
    ("prompt", "category", "count"),
    [
        ("drawer handle", "wooden_cabinet", 3),
        ("top drawer handle", "white_cabinet", 1),
        ("white cabinet top drawer handle", "wooden_cabinet", 0),
        ("black handle", "wooden_cabinet", 3),
        ("green handle", "wooden_cabinet", 0),
        ("hammer handle", "wooden_cabinet", 0),
        ("drawer handle", "porcelain_mug", 0),
        ("mug handle", "porcelain_mug", 1),
        ("microwave handle", "microwave", 1),
        ("microwave handle", "wooden_cabinet", 0),
        ("stove control knob", "flat_stove", 1),
        ("knob", "flat_stove", 1),
        ("door knob", "flat_stove", 0),
        ("door", "microwave", 1),
        ("left compartment", "desk_caddy", 1),
    ],
)
def test_a_prompt_means_the_parts_of_the_things_it_fits(prompt: str, category: str, count: int) -> None:
    asked, thing = asked_part(prompt), asset(category)
    assert asked is not None
    assert sum(part_similarity(asked, part, thing) >= MATCH for part in parts_of(thing)) == count


def test_a_part_of_another_colour_may_be_meant() -> None:
    thing, red, black = asset("wooden_cabinet"), asked_part("red drawer handle"), asked_part("black drawer handle")
    assert red is not None and black is not None
    handle = next(part for part in parts_of(thing) if part.noun == "handle")
    assert part_similarity(black, handle, thing) == 1.0 > MATCH > part_similarity(red, handle, thing) > 0.3
