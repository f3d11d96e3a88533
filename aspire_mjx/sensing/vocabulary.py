"""What the detector knows of each object category, and how well the words of a prompt describe one.

The noun decides: a category that it does not name, nor comes near, is not found. What else is said grades: a colour, a
material or a shape that the category does not have, and words that nobody knows, lower the similarity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.sensing.phrase import GENERAL, Phrase, parse, words_of
from aspire_mjx.sensing.words import LEXICON, NEAR, PROPERTIES, are_near_colours, group, has_tone
from aspire_mjx.worlds.added import added_categories
from aspire_mjx.worlds.assets.catalogue import VARIANTS

#: Similarity of a prompt and a category that fits it.
MATCH = 0.6
#: Similarity from which the detector reports an instance where nothing in the world fits.
POSSIBLE = 0.25

_LOOSELY = 0.55  # similarity of a shelf to "cabinet"
_GENERAL = 0.5  # similarity of anything to "object"
_PACKED = 0.85  # of a milk carton to "milk bottle"
_PORTION = 0.95  # of a plate to "rim of the plate"
_SAID_OF_NAME = 0.7  # of tomato sauce to "tomato"
_CONTRADICTED, _NEARLY, _UNSEEN = 0.55, 0.85, 0.75  # factors: another colour, one near it, another shape
_OTHERS = 0.59  # factor of a word from the name of another thing
UNKNOWN = 0.8  #: factor of a word that nobody knows
_MANY_UNKNOWN = 0.65  # of several of them, at least
_LEAST = 0.4  # factor of all that is said together


@dataclass(frozen=True, kw_only=True)
class LexiconEntry:
    """What the detector knows of a category.

    Attributes:
        names: words and phrases that name it.
        kinds: words for its shape or class, which other things share.
        loosely: words for it where nothing in the world fits them better.
        colours: colour words.
        materials: plain words for what it is made of.
        shapes: plain words for its shape.
        size: typical length, width and height, m, from which the detector judges how much of it is visible.
        look_alikes: categories it is sometimes taken for.
        phrases: whole phrases that mean it and nothing else, though their words alone may not.
    """

    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    loosely: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    size: tuple[float, float, float] = (0.08, 0.06, 0.06)
    look_alikes: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    @cached_property
    def named(self) -> tuple[tuple[str, ...], ...]:
        """Its names, as words."""
        return tuple(tuple(words_of(name)) for name in self.names)

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Nouns for it: its kinds, and the last word of each name."""
        return frozenset((*(word for kind in self.kinds for word in words_of(kind)), *(n[-1] for n in self.named if n)))

    @cached_property
    def name_words(self) -> frozenset[str]:
        """All words of its names."""
        return frozenset(word for name in self.named for word in name)


def _vocabulary() -> dict[str, LexiconEntry]:
    """The entries of data/lexicon.json, whose groups of kinds have a name of their own."""
    found, own = {}, LEXICON["categories"]
    for category, entry in added_categories(own).items():
        x, y, z = entry["size_m"]
        own[category] = {"kinds": [], "size": [max(x, y), min(x, y), z], **entry["words"]}
        for other in own[category].get("look_alikes", ()):  # mutual
            if other not in own:
                raise UnknownNameError(f"look-alike of object category {category!r}", other, own)
            own[other]["look_alikes"] = [*own[other].get("look_alikes", ()), category]
    for category, written in own.items():
        if isinstance(written["kinds"], str):
            written["kinds"] = LEXICON["kinds"][written["kinds"]]
        found[category] = LexiconEntry(**{name: tuple(value) for name, value in written.items()})
    return found


VOCABULARY = _vocabulary()  #: category to what is known of it
_PACKAGES = group("packages")
_SURFACES = group("table") | group("floor")

#: Categories that look like another one and never stand beside it.
_SAME = {"new_salad_dressing": "salad_dressing"}


@lru_cache(maxsize=4096)
def word_of(category: str) -> LexiconEntry:
    """What is known of a category. A recoloured variant is what it varies, in the colour that its name begins with.

    A category that nothing is known of is known by the words of its name.
    """
    if category in VOCABULARY:
        return VOCABULARY[category]
    if category in _SAME:
        return VOCABULARY[_SAME[category]]
    if category not in VARIANTS:
        return LexiconEntry(names=(category.replace("_", " "),))
    variant = VARIANTS[category]
    base = VOCABULARY[variant.base]
    length, width, height = (float(side) for side in np.multiply(base.size, variant.scale))
    colours = base.colours if variant.rgb is None else (category.split("_")[0],)
    return replace(base, colours=colours, size=(length, width, height), look_alikes=())


