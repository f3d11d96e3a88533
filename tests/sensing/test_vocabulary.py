"""What the words of a prompt say about categories."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.sensing.vocabulary import MATCH, VOCABULARY, similarity, tokens, word_of
from aspire_mjx.worlds.assets import asset, categories


def _meant(prompt: str) -> set[str]:
    return {name for name in VOCABULARY if similarity(prompt, name) >= MATCH}


@pytest.mark.parametrize("category", sorted(VOCABULARY))
def test_every_category_is_found_by_its_own_name_best_of_all(category: str) -> None:
    prompt = category.replace("_", " ")
    assert similarity(f"the {prompt}", category) == similarity(category, category) == 1.0
    assert max(similarity(prompt, other) for other in VOCABULARY if other != category) < 0.7


@pytest.mark.parametrize(
    ("prompt", "meant"),
    [
        ("soup can", {"alphabet_soup"}),
        ("the can of alphabet soup on the left", {"alphabet_soup"}),
        ("Tomato sauce can", {"tomato_sauce"}),
        ("barbecue sauce bottle", {"bbq_sauce"}),
        ("tomato ketchup", {"ketchup"}),
        ("milk carton", {"milk"}),
        ("juice", {"orange_juice"}),
        ("wicker basket", {"basket"}),
        ("yellow box of butter", {"butter"}),
        ("cans", {"alphabet_soup", "tomato_sauce"}),
        ("bottle", {"ketchup", "bbq_sauce", "salad_dressing", "wine_bottle"}),
        ("brown box", {"chocolate_pudding"}),
        ("frying pan", {"chefmate_8_frypan"}),
        ("black bowl", {"akita_black_bowl"}),
        ("the white bowl", {"white_bowl"}),
        ("bowl", {"akita_black_bowl", "white_bowl"}),
        ("wine bottle", {"wine_bottle"}),
        ("wine rack", {"wine_rack"}),
        ("coffee pot", {"moka_pot"}),
        ("red mug", {"red_coffee_mug"}),
        ("mug", {"red_coffee_mug", "porcelain_mug", "white_yellow_mug"}),
        ("black book", {"black_book"}),
        ("wooden cabinet", {"wooden_cabinet"}),
        ("box of cookies", {"cookies"}),
        ("caddy", {"desk_caddy"}),
        ("stove", {"flat_stove"}),
        ("green dragon", set()),
        ("the object on the left", set()),
        ("", set()),
    ],
)
def test_synonyms_classes_and_colours(prompt: str, meant: set[str]) -> None:
    assert _meant(prompt) == meant


def test_unknown_words_weaken_a_match() -> None:
    assert similarity("frozen alphabet soup", "alphabet_soup") == pytest.approx(2 / 3)
    assert similarity("red alphabet soup", "alphabet_soup") > similarity("blue alphabet soup", "alphabet_soup")


def test_categories_outside_the_table_are_known_by_their_name() -> None:
    assert similarity("toy boat", "wooden_toy_boat") == 1.0
    assert similarity("plate", "wooden_toy_boat") == 0.0
    assert word_of("wooden_toy_boat").look_alikes == ()
    assert similarity("plate", "") == 0.0


def test_of_two_mugs_the_colours_decide() -> None:
    assert (
        similarity("yellow and white mug", "white_yellow_mug")
        == 1.0
        > similarity("yellow and white mug", "porcelain_mug")
    )
    assert similarity("white mug", "porcelain_mug") == 1.0 > similarity("white mug", "white_yellow_mug")


def test_every_category_that_can_be_built_has_words_of_its_own_size() -> None:
    for category in categories():
        word, built = word_of(category), asset(category)
        assert similarity(category, category) == 1.0
        np.testing.assert_allclose(sorted(word.size), sorted(built.size), atol=0.002, err_msg=category)


def test_variants_are_found_by_what_they_vary_and_by_their_colour() -> None:
    assert similarity("yellow plate", "yellow_plate") == similarity("plate", "yellow_plate") == 1.0
    assert similarity("white plate", "yellow_plate") < 1.0 == similarity("white bottle", "white_bottle")
    assert similarity("bigger black bowl", "bigger_akita_black_bowl") == 1.0
    assert similarity("salad dressing", "new_salad_dressing") == 1.0


def test_look_alikes_exist_and_are_mutual() -> None:
    for name, word in VOCABULARY.items():
        for other in word.look_alikes:
            assert name in VOCABULARY[other].look_alikes


def test_tokens_drop_places_and_plurals() -> None:
    assert tokens("The Cans, next to the glass!") == {"can", "glass"}
