"""A skill: a validated fix in words and code, and its SKILL.md.

The file follows the Agent Skills format (YAML front matter with ``name``, ``description`` and a ``metadata`` map of
text to text), then exactly five sections. The layout is described in docs/formats.md.
"""

from __future__ import annotations

import ast
import hashlib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from aspire_mjx.checked import checked
from aspire_mjx.errors import AspireError, SkillError
from aspire_mjx.faults.signature import Signature
from aspire_mjx.faults.statistics import mcnemar
from aspire_mjx.language.imports import missing_module
from aspire_mjx.language.policy import findings, syntax_tree
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.seeds import SeedRole, format_seeds, parse_seeds, role_of
from aspire_mjx.skills.markdown import front_matter, refuse

SkillStatus = Literal["active", "retired"]

SECTIONS = ("Failure signature", "When to apply", "Repair", "Code sketch", "Evidence")
ENCLOSING_FUNCTION = "enclosing-function"

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_TRIALS = 1_000_000
_HEADING = re.compile(r"## +(.*?) *")
_FENCE_OPEN, _FENCE_CLOSE = "```python", "```"
#: Field of :class:`Evidence` to how the metadata writes it as text, and reads it.
_EVIDENCE: dict[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    "engine": (str, str),
    "tasks": (" ".join, lambda text: tuple(text.split())),
    "seeds": (format_seeds, lambda text: parse_seeds(text) if text else ()),
    "baseline_program": (str, str),
    "repaired_program": (str, str),
    **dict.fromkeys(("trials", "baseline_passes", "repaired_passes", "gains", "losses"), (str, int)),
    "p_value": (lambda p: repr(float(p)), float),
}
_METADATA = ("signatures", "replaces", "status", *_EVIDENCE)


@checked
@dataclass(frozen=True)
class Evidence:
    """The paired trial behind a skill: the same worlds, without and with the repair.

    Attributes:
        tasks: task keys.
        seeds: seeds, the same for every task.
        engine: engine and version that ran them, e.g. "native 3.3.0".
        baseline_program: hash of the program without the repair.
        repaired_program: hash of the program with it.
        trials: pairs.
        baseline_passes: passes without the repair.
        repaired_passes: passes with it.
        gains: pairs that turned to pass.
        losses: pairs that turned to fail.
        p_value: one-sided exact McNemar test of the gain.
    """

    tasks: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    engine: str = ""
    baseline_program: str = ""
    repaired_program: str = ""
    trials: int = 0
    baseline_passes: int = 0
    repaired_passes: int = 0
    gains: int = 0
    losses: int = 0
    p_value: float = 1.0

    @property
    def problem(self) -> str:
        """What no paired trial can give; "" where the numbers are possible."""
        counts = ("trials", "baseline_passes", "repaired_passes", "gains", "losses")
        for name in counts:
            count = getattr(self, name)
            if not 0 <= count <= (self.trials if name != "trials" else _MOST_TRIALS):
                return f"{name} is {count}; it is 0 to {'trials' if name != 'trials' else _MOST_TRIALS}"
        if self.repaired_passes - self.baseline_passes != self.gains - self.losses:
            return (
                f"{self.baseline_passes} passes with {self.gains} gained and {self.losses} lost do not give "
                f"{self.repaired_passes}"
            )
        if not 0.0 <= self.p_value <= 1.0:
            return f"p_value is {self.p_value}; it is 0 to 1"
        heldout = [seed for seed in self.seeds if role_of(seed) is SeedRole.HELDOUT]
        if heldout:
            return f"seeds hold {len(heldout)} held-out seeds, such as {heldout[0]}; evidence is of 51-80"
        if not math.isclose(self.p_value, (exact := mcnemar(self.gains, self.losses)), rel_tol=1e-3):
            return f"p_value is {self.p_value:.3g}; {self.gains} gained and {self.losses} lost give {exact:.3g}"
        if self.trials and (not self.tasks or not self.seeds or len(set(self.seeds)) < len(self.seeds)):
            return "trials without tasks, without seeds, or with one seed twice; name each seed once"
        return ""

    @property
    def sentence(self) -> str:
        """The numbers in words."""
        return (
            f"{', '.join(self.tasks)}, seeds {format_seeds(self.seeds)}: {self.baseline_passes}/{self.trials} passed "
            f"without the repair, {self.repaired_passes}/{self.trials} with it ({self.gains} gained, {self.losses} "
            f"lost; one-sided exact McNemar p = {self.p_value:.3g})."
        )


