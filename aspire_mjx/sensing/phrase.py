"""How a prompt is built: its noun, what is said about it, and where it is said to be."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from aspire_mjx.sensing.words import PROPERTIES, group, plain

_IGNORED, _PORTIONS, _SURROUNDINGS = group("ignored"), group("portions"), group("surroundings")
GENERAL, _ROBOT = group("general"), group("robot")
ROBOT_ITSELF = "robot"  #: what a relation to any part of the robot says
_JOINTS = re.compile(
    r"\b(?:"
    r"(?P<left>(?:(?:to|on|at|from) )?left (?:hand )?(?:side )?of)"
    r"|(?P<right>(?:(?:to|on|at|from) )?right (?:hand )?(?:side )?of)"
    r"|(?P<before>(?:(?:in|to|at|on) )?front (?:side )?of)"
    r"|(?P<behind>behind|(?:(?:in|to|at|on) )?(?:back|rear) (?:side )?of)"
    r"|(?P<between>(?:in )?between)"
    r"|(?P<near>(?:next|close|closest|nearest|nearer|adjacent) to|near|beside|by|alongside|against|around)"
    r"|(?P<far>(?:far|farthest|furthest|away) from)"
    r"|(?P<at>on top of|on to|onto|on|in|inside|within|at|from|atop|over|above|under|below|beneath|underneath|for|to)"
    r"|(?P<with>with|having|that has|has|containing|labeled|labelled)"
    r"|(?P<of>of)"
    r")\b"
)
#: Words for places in an image, and the plain ones.
_PLACES = {
    **{word: word for word in ("left", "right", "front", "back", "middle", "near", "far", "top", "bottom")},
    **{"leftmost": "left", "rightmost": "right", "rear": "back", "center": "middle", "central": "middle"},
    **{"nearest": "near", "closest": "near", "closer": "near", "nearer": "near", "upper": "top", "lower": "bottom"},
    **{"farthest": "far", "furthest": "far", "farther": "far", "further": "far"},
    **{"highest": "top", "topmost": "top", "uppermost": "top"},
    **{"lowest": "bottom", "bottommost": "bottom", "lowermost": "bottom"},
}


@dataclass(frozen=True)
class Phrase:
    """A prompt taken apart; all words are in plain form.

    Attributes:
        head: the noun that says what is looked for; "" when there is none.
        modifiers: the words before it, and what is in it.
        details: what it is said to have.
        owner: what it is said to be a part of, or to be full of, in words.
        places: where it is said to be in the image: "left", "right", "front", "back", "middle", "near", "far", "top",
            "bottom".
        relations: where it is said to be beside other things: what kind of place, and the words for the other thing.
        portion: the place on it that is meant, such as its rim; "" for all of it.
        several: whether it is named in the plural.
    """

    head: str = ""
    modifiers: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    owner: str = ""
    places: tuple[str, ...] = ()
    relations: tuple[tuple[str, str], ...] = ()
    portion: str = ""
    several: bool = False

    @property
    def said(self) -> tuple[str, ...]:
        """The noun and its modifiers."""
        return (*self.modifiers, *((self.head,) if self.head else ()))


def words_of(text: str) -> list[str]:
    """All words of a text in plain form, without articles and the like."""
    found = re.findall(r"[a-z0-9]+", text.lower().replace("_", " ").replace("'s", ""))
    return [plain(word) for word in found if plain(word) not in _IGNORED]


@lru_cache(maxsize=65536)
def key_words(prompt: str) -> str:
    """A prompt's words in plain form: the same for "the milk" and "Milk."."""
    return " ".join(words_of(prompt))


@lru_cache(maxsize=65536)
def parse(prompt: str) -> Phrase:
    """A prompt taken apart."""
    text = key_words(prompt)
    joints = [(joint.lastgroup or "", joint.start(), joint.end()) for joint in _JOINTS.finditer(text)]
    ends = [*(start for _, start, _ in joints[1:]), len(text)]
    core = text[: joints[0][1]].split() if joints else text.split()
    phrase = Phrase()
    for (joint, _, start), end in zip(joints, ends, strict=False):
        words = text[start:end].split()
        if not core:  # "left of the plate", "point to the mug"
            phrase, core = replace(phrase, portion="" if joint in ("at", "with") else joint), words
        elif joint == "of" and not phrase.relations and not phrase.owner:
            phrase, core = _of(phrase, core, words)
        else:
            phrase = _joined(phrase, joint, words)
    first = prompt.lower().split()
    phrase = replace(phrase, several=any(plain(word) != word and plain(word) in core for word in first))
    return _nearest(_headed(phrase, core))


def _of(phrase: Phrase, core: list[str], words: list[str]) -> tuple[Phrase, list[str]]:
    """A phrase after "CORE of WORDS": the rim of a plate is a plate, a can of soup is a soup can."""
    if core[-1] in _PORTIONS or core[-1] in GENERAL:
        places = tuple(_PLACES[word] for word in core[:-1] if word in _PLACES)
        return replace(phrase, portion=core[-1], places=phrase.places + places), words
    return replace(phrase, owner=" ".join(words)), core


def _joined(phrase: Phrase, joint: str, words: list[str]) -> Phrase:
    """A phrase after a further part of the prompt."""
    content = [word for word in words if word not in _SURROUNDINGS and word != "and"]
    if joint in ("with", "of"):
        return replace(phrase, details=phrase.details + tuple(content))
    if words and all(word in _ROBOT for word in words):
        return replace(phrase, relations=(*phrase.relations, (joint, ROBOT_ITSELF)))
    if content and not all(word in _PLACES for word in content):
        return replace(phrase, relations=(*phrase.relations, (joint, " ".join(words))))
    own = {"left": "left", "right": "right", "before": "front", "behind": "back"}.get(joint)  # of the table
    places = [_PLACES[word] for word in content] + ([own] if own else [])
    return replace(phrase, places=phrase.places + tuple(places))


def _nearest(phrase: Phrase) -> Phrase:
    """A phrase in which "closest mug to the plate" is a relation to the plate."""
    ordinal = next((place for place in phrase.places if place in ("near", "far")), "")
    if not ordinal or not any(kind == "at" for kind, _ in phrase.relations):
        return phrase
    relations = tuple((ordinal if kind == "at" else kind, words) for kind, words in phrase.relations)
    return replace(phrase, places=tuple(place for place in phrase.places if place != ordinal), relations=relations)


def _headed(phrase: Phrase, core: list[str]) -> Phrase:
    """A phrase whose noun is the last word of its core that can be one."""
    if len(core) > 1 and core[-1] in _PORTIONS - {"left", "right"}:  # "plate rim", "cabinet top"
        return _headed(replace(phrase, portion=core[-1]), core[:-1])
    said = [word for word in core if word not in _PLACES and word != "and"]
    places = tuple(_PLACES[word] for word in core if word in _PLACES)
    phrase = replace(phrase, places=phrase.places + places)
    nouns = [i for i, word in enumerate(said) if _can_be_noun(word, last=i == len(said) - 1)]
    if not nouns:
        head = min(GENERAL) if said or places else ""
        return replace(phrase, head=head, modifiers=tuple(said))
    head = nouns[-1]
    return replace(phrase, head=said[head], modifiers=tuple(said[:head] + said[head + 1 :]))


def _can_be_noun(word: str, *, last: bool) -> bool:
    """Words for materials are nouns at the end alone: a wine glass is a glass, a glass bottle is a bottle."""
    known = PROPERTIES.get(word)
    return known is None or (known.kind == "material" and last)
