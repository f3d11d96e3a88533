"""What the words of a prompt say about categories."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.sensing.vocabulary import MATCH, POSSIBLE, VOCABULARY, similarity, word_of
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
        ("woven basket", {"basket"}),
        ("red cylindrical can", {"alphabet_soup", "tomato_sauce"}),
        ("white ceramic bowl", {"white_bowl"}),
        ("plate with red stripes", {"plate"}),
        ("milk bottle", {"milk"}),
        ("rim of the bowl", {"akita_black_bowl", "white_bowl"}),
        ("teapot", {"moka_pot"}),
        ("a glass of milk", set()),
        ("butter knife", set()),
        ("coffee table", set()),
        ("wine glass", set()),
        ("banana", set()),
        ("green dragon", set()),
        ("the object on the left", set()),
        ("", set()),
    ],
)
def test_synonyms_classes_and_colours(prompt: str, meant: set[str]) -> None:
    assert _meant(prompt) == meant


def test_an_unknown_adjective_lowers_the_similarity_and_an_unknown_noun_decides() -> None:
    similar = [similarity(f"{words} alphabet soup", "alphabet_soup") for words in ("", "frozen", "frozen lukewarm")]
    assert 1.0 == similar[0] > similar[1] > similar[2] >= MATCH
    assert similarity("frozen lukewarm zesty homemade alphabet soup", "alphabet_soup") >= MATCH
    assert similarity("alphabet banana", "alphabet_soup") == similarity("banana", "alphabet_soup") == 0.0


@pytest.mark.parametrize(
    ("fits", "near", "wrong", "category"),
    [
        ("red can", "orange can", "blue can", "alphabet_soup"),
        ("black bowl", "silver bowl", "red bowl", "akita_black_bowl"),
        ("wooden tray", "wooden tray", "metal tray", "wooden_tray"),
        ("rectangular basket", "rectangular basket", "round basket", "basket"),
        ("white ceramic plate", "beige ceramic plate", "blue plastic plate", "plate"),
    ],
)
def test_colours_materials_and_shapes_grade(fits: str, near: str, wrong: str, category: str) -> None:
    assert 1.0 == similarity(fits, category) >= similarity(near, category) >= MATCH
    assert similarity(near, category) > similarity(wrong, category) >= POSSIBLE


def test_without_a_noun_the_colour_decides() -> None:
    assert {name for name in VOCABULARY if similarity("the yellow one", name) == similarity("object", name)} == {
        "butter",
        "white_yellow_mug",
        "cookies",
        "yellow_book",
        "salad_dressing",
    }
    assert MATCH > similarity("object", "plate") > POSSIBLE
    assert similarity("green thing", "red_coffee_mug") == 0.0


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
