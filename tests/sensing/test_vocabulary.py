"""What the words of a prompt say about categories."""

from __future__ import annotations

import pytest

from aspire_mjx.sensing.vocabulary import MATCH, VOCABULARY, similarity, tokens, word_of


def _meant(prompt: str) -> set[str]:
    return {name for name in VOCABULARY if similarity(prompt, name) >= MATCH}


@pytest.mark.parametrize("category", sorted(VOCABULARY))
def test_every_category_is_found_by_its_own_name_alone(category: str) -> None:
    prompt = category.replace("_", " ")
    assert _meant(prompt) == {category}
    assert similarity(f"the {prompt}", category) == similarity(category, category) == 1.0


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
        ("bottle", {"ketchup", "bbq_sauce", "salad_dressing"}),
        ("brown box", {"chocolate_pudding"}),
        ("frying pan", set()),
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
    assert similarity("black bowl", "akita_black_bowl") == 1.0
    assert similarity("plate", "akita_black_bowl") == 0.0
    assert word_of("plate").look_alikes == ()
    assert similarity("plate", "") == 0.0


def test_look_alikes_exist_and_are_mutual() -> None:
    for name, word in VOCABULARY.items():
        for other in word.look_alikes:
            assert name in VOCABULARY[other].look_alikes


def test_tokens_drop_places_and_plurals() -> None:
    assert tokens("The Cans, next to the glass!") == {"can", "glass"}