@checked
@dataclass(frozen=True)
class Skill:
    """One skill. Text fields are Markdown without headings.

    Attributes:
        name: folder name: lower-case letters, digits and single hyphens, at most 64 characters.
        description: what it does and when to use it, one paragraph, at most 1024 characters.
        signatures: fault signatures it repairs.
        replaces: name of the primitive whose calls the sketch's helper wraps, or "enclosing-function".
        failure: section "Failure signature".
        when: section "When to apply".
        repair: section "Repair".
        code: section "Code sketch": Python text of one helper function.
        evidence_text: section "Evidence".
        evidence: the numbers, in the metadata.
        status: "active", or "retired" (kept for the record, not retrieved).
        extra: further metadata, text to text, e.g. why it was retired.
    """

    name: str
    description: str
    signatures: tuple[Signature, ...]
    replaces: str
    failure: str
    when: str
    repair: str
    code: str
    evidence_text: str = ""
    evidence: Evidence = field(default_factory=Evidence)
    status: SkillStatus = "active"
    extra: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for name in ("description", "failure", "when", "repair", "evidence_text"):
            object.__setattr__(self, name, getattr(self, name).strip())
        object.__setattr__(self, "code", self.code.strip("\n") + "\n")

    @property
    def definition(self) -> ast.FunctionDef:
        """Syntax tree of the helper function of the code sketch.

        Raises:
            SkillError: the code is not exactly one function.
        """
        return sole_function(self.code, of=f"skill {self.name!r}")

    @property
    def hash(self) -> str:
        """The first 12 hexadecimal digits of the sha256 of the SKILL.md text."""
        return text_hash(self.format())

    def format(self) -> str:
        """The text of SKILL.md; :func:`parse_skill` gives an equal skill back.

        Raises:
            SkillError: a field breaks the format; the message names skill and field.
        """
        self._check()
        metadata = {
            "signatures": " ".join(signature.key for signature in self.signatures),
            "replaces": self.replaces,
            "status": self.status,
            **{key: write(getattr(self.evidence, key)) for key, (write, _) in _EVIDENCE.items()},
            **dict(self.extra),
        }
        front = {"name": self.name, "description": self.description, "metadata": metadata}
        code = f"{_FENCE_OPEN}\n{self.code}{_FENCE_CLOSE}"
        bodies = (self.failure, self.when, self.repair, code, self.evidence_text)
        parts = [f"---\n{yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=1_000_000)}---\n"]
        parts += [f"\n## {title}\n\n{body}\n" for title, body in zip(SECTIONS, bodies, strict=True)]
        return "".join(parts)

    def check_claims(self) -> None:
        """What a library asks of a skill beyond its format: code that may run, and evidence that can be.

        Raises:
            SkillError: the policy refuses the code, or no paired trial on debug and validation seeds gives the numbers.
        """
        if found := findings(self.code, ROBOT_API):
            line, rule, message = found[0]
            raise SkillError(f"skill {self.name!r}: code sketch line {line}: [{rule}] {message}")
        for node in ast.walk(self.definition):
            if isinstance(node, ast.Import | ast.ImportFrom) and (module := missing_module(node, ROBOT_API)):
                raise SkillError(
                    f"skill {self.name!r}: code sketch line {node.lineno}: imports {module}, which programs do not "
                    "have; leave the import out"
                )
        if self.evidence.problem:
            raise SkillError(f"skill {self.name!r}: evidence: {self.evidence.problem}")

    def _check(self) -> None:
        check_name_and_description(self.name, self.description)
        if not self.signatures:
            raise SkillError(f"skill {self.name!r}: signatures is empty; name at least one fault signature")
        if not re.fullmatch(rf"[a-z_][a-z0-9_]*|{ENCLOSING_FUNCTION}", self.replaces):
            raise SkillError(
                f"skill {self.name!r}: replaces {self.replaces!r} is neither a primitive's name nor "
                f"{ENCLOSING_FUNCTION!r}"
            )
        taken = [key for key, _ in self.extra if key in _METADATA]
        if taken:
            raise SkillError(f"skill {self.name!r}: extra metadata {taken[0]!r} is the name of a field")
        for title in ("failure", "when", "repair", "evidence_text"):
            body = getattr(self, title)
            if not body:
                raise SkillError(f"skill {self.name!r}: {title} is empty; write a sentence")
            if any(_HEADING.fullmatch(line) or line.startswith("```") for line in body.split("\n")):
                raise SkillError(f"skill {self.name!r}: {title} holds a heading or a code fence; write plain text")
        if any(line.startswith(_FENCE_CLOSE) for line in self.code.split("\n")):
            raise SkillError(f"skill {self.name!r}: the code sketch holds a code fence")
        _ = self.definition


