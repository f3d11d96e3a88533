"""Tools for the skill library: search, draft, admit through the gate, import."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from aspire_mjx.agents.repair import Repair
from aspire_mjx.agents.rewrite import apply, outermost_function
from aspire_mjx.agents.tools.answer import Answer
from aspire_mjx.agents.tools.quoted import quoted
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError, SkillError, UnknownNameError
from aspire_mjx.faults.signature import Signature
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.job import Job
from aspire_mjx.seeds import Purpose
from aspire_mjx.skills.admission import PairedTrials, admit
from aspire_mjx.skills.importer import read_skills
from aspire_mjx.skills.retrieval import retrieve, retrieve_knowledge
from aspire_mjx.skills.skill import Skill

_LONGEST_BODY = 3_000  # characters of an imported skill


def search_skills(bench: Workbench, *, query: str) -> Answer:
    """Tested skills by signatures and words, then imported ones by words."""
    words, signatures = [], []
    for part in query.split():
        try:
            signatures.append(Signature.parse(part))
        except AspireError:
            words.append(part)
    language = " ".join(words)
    tested = [
        {"name": match.skill.name, "why": list(match.reasons), "skill": quoted(match.skill.format(), "skill")}
        for match in retrieve(bench.library.active(), signatures, language=language)
    ]
    imported = [
        {
            "name": skill.name,
            "tested_here": False,
            "source": quoted(skill.source, "source"),
            "skill": quoted(skill.body[:_LONGEST_BODY], "imported skill"),
        }
        for skill in retrieve_knowledge(tuple(bench.library.imported), signatures, language=language)
    ]
    return Answer({"tested": tested, "imported": imported})


def draft_skill(bench: Workbench, **fields: str) -> Answer:
    """A skill in words and code, kept as a draft."""
    skill = skill_of(fields)
    bench.draft(skill)
    return Answer({"draft": skill.name, "next": "admit_skill measures it with a program and a task that fails so"})


def skill_of(fields: Mapping[str, str]) -> Skill:
    """A draft of the texts that a tool was given.

    Raises:
        SkillError: they break the format, or the policy refuses the code.
    """
    texts: dict[str, Any] = {**fields, "signatures": (Signature.parse(fields["signature"]),)}
    del texts["signature"]
    skill = Skill(**texts, evidence_text="Not yet measured.")
    skill.format()
    skill.check_claims()
    return skill


def admit_skill(bench: Workbench, *, name: str, source: str, task: str) -> Answer:
    """The gate's decision on a draft, from paired rollouts on debug and validation seeds."""
    if name not in bench.drafts:
        raise UnknownNameError("draft", name, bench.drafts)
    repair, chosen = Repair.of_skill(bench.drafts[name]), bench.task(task)
    program = Program(source, "program.py")
    compile_program(program)
    repaired = apply(program.text, repair, function=outermost_function(program.text))
    if repaired is None:
        raise SkillError(f"draft {name!r}: the program calls nothing that {repair.replaces!r} names; give another one")
    changed = replace(program, text=repaired)
    compile_program(changed)
    seeds = (*bench.debug_seeds, *bench.validation_seeds)
    jobs = [Job(each, chosen, seed, perturbation=bench.dose(seed)) for each in (program, changed) for seed in seeds]
    batch = bench.run(jobs, purpose=Purpose.ADMIT, stage="admit_skill")
    halves = [batch.select(range(k * len(seeds), (k + 1) * len(seeds))) for k in range(2)]
    (evidence,) = PairedTrials.of(*halves)
    decision = admit(bench.drafts[name], evidence=evidence, library=bench.library)
    if decision.admitted:
        bench.library.add(decision.skill)
    return Answer(
        {
            "admitted": decision.admitted,
            "reasons": [
                {"check": reason.check, "passed": reason.passed, "detail": quoted(reason.detail, "reason")}
                for reason in decision.reasons
            ],
        }
    )


def import_skills(bench: Workbench, *, markdown: str, source: str) -> Answer:
    """Skills of a Markdown text, as knowledge that was not tested."""
    named = markdown.lstrip().startswith("---")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / ("SKILL.md" if named else "skills.md")
        file.write_text(markdown, encoding="utf-8", errors="replace")
        found = read_skills(file)
    added = [replace(skill, source=source) for skill in found.skills]
    for skill in added:
        bench.library.imported.add(skill)
    return Answer(
        {
            "imported": [skill.name for skill in added],
            "broken": [quoted(text, "problem") for text in found.broken],
            "blocks_that_do_not_run": [quoted(text, "problem") for text in found.unrunnable],
        }
    )
