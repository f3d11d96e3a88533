"""Prompts taken apart."""

from __future__ import annotations

import pytest

from aspire_mjx.sensing.phrase import Phrase, parse


@pytest.mark.parametrize(
    ("prompt", "phrase"),
    [
        ("The woven Basket!", Phrase("basket", ("woven",))),
        ("yellow and white mug", Phrase("mug", ("yellow", "white"))),
        ("wine glass", Phrase("glass", ("wine",))),
        ("glass bottle", Phrase("bottle", ("glass",))),
        ("the can of alphabet soup on the left", Phrase("can", owner="alphabet soup", places=("left",))),
        ("plate with red stripes", Phrase("plate", details=("red", "stripe"))),
        ("rim of the bowl", Phrase("bowl", portion="rim")),
        ("plate edge", Phrase("plate", portion="edge")),
        ("left of the plate", Phrase("plate", portion="left")),
        ("bowl from table center", Phrase("bowl", places=("middle",))),
        ("book at the back of the table", Phrase("book", places=("back",))),
        ("black bowl next to the ramekin", Phrase("bowl", ("black",), relations=(("near", "ramekin"),))),
        ("bowl between the plate and the mug", Phrase("bowl", relations=(("between", "plate and mug"),))),
        ("mug to the right of the caddy", Phrase("mug", relations=(("right", "caddy"),))),
        ("mug in front of the white microwave", Phrase("mug", relations=(("before", "white microwave"),))),
        ("closest can to the robot arm", Phrase("can", relations=(("near", "robot"),))),
        ("point to the green handle on the pot", Phrase("handle", ("green",), relations=(("at", "pot"),))),
        ("red mugs", Phrase("mug", ("red",), several=True)),
        ("cream_cheese_box", Phrase("box", ("cream", "cheese"))),
        ("the", Phrase()),
        ("", Phrase()),
    ],
)
def test_the_noun_is_found_with_what_is_said_about_it(prompt: str, phrase: Phrase) -> None:
    assert parse(prompt) == phrase


def test_without_a_noun_it_is_a_thing() -> None:
    assert parse("the red one").modifiers == parse("red").modifiers == ("red",)
    assert parse("red").head and parse("the object on the left").places == ("left",)