def text_hash(text: str) -> str:
    """The first 12 hexadecimal digits of the sha256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def check_name_and_description(name: str, description: str) -> None:
    """Raises SkillError unless both are what the Agent Skills format allows."""
    if not NAME.fullmatch(name) or len(name) > 64:
        raise SkillError(
            f"skill {name!r}: a name has 1 to 64 lower-case letters, digits and single hyphens between them"
        )
    if not 0 < len(description) <= 1024 or "\n" in description:
        raise SkillError(f"skill {name!r}: description must be one line of 1 to 1024 characters")


def sole_function(code: str, *, of: str) -> ast.FunctionDef:
    """Syntax tree of the one function of a code sketch.

    Raises:
        SkillError: the code is not exactly one function; the message starts with ``of``.
    """
    try:
        body = syntax_tree(code).body
    except SyntaxError as error:
        raise SkillError(f"{of}: code sketch line {error.lineno}: {error.msg}") from None
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        found = ", ".join(type(node).__name__ for node in body) or "nothing"
        raise SkillError(f"{of}: the code sketch must be one function definition, found {found}")
    return body[0]


def parse_skill(text: str, *, path: str = "SKILL.md") -> Skill:
    """The skill of a SKILL.md text.

    Raises:
        SkillError: the text breaks the format; the message starts with ``path:line``.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    front, first = _front_matter(lines, path)
    sections = _sections(lines, first, path)
    metadata = front["metadata"]
    code = _code(*sections["Code sketch"], path)
    bodies = {title: "\n".join(body).strip() for title, (_, body) in sections.items()}
    for title, (line, _) in sections.items():
        if not bodies[title]:
            refuse(path, line, f"section {title!r} is empty; write a sentence")
    at = {key: _line_of(lines, key) for key in (*_METADATA, "name", "description")}

    def read(key: str, convert):
        try:
            return convert(metadata[key])
        except (ValueError, AspireError) as error:
            refuse(path, at[key], f"metadata {key} {metadata[key]!r}: {error}")

    status = metadata["status"]
    if status not in ("active", "retired"):
        refuse(path, at["status"], f"status {status!r} is unknown; known: active, retired")
    skill = Skill(
        name=front["name"],
        description=front["description"],
        signatures=read("signatures", lambda keys: tuple(Signature.parse(key) for key in keys.split())),
        replaces=metadata["replaces"],
        failure=bodies["Failure signature"],
        when=bodies["When to apply"],
        repair=bodies["Repair"],
        code=code,
        evidence_text=bodies["Evidence"],
        evidence=Evidence(**{key: read(key, convert) for key, (_, convert) in _EVIDENCE.items()}),
        status=status,
        extra=tuple((key, value) for key, value in metadata.items() if key not in _METADATA),
    )
    try:
        skill._check()
        skill.check_claims()
    except SkillError as error:
        message = str(error)
        checked = ("name", "description", "signatures", "replaces", *(f"evidence: {key}" for key in _EVIDENCE))
        word = next((key for key in checked if f": {key}" in message), "name").removeprefix("evidence: ")
        line = at[word]
        if "code sketch" in message:
            inside = re.search(r"code sketch line (\d+)", message)
            fence = lines.index(_FENCE_OPEN, sections["Code sketch"][0]) + 1
            line = fence + (int(inside[1]) if inside else 0)
        refuse(path, line, message)
    return skill


