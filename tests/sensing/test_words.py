"""Single words: plain forms, properties, nearness."""

from __future__ import annotations

import pytest

from aspire_mjx.sensing.words import NEAR, PROPERTIES, are_near_colours, is_adjective, nearest_colour, plain


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("cans", "can"),
        ("boxes", "box"),
        ("dishes", "dish"),
        ("glass", "glass"),
        ("glasses", "glass"),
        ("shelves", "shelf"),
        ("berries", "berry"),
        ("grey", "gray"),
    ],
)
def test_words_have_one_plain_form(word: str, form: str) -> None:
    assert plain(word) == form


def test_wordnet_knows_adjectives_and_near_nouns() -> None:
    assert PROPERTIES["crimson"] == ("colour", "red") and PROPERTIES["earthenware"] == ("material", "ceramic")
    assert PROPERTIES["tiny"] == ("size", "small") and PROPERTIES["circular"] == ("shape", "round")
    assert NEAR["canister"] == {"tin": 1.0} and NEAR["skillet"]["pan"] > NEAR["container"]["mug"]
    assert "banana" not in NEAR and "chocolate" not in PROPERTIES and "lime" not in NEAR
    assert is_adjective("wooden") and is_adjective("horizontal") and not is_adjective("hammer")


def test_colours_have_neighbours_and_names() -> None:
    assert are_near_colours("silver", "gray") and not are_near_colours("blue", "red")
    assert nearest_colour((0.16, 0.13, 0.11)) == "black" and nearest_colour((0.72, 0.73, 0.75)) == "silver"
