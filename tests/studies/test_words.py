"""How well prompts are understood: the floors below which no change may take it."""

from __future__ import annotations

import pytest

from experiments.studies.words import labelled_prompts, measured

PROMPTS = labelled_prompts()


def test_prompts_are_understood() -> None:
    """Labelled prompts in one world of each of their tasks, without noise."""
    figures, wrong = measured(PROMPTS, seeds=1, dose=0.0)
    assert len(PROMPTS) >= 500
    floors = {"first": 0.98, "lower": 0.95, "nothing": 0.95, "precision": 0.98, "recall": 0.92}
    low = {name: figures[name]["share"] for name, floor in floors.items() if figures[name]["share"] < floor}
    assert not low, "\n".join(wrong)


@pytest.mark.slow
def test_noise_takes_little_of_it() -> None:
    figures, wrong = measured(PROMPTS, seeds=2, dose=1.0)
    floors = {"first": 0.9, "lower": 0.85, "nothing": 0.95, "precision": 0.93, "recall": 0.85}
    low = {name: figures[name]["share"] for name, floor in floors.items() if figures[name]["share"] < floor}
    assert not low, "\n".join(wrong)


def test_an_answer_to_other_words_is_counted_as_wrong() -> None:
    """The same worlds with labels that do not fit: the figures fall."""
    some = [prompt for prompt in PROMPTS if (prompt.suite, prompt.task) == ("libero_90", 55)]
    swapped = [type(p)(p.suite, p.task, p.text, ("butter",), (), ()) for p in some]
    figures, wrong = measured(swapped, seeds=1, dose=0.0)
    assert figures["first"]["right"] == figures["precision"]["right"] == 0 and len(wrong) == len(some)