def _line_of(lines: list[str], key: str) -> int:
    """Line (from 1) where a front-matter key stands; 1 when it is nowhere."""
    return next((n for n, line in enumerate(lines, 1) if line.lstrip().startswith(f"{key}:")), 1)


def _front_matter(lines: list[str], path: str) -> tuple[Mapping, int]:
    """The checked front matter, and the index of the first line after it."""
    if not lines or lines[0].rstrip() != "---":
        refuse(path, 1, "no YAML front matter; the first line must be '---'")
    front, first = front_matter(lines, path)
    for key in ("name", "description"):
        if not isinstance(front.get(key), str):
            refuse(path, _line_of(lines, key), f"front matter must have a text {key!r}")
    metadata = front.get("metadata")
    if not isinstance(metadata, dict):
        refuse(path, _line_of(lines, "metadata"), "front matter must have a map 'metadata'")
    missing = [key for key in _METADATA if key not in metadata]
    if missing:
        refuse(path, _line_of(lines, "metadata"), f"metadata lacks {', '.join(missing)}")
    for key, value in metadata.items():
        if not isinstance(key, str) or not isinstance(value, str):
            refuse(path, _line_of(lines, str(key)), f"metadata {key!r} must be text; put the value in quotes")
    return front, first


def _sections(lines: list[str], first: int, path: str) -> dict[str, tuple[int, list[str]]]:
    """Title -> (line of the heading, lines of the body); exactly the five titles, in order."""
    found: list[tuple[str, int, list[str]]] = []
    fenced = False
    for number, line in enumerate(lines[first:], first + 1):
        fenced ^= line.startswith("```")
        heading = None if fenced else _HEADING.fullmatch(line)
        if heading:
            found.append((heading[1], number, []))
        elif found:
            found[-1][2].append(line)
        elif line.strip():
            refuse(path, number, f"text before the first section; start with '## {SECTIONS[0]}'")
    for expected, (title, number, _) in zip(SECTIONS, found, strict=False):
        if title != expected:
            refuse(path, number, f"section {title!r} stands where {expected!r} belongs; order: {', '.join(SECTIONS)}")
    if len(found) > len(SECTIONS):
        refuse(path, found[len(SECTIONS)][1], f"section {found[len(SECTIONS)][0]!r} is one too many")
    if len(found) < len(SECTIONS):
        end = max(number for number, line in enumerate(lines, 1) if line.strip())
        refuse(path, end, f"section {SECTIONS[len(found)]!r} is missing")
    return {title: (number, body) for title, number, body in found}


def _code(line: int, body: list[str], path: str) -> str:
    """The text inside the one Python block of the code section."""
    text = "\n".join(body).strip()
    block = text.split("\n")
    fences = [n for n, row in enumerate(block) if row.startswith("```")]
    if len(fences) != 2 or fences != [0, len(block) - 1] or block[0].rstrip() != _FENCE_OPEN:
        refuse(path, line, "section 'Code sketch' must be one ```python block and nothing else")
    return "\n".join(block[1:-1])
