"""A simulated open-vocabulary detector: from visible pixels and a prompt's words to a mask with a score.

It is told which instance each pixel shows and what each instance is, and gets the rest wrong on purpose: it misses
things, takes look-alikes for each other, and trusts little what it sees little of. It knows nothing about positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.errors import WorldError
from aspire_mjx.sensing.noise import NoiseModel, gaussian
from aspire_mjx.sensing.sizes import size_grades
from aspire_mjx.sensing.vocabulary import MATCH, POSSIBLE, VOCABULARY, similarity, word_of

#: Detections with a lower score are not reported.
THRESHOLD = 0.3
#: Two instances that fit the words equally are a tie when their scores are within this ratio.
TIE = 0.6
_FEW_PIXELS = 10.0  # an instance of so many pixels gets half the score
_LOOK_ALIKE, _DOUBTED = 0.85, 0.6  # score factors of the look-alike and of the true thing in a confused call
_MISTAKEN = 0.25  # score above the threshold of a thing that is reported in full view though nothing fits the words
_NEARLY_AS_GOOD = 0.9  # share of the best similarity of things that all do not quite fit
_ELEVATION = 0.55  # typical sine of the viewing angle above the horizon, for the expected visible area


class Detection(IntEnum):
    """What came of a detection. The codes are those of the primitive statuses of the same names."""

    OK = 0
    NOT_FOUND = 1
    AMBIGUOUS = 2


def prompt_table(prompts: Sequence[str], names: Sequence[Sequence[str]], instances: int) -> np.ndarray:
    """What the words say about each instance, `[N, I, 3]` float32: similarity, look-alike (0 or 1), typical area m^2.

    Args:
        prompts: `N` prompts.
        names: `N` sequences of category names, by instance id; "" is a thing without a name (such as the robot).
            Instances beyond the sequence have no name.
        instances: number of instance ids, `I`.

    Raises:
        WorldError: as many names as prompts are needed, and no more names than instances.
    """
    if len(prompts) != len(names):
        raise WorldError(f"{len(prompts)} prompts but names for {len(names)} lanes; give one of each a lane.")
    rows = [_prompt_row(prompt, tuple(known), instances) for prompt, known in zip(prompts, names, strict=True)]
    return np.stack(rows) if rows else np.zeros((0, instances, 3), np.float32)


@lru_cache(maxsize=65536)
def _prompt_row(prompt: str, names: tuple[str, ...], instances: int) -> np.ndarray:
    if len(names) > instances:
        raise WorldError(f"names for {len(names)} instances, but the scene has {instances}; name those only.")
    row = np.zeros((instances, 3), np.float32)
    similar = np.array([similarity(prompt, name) for name in names])
    most = similar.max(initial=0.0)
    fits = similar >= (MATCH if most >= MATCH else max(POSSIBLE, _NEARLY_AS_GOOD * most))
    alike = {other for name, fit in zip(names, fits, strict=True) if fit for other in word_of(name).look_alikes}
    alike |= {name for name in names if _meant(prompt) & set(word_of(name).look_alikes)}
    row[: len(names), 0] = np.where(fits, similar * size_grades(prompt, names, fits), 0.0)
    row[: len(names), 1] = [not fit and name in alike for name, fit in zip(names, fits, strict=True)]
    row[: len(names), 2] = [_typical_area(name) for name in names]
    return row


def point_table(targets: np.ndarray, names: Sequence[Sequence[str]], instances: int) -> np.ndarray:
    """As :func:`prompt_table`, where instance ``targets[n]`` of lane `n` was pointed at; -1 at none."""
    table = np.zeros((len(targets), instances, 3), np.float32)
    for lane in np.flatnonzero(targets >= 0).tolist():
        table[lane, targets[lane]] = 1.0, 0.0, _typical_area(names[lane][targets[lane]])
    return table


@lru_cache(maxsize=4096)
def _typical_area(name: str) -> float:
    """Of a category's silhouette, m^2; 0 for a thing without a name."""
    if not name:
        return 0.0
    length, width, height = word_of(name).size
    return length * (width * _ELEVATION + height * np.sqrt(1.0 - _ELEVATION**2))


@lru_cache(maxsize=4096)
def _meant(prompt: str) -> frozenset[str]:
    """Categories of the vocabulary that a prompt fits best, whether or not they are in the scene."""
    scores = {name: similarity(prompt, name) for name in VOCABULARY}
    best = max(scores.values())
    return frozenset(name for name, score in scores.items() if score == best and score >= MATCH)


def detect_lane(
    pixels: jax.Array, distance: jax.Array, table: jax.Array, noise: NoiseModel, focal: float, draws: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """One detection call in one image (traced).

    Args:
        pixels: `[I]` visible pixels of each instance.
        distance: `[I]` mean depth of those pixels, m.
        table: `[I, 3]` of :func:`prompt_table`.
        noise: the detector's errors, dosed.
        focal: focal length, pixels.
        draws: `[4, I + 1]` of ``noise.uniforms``: a column an instance, and one for the call.

    Returns:
        target: instance id of the best detection, -1 when there is none.
        score: its score, 0 to 1; 0 when there is none.
        status: :class:`Detection` code. An AMBIGUOUS detection still has a target: the best of the tie.
        scores: `[I]` score of every reported detection, 0 elsewhere.
    """
    similar, alike, area = table[:, 0], table[:, 1], table[:, 2]
    count = pixels.astype(jnp.float32)
    expected = area * focal * focal / jnp.maximum(distance, 0.05) ** 2
    visible = jnp.clip(count / jnp.maximum(expected, 1.0), 0.0, 1.0)
    clear = count / (count + _FEW_PIXELS) * (0.25 + 0.75 * visible)

    confused = draws[0, -1] < noise.confusion_probability
    words = jnp.where(confused, jnp.maximum(similar * _DOUBTED, alike * _LOOK_ALIKE), similar)
    chance = noise.miss_probability * (1.0 + 4.0 * _FEW_PIXELS / jnp.maximum(count, 1.0))
    missed = draws[0, :-1] < chance
    scores = words * clear + jnp.where(words > 0, noise.score_sigma * gaussian(draws[1, :-1]), 0.0)
    scores = jnp.where((words > 0) & (count > 0) & ~missed, jnp.clip(scores, 0.0, 1.0), 0.0)
    scores = jnp.where(scores >= THRESHOLD, scores, 0.0)

    seen = (count > 0) & (area > 0)
    mistaken = ~jnp.any((similar > 0) | (alike > 0)) & (draws[2, -1] < noise.false_positive_probability)
    some = jnp.argmax(jnp.where(seen, draws[2, :-1], -1.0)) == jnp.arange(len(count))
    scores = jnp.where(mistaken & some & seen, THRESHOLD + _MISTAKEN * clear, scores)

    best = jnp.argmax(scores)
    score = scores[best]
    rivals = (scores >= TIE * score) & (similar == similar[best]) & (similar > 0)
    tie = (jnp.sum(rivals) > 1) & (similar[best] > 0)
    status = jnp.where(score <= 0, Detection.NOT_FOUND, jnp.where(tie, Detection.AMBIGUOUS, Detection.OK))
    return jnp.where(score > 0, best, -1), score, status, scores
