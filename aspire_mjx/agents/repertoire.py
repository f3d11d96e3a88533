"""The scripted agent's repairs: small functions that a person would write, keyed by the failures they answer.

To add one, add its function to a file of ``sketches/``, and its words to ``sketches/repairs.json``: ``answers`` holds
the fields of a :class:`Pattern` for each kind of failure, where the status OK stands for a goal that is not met;
``sketch`` is the function's name; the rest are fields of :class:`Repair`. A repair that stands in for a primitive takes
the same arguments and returns what the primitive returns wherever it can, so that repairs combine. The agent prefers
the repairs that come first.
"""

from __future__ import annotations

from typing import Any

from aspire_mjx.agents.repair import Pattern, Repair
from aspire_mjx.language.function_texts import function_texts
from aspire_mjx.shipped import packaged_json

_SKETCHES = function_texts("agents/sketches", "looking", "grasping", "moving", "releasing")


def _repair(*, answers: list[dict[str, str]], sketch: str, **words: Any) -> Repair:
    return Repair(answers=tuple(Pattern(**answer) for answer in answers), sketch=_SKETCHES[sketch], **words)


REPERTOIRE = tuple(_repair(**entry) for entry in packaged_json("agents/sketches/repairs.json"))
