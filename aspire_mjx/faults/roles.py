"""What role a thing plays in a task: by the words that name it, and by what the robot touched."""

from __future__ import annotations

import re
from functools import lru_cache

from aspire_mjx.extensions import added, function
from aspire_mjx.sensing.parts import asked_part, part_similarity, parts_of
from aspire_mjx.sensing.vocabulary import MATCH, similarity
from aspire_mjx.worlds.assets import asset, categories

NONE = "-"  #: stands for "no contact" and "no call"
ROLES = ("target", "container", "other", "none")
_OWN_CONTACTS = (NONE, "target", "container", "support", "self", "other")
_ADDED = added("contacts", taken=_OWN_CONTACTS)  # to the path of the rule that finds it
CONTACTS = (*_OWN_CONTACTS, *_ADDED)


def signature_words(text: str) -> frozenset[str]:
    """Lower-case words of a prompt or category name, numbers dropped: "alphabet_soup_1" -> {alphabet, soup}."""
    return frozenset(re.findall(r"[a-z]+", text.lower()))


def names_category(text: str, category: str) -> bool:
    """True when a text names an object category: the words of one contain those of the other."""
    said, known = signature_words(text), signature_words(category)
    return bool(said and known) and (said <= known or known <= said)


def role_of_text(text: str, *, target: str, container: str) -> str:
    """Role of the object that a prompt names, given the task's categories: one of :data:`ROLES`.

    A part ("middle drawer handle", "stove control knob") has the role of the thing it belongs to. A prompt that fits
    both goes to the category it shares more words with, then to the target.
    """
    if not signature_words(text):
        return "none"
    fits = [
        (len(signature_words(text) & signature_words(category)), role)
        for role, category in (("container", container), ("target", target))
        if names_category(text, category) or similarity(text, category) >= MATCH or _is_part(text, category)
    ]
    return max(fits)[1] if fits else "other"


@lru_cache(maxsize=4096)
def _is_part(text: str, category: str) -> bool:
    """True when a text names a part that things of a category have."""
    asked = asked_part(text)
    if asked is None or category not in categories():
        return False
    whole = asset(category)
    return any(part_similarity(asked, part, whole) >= MATCH for part in parts_of(whole))


_ROBOT = re.compile(r"(^|_|\b)(link\d*|wrist|hand|finger\d*|gripper|panda|robot|arm)(_|\b|\d|$)")
_SUPPORT = re.compile(r"(^|_|\b)(floor|table|ground|support)(_|\b|\d|$)")


def contact_role(first: str, second: str, *, target: str, container: str) -> str:
    """Role of what was touched in a contact pair of link or object names: one of :data:`CONTACTS`.

    The robot's own part of the pair is left out; of two things that are not the robot (a held object against a
    wall), the one that is not the target counts.
    """
    names = [name for name in (first, second) if name]
    others = [name for name in names if not _ROBOT.search(name.lower())]
    if not names:
        return NONE
    if not others:
        return "self"
    roles = []
    for name in others:
        role = role_of_text(name, target=target, container=container)
        if role == "other" and (own := _added_contact(name)):
            roles.append(own)
            continue
        roles.append("support" if _SUPPORT.search(name.lower()) else "other" if role == "none" else role)
    return next((role for role in roles if role != "target"), "target")


@lru_cache(maxsize=4096)
def _added_contact(name: str) -> str:
    """The contact role that the first rule of an extension finds for a thing; "" where none does."""
    for role, path in _ADDED.items():
        if function(path, of=f"contact {role!r}")(name):
            return role
    return ""
