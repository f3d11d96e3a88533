"""The gate of the skill library: a drafted skill is admitted, or refused, with every reason recorded."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from aspire_mjx.errors import SkillError
from aspire_mjx.faults.roles import names_category
from aspire_mjx.faults.statistics import mcnemar
from aspire_mjx.language.policy import findings
from aspire_mjx.primitives.registry import Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.seeds import Purpose, SeedRole, check_role, format_seeds, role_of
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.skills.skill import ENCLOSING_FUNCTION, Evidence, Skill
from aspire_mjx.traces.columns import TraceBatch, Verdict

SIGNIFICANCE = 0.05
_TRIVIAL = (0.0, 1.0)  # magnitudes that say nothing about a place
_PLACE = 0.1  # m; a triple of numbers that reaches this far looks like a place, not like an offset


class Reason(NamedTuple):
    """One check of the gate: its name, whether it passed, and what was seen."""

    check: str
    passed: bool
    detail: str


@dataclass(frozen=True)
class PairedTrials:
    """The same worlds of one task, without and with the repair.

    Attributes:
        task: task key.
        seeds: [S] seeds.
        baseline: [S] verdicts without the repair.
        repaired: [S] verdicts with it.
        categories: object categories of the task, e.g. ("alphabet_soup", "basket").
        baseline_program: hash of the program without the repair.
        repaired_program: hash of the program with it.
        engine: engine that ran both.
    """

    task: str
    seeds: tuple[int, ...]
    baseline: tuple[bool, ...]
    repaired: tuple[bool, ...]
    categories: tuple[str, ...] = ()
    baseline_program: str = ""
    repaired_program: str = ""
    engine: str = ""

    def __post_init__(self) -> None:
        if not len(self.seeds) == len(self.baseline) == len(self.repaired) or not self.seeds:
            raise SkillError(
                f"paired trials of {self.task!r}: {len(self.seeds)} seeds, {len(self.baseline)} baseline and "
                f"{len(self.repaired)} repaired verdicts; give one of each a seed, and at least one seed"
            )
        if len(set(self.seeds)) != len(self.seeds):
            raise SkillError(f"paired trials of {self.task!r}: a seed stands twice; give one pair a seed")

    @property
    def gains(self) -> int:
        """Pairs that turned from fail to pass."""
        return sum(r and not b for b, r in zip(self.baseline, self.repaired, strict=True))

    @property
    def losses(self) -> int:
        """Pairs that turned from pass to fail."""
        return sum(b and not r for b, r in zip(self.baseline, self.repaired, strict=True))

    @classmethod
    def of(
        cls, baseline: TraceBatch, repaired: TraceBatch, *, verdict: Verdict = "benchmark"
    ) -> tuple[PairedTrials, ...]:
        """Pairs of two batches, one element a task, by task key.

        Each batch holds one program, and both hold the same tasks and seeds, each pair once.

        Raises:
            SkillError: worlds that only one batch holds, or that a batch holds twice; more than one program.
        """
        verdicts = []
        for name, batch in (("baseline", baseline), ("repaired", repaired)):
            if len(batch.programs) != 1:
                raise SkillError(f"{name} batch holds {len(batch.programs)} programs; select the rollouts of one")
            keys = list(zip(batch.rollout_text("task").tolist(), batch.rollouts["seed"].tolist(), strict=True))
            verdicts.append(dict(zip(keys, batch.passes(verdict).tolist(), strict=True)))
            if len(verdicts[-1]) != len(keys):
                raise SkillError(f"{name} batch runs a world (task, seed) twice; give one rollout a world")
        alone = sorted(verdicts[0].keys() ^ verdicts[1].keys())
        if alone:
            raise SkillError(f"task {alone[0][0]} seed {alone[0][1]} is in one batch only; run both on the same worlds")
        tasks = baseline.rollout_text("task")
        pairs = []
        for task in sorted(set(tasks.tolist())):
            seeds = tuple(sorted(seed for key, seed in verdicts[0] if key == task))
            row = int(np.flatnonzero(tasks == task)[0])
            categories = (baseline.rollout_text(name)[row] for name in ("target", "container"))
            pairs.append(
                cls(
                    task=task,
                    seeds=seeds,
                    baseline=tuple(verdicts[0][task, seed] for seed in seeds),
                    repaired=tuple(verdicts[1][task, seed] for seed in seeds),
                    categories=tuple(dict.fromkeys(c for c in categories if c)),
                    baseline_program=baseline.programs[0].hash,
                    repaired_program=repaired.programs[0].hash,
                    engine=str(repaired.meta.get("engine", "")),
                )
            )
        return tuple(pairs)


@dataclass(frozen=True)
class Decision:
    """The gate's answer.

    Attributes:
        admitted: True when every check passed.
        reasons: every check, in order, with what was seen.
        skill: the draft with its evidence filled in from the trials; what to add to the library when admitted.
    """

    admitted: bool
    reasons: tuple[Reason, ...]
    skill: Skill

    @property
    def sentence(self) -> str:
        """The answer in one sentence: the gain when admitted, else what was refused."""
        if self.admitted:
            return f"{self.skill.name} admitted: {self.skill.evidence.sentence}"
        refused = "; ".join(f"{r.check}: {r.detail}" for r in self.reasons if not r.passed)
        return f"{self.skill.name} refused: {refused}"


def admit(
    draft: Skill,
    *,
    evidence: PairedTrials,
    library: SkillLibrary,
    elsewhere: Sequence[PairedTrials] = (),
    registry: Registry = ROBOT_API,
) -> Decision:
    """Decide whether a drafted skill enters a library. Nothing is written: add ``decision.skill`` when admitted.

    Args:
        draft: the skill; its evidence fields are replaced by what ``evidence`` shows.
        evidence: the task that the repair was made for; its gain is tested.
        library: where the skill would go.
        elsewhere: the same repair on other tasks; a significant loss on any refuses the skill.
        registry: the robot API that the sketch may use.
    """
    gains, losses = evidence.gains, evidence.losses
    numbers = Evidence(
        tasks=(evidence.task,),
        seeds=evidence.seeds,
        engine=evidence.engine,
        baseline_program=evidence.baseline_program,
        repaired_program=evidence.repaired_program,
        trials=len(evidence.seeds),
        baseline_passes=sum(evidence.baseline),
        repaired_passes=sum(evidence.repaired),
        gains=gains,
        losses=losses,
        p_value=mcnemar(gains, losses),
    )
    skill = replace(draft, evidence=numbers, evidence_text=numbers.sentence, status="active")
    trials = (evidence, *elsewhere)
    well_formed = _check_format(skill, registry)
    reasons = [well_formed]
    if well_formed.passed:
        categories = tuple(dict.fromkeys(c for pair in trials for c in pair.categories))
        reasons += [_check_policy(skill, registry), _check_constants(skill, categories), _check_new(skill, library)]
    reasons += [_check_seeds(trials), _check_gain(numbers)]
    reasons += [_check_loss(pair) for pair in elsewhere]
    return Decision(all(reason.passed for reason in reasons), tuple(reasons), skill)


def _check_format(skill: Skill, registry: Registry) -> Reason:
    try:
        skill.format()
    except SkillError as error:
        return Reason("format", False, str(error))
    if skill.replaces != ENCLOSING_FUNCTION and skill.replaces not in registry:
        known = ", ".join(registry.names)
        return Reason("format", False, f"replaces {skill.replaces!r} is no primitive; known: {known}")
    return Reason("format", True, f"one function {skill.definition.name!r}, five sections")


def _check_policy(skill: Skill, registry: Registry) -> Reason:
    found = findings(skill.code, registry)
    if found:
        return Reason("policy", False, "; ".join(f"line {line}: [{rule}] {message}" for line, rule, message in found))
    return Reason("policy", True, "the sketch uses only the robot API")


def _check_constants(skill: Skill, categories: Sequence[str]) -> Reason:
    found = [*_places(skill.definition), *_names(skill.definition, categories)]
    if found:
        return Reason("no scene constants", False, "; ".join(found))
    return Reason("no scene constants", True, "no coordinates and no object names of the task in the sketch")


def _places(tree: ast.AST) -> Iterable[str]:
    """Sequences of literal numbers that look like a coordinate or a pose.

    Three numbers that are not 0 or 1, or a triple with two such numbers of which one reaches further than 0.1.
    """
    for node in ast.walk(tree):
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            numbers = [value for value in map(_literal, node.elts) if value is not None]
            telling = [value for value in numbers if abs(value) not in _TRIVIAL]
            place = len(numbers) == 3 and len(telling) == 2 and max(map(abs, telling)) > _PLACE
            if len(telling) >= 3 or place:
                yield f"line {node.lineno}: {ast.unparse(node)} looks like a coordinate"


def _literal(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return float(node.value)
    return None


def _names(tree: ast.FunctionDef, categories: Sequence[str]) -> Iterable[str]:
    documentation = {id(_docstring(node)) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            for category in categories:
                if names_category(node.value, category):
                    yield f"line {node.lineno}: {node.value!r} names the task's object {category}"


def _docstring(function: ast.FunctionDef) -> ast.expr | None:
    first = function.body[0]
    return first.value if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else None


def _check_new(skill: Skill, library: SkillLibrary) -> Reason:
    code = normalised(skill.definition)
    for other in library:
        if normalised(other.definition) == code:
            return Reason("new", False, f"same code as the {other.status} skill {other.name!r}")
        if other.name == skill.name:
            return Reason("new", False, f"the name {other.name!r} is taken by another {other.status} skill")
    return Reason("new", True, f"differs from the {len(library)} skills of the library")


def normalised(function: ast.FunctionDef) -> str:
    """The code of a function without what does not change what it does.

    Left out are its own name, docstrings, comments, layout, and the names of its parameters and local variables.
    """
    tree = copy.deepcopy(function)
    names: dict[str, str] = {tree.name: "f"}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            if _docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
            node.returns = None
            names.setdefault(node.name, f"v{len(names)}")
        elif isinstance(node, ast.arg):
            node.annotation = None
            names.setdefault(node.arg, f"v{len(names)}")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.setdefault(node.id, f"v{len(names)}")
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.name = names[node.name]
        elif isinstance(node, ast.arg):
            node.arg = names[node.arg]
        elif isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return ast.dump(tree)


def _check_seeds(trials: Sequence[PairedTrials]) -> Reason:
    heldout = sorted({seed for pair in trials for seed in pair.seeds if role_of(seed) is SeedRole.HELDOUT})
    if heldout:
        return Reason("no held-out seeds", False, f"the evidence holds held-out seeds {format_seeds(heldout)}")
    check_role(Purpose.ADMIT, [seed for pair in trials for seed in pair.seeds])
    return Reason("no held-out seeds", True, "debug and validation seeds only")


def _check_gain(numbers: Evidence) -> Reason:
    passed = numbers.p_value < SIGNIFICANCE
    detail = numbers.sentence if passed else f"{numbers.sentence} The gain must have p < {SIGNIFICANCE}."
    return Reason("paired gain", passed, detail)


def _check_loss(pair: PairedTrials) -> Reason:
    p = mcnemar(pair.losses, pair.gains)
    detail = f"{pair.task}: {pair.gains} gained, {pair.losses} lost (one-sided exact McNemar p of a loss = {p:.3g})"
    return Reason("no loss elsewhere", p >= SIGNIFICANCE, detail)