@lru_cache(maxsize=65536)
def similarity(prompt: str, category: str) -> float:
    """How well a prompt describes a category, 0 to 1; 0 where its noun does not.

    A prompt that names the category exactly is 1. A prompt whose words are only class or colour words can be 1 for
    several categories: then the detector is in doubt between them.
    """
    return phrase_similarity(parse(prompt), category)


def phrase_similarity(phrase: Phrase, category: str) -> float:
    """As :func:`similarity`, of a prompt taken apart."""
    if not phrase.head or not category:
        return 0.0
    entry, owned = word_of(category), tuple(words_of(phrase.owner))
    said = frozenset((*phrase.said, *owned)) - {"and"}
    if any(said == frozenset(words_of(text)) - {"and"} for text in (category, *entry.phrases)):
        return _PORTION if phrase.portion else 1.0
    consumed = _consumed(said, entry)
    noun = _noun_fit(phrase.head, bool(consumed), entry)
    if not noun:
        return 0.0
    grades = [_grade(word, phrase.head, entry) for word in _without_tones(said) - consumed - {phrase.head}]
    if consumed:  # beside its own name, the name of another thing contradicts it as a wrong colour does
        grades = [_OTHERS if grade == 0.0 else grade for grade in grades]
    unknown = max(UNKNOWN ** sum(grade is None for grade in grades), _MANY_UNKNOWN)
    known = float(np.prod([grade for grade in grades if grade is not None]))
    if known == 0.0 or (noun == _GENERAL and known <= _CONTRADICTED):  # without a noun, a colour decides
        return 0.0
    details = 1.0 if all(_grade(word, phrase.head, entry) == 1.0 for word in phrase.details) else UNKNOWN
    return noun * max(known * unknown * details, _LEAST) * (_PORTION if phrase.portion else 1.0)


def _without_tones(said: frozenset[str]) -> frozenset[str]:
    """Words without those that only say how dark a named colour is."""
    kinds = {word: PROPERTIES[word].kind for word in said if word in PROPERTIES}
    return frozenset(w for w in said if "colour" not in kinds.values() or kinds.get(w) != "tone")


def _consumed(said: frozenset[str], entry: LexiconEntry) -> frozenset[str]:
    """Words that make up whole names of a category."""
    return frozenset(word for name in entry.named if said.issuperset(name) for word in name)


def _noun_fit(head: str, named: bool, entry: LexiconEntry) -> float:
    """How well a noun fits a category, of which the words around it are the name or not."""
    if head in entry.nouns:
        return 1.0
    if named and head in entry.name_words:
        return 1.0
    if named and head in _PACKAGES:
        return _PACKED
    if head in GENERAL:
        return 1.0 if named else _GENERAL
    if head in entry.name_words and head not in _SURFACES:  # a desk is no desk caddy
        return _SAID_OF_NAME
    if head in entry.loosely:
        return _LOOSELY
    near = {} if head in _NOUNS else NEAR.get(head, {})
    return max((grade for noun, grade in near.items() if noun in entry.nouns), default=0.0)


def _grade(word: str, head: str, entry: LexiconEntry) -> float | None:
    """What a word beside a noun does to the similarity; None for one that nobody knows."""
    if word in entry.nouns or word in entry.name_words:
        return 1.0
    known = PROPERTIES.get(word)
    if _others_name(word, head) and not (known and known.kind == "colour"):
        return 0.0 if head in _PACKAGES else _OTHERS
    if known is None:
        return None
    if known.kind == "colour":
        return colour_grade(known.value, entry.colours)
    if known.kind == "tone":
        return 1.0 if has_tone(known.value, entry.colours) else _CONTRADICTED
    if known.kind in ("size", "state") or known.value in (
        entry.materials if known.kind == "material" else entry.shapes
    ):
        return 1.0
    return _UNSEEN if known.kind == "shape" else _CONTRADICTED


def colour_grade(colour: str, own: Iterable[str]) -> float:
    """What a plain colour does to the similarity of a thing of some colours."""
    if colour in own:
        return 1.0
    return _NEARLY if any(are_near_colours(colour, each) for each in own) else _CONTRADICTED


@lru_cache(maxsize=65536)
def _others_name(word: str, head: str) -> bool:
    """Whether a word tells things of one noun apart, as "tomato" tells cans apart, and "milk" all that is packed."""
    nouns = _PACKAGES if head in _PACKAGES else {head}
    return any(word in other.name_words and nouns & other.nouns for other in VOCABULARY.values())


_NOUNS = frozenset().union(*(entry.nouns for entry in VOCABULARY.values()))
