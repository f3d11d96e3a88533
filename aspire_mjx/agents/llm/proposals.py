"""What a model proposes, as candidates: made of its words, checked, and different from one another."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from aspire_mjx.agents.briefing import Briefing, Parent
from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.llm.model import ToolSpec
from aspire_mjx.agents.repair import Pattern, Repair
from aspire_mjx.agents.rewrite import enclosing_function, outermost_function
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.language.program import Program
from aspire_mjx.shipped import packaged_json
from aspire_mjx.skills.admission import normalised

_FORMS = ("program", "helper", "skills")


def proposal_tool(room: int) -> ToolSpec:
    """The tool that the actor answers with."""
    entry = packaged_json("agents/llm/answers.json")["propose_candidates"]
    candidates = entry["input_schema"]["properties"]["candidates"]
    candidates["minItems"] = candidates["maxItems"] = room
    return ToolSpec("propose_candidates", entry["description"], entry["input_schema"], strict=True)


def directions(room: int) -> tuple[str, ...]:
    """As many directions as there are candidates; beyond those of the table, further tries of the first ones."""
    known = packaged_json("agents/llm/prompts/directions.json")
    return tuple(known[number % len(known)] for number in range(room))


class Proposals:
    """The candidates of one round, as far as they are right.

    Args:
        briefing: of the round.
        known: forms of programs that were tried before; those that are accepted are added.

    Attributes:
        accepted: of the last answer, in its order.
    """

    def __init__(self, briefing: Briefing, known: set[str]) -> None:
        self._briefing, self._known = briefing, known
        self._known |= {form_of(parent.candidate) for parent in briefing.parents}
        self.accepted: list[Candidate] = []

    def take(self, said: Mapping[str, Any]) -> str | None:
        """Makes candidates of an answer; what is wrong with which of them, or None where nothing is."""
        self.accepted, wrong, forms = [], [], set[str]()
        for number, each in enumerate(said["candidates"], start=1):
            try:
                candidate = candidate_of(each, self._briefing)
                form = form_of(candidate)
                if candidate.key in self._briefing.tried or form in self._known:
                    raise AspireError("it is a program that was tried before, but for names and layout")
                if form in forms:
                    raise AspireError("it is another one of this answer, but for names and layout")
                forms.add(form)
                self.accepted.append(candidate)
            except AspireError as error:
                wrong.append(f"candidate {number}: {error}")
        if wrong:
            return "propose_candidates: give all candidates again, with these put right:\n" + "\n".join(wrong)
        return None

    def settled(self) -> list[Candidate]:
        """The accepted candidates, which are known from now on."""
        self._known |= {form_of(candidate) for candidate in self.accepted}
        return self.accepted


def candidate_of(said: Mapping[str, Any], briefing: Briefing) -> Candidate:
    """One proposal as a candidate that compiles.

    Raises:
        AspireError: what is wrong with it.
    """
    parents = {parent.candidate.key: parent for parent in briefing.parents}
    if said["parent"] not in parents:
        raise UnknownNameError("parent", said["parent"], parents)
    parent = parents[said["parent"]]
    given = [form for form in _FORMS if said.get(form)]
    if len(given) != 1:
        raise AspireError(f"give one of {', '.join(_FORMS)}; it gives {', '.join(given) or 'none of them'}.")
    words = {name: str(said[name]) for name in ("hypothesis", "difference", "expected_failure")}
    if given == ["program"]:
        made = parent.candidate.revised(str(said["program"]), **words)
    else:
        repairs = [_helper(said["helper"], parent)] if given == ["helper"] else _skills(said["skills"], briefing.skills)
        made = replace(_repaired(parent, repairs), **words)
    compile_program(Program(made.program.text, "program.py"))
    return made


def _helper(said: Mapping[str, Any], parent: Parent) -> Repair:
    texts: dict[str, Any] = {name: str(said[name]) for name in ("name", "description", "when", "replaces")}
    causes = parent.diagnosis.causes[:1]
    answers = tuple(Pattern.of(cause.signature) for cause in causes) or (Pattern(),)
    return Repair(answers=answers, sketch=str(said["code"]), **texts)


def _skills(names: Iterable[str], skills: Sequence[Repair]) -> list[Repair]:
    known = {skill.name: skill for skill in skills}
    for name in names:
        if name not in known:
            raise UnknownNameError("retrieved skill", name, known)
    return [known[name] for name in names]


def _repaired(parent: Parent, repairs: Iterable[Repair]) -> Candidate:
    candidate = parent.candidate
    for repair in repairs:
        made = candidate.with_repairs([*candidate.repairs, (repair, _function(parent, repair))])
        if repair not in [each for each, _ in made.repairs]:
            raise AspireError(
                f"{repair.name}: the program calls nothing that {repair.replaces!r} names, or defines {repair.helper} "
                "already."
            )
        candidate = made
    return replace(candidate, parent=parent.candidate.key)


def _function(parent: Parent, repair: Repair) -> str:
    """What a repair for functions stands in for: the function around a blamed call, or else that of the whole task."""
    if not repair.wraps_function:
        return ""
    base = parent.candidate.base.text
    around = (enclosing_function(base, cause.path) for cause in parent.diagnosis.causes if not repair.outermost)
    return next((function for function in around if function), outermost_function(base))


def form_of(candidate: Candidate) -> str:
    """A candidate without what does not change what it does: names, comments, docstrings, layout."""
    whole = ast.parse("def program():\n    pass\n").body[0]
    assert isinstance(whole, ast.FunctionDef)
    whole.body = ast.parse(candidate.program.text).body or whole.body
    return f"{normalised(whole)}{candidate.tunables}"
