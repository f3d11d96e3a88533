"""The distiller: the words of a skill, from a repair that paired rollouts have measured. The gate decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from aspire_mjx.agents.llm.conversation import Conversation, text_block
from aspire_mjx.agents.llm.model import Reply, Request, ToolSpec
from aspire_mjx.agents.llm.system import DISTILLER, prompt
from aspire_mjx.agents.protocol import RepairEvidence
from aspire_mjx.agents.tools.quoted import RULE, quoted
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.errors import AspireError
from aspire_mjx.shipped import packaged_json
from aspire_mjx.skills.skill import Skill

_MAX_TOKENS = 4_000


def written(ask: Callable[[Request], Reply], bench: Workbench, evidence: RepairEvidence) -> Skill:
    """A measured repair as a skill in a model's words; in the repair's own where the model gives none that it may have.

    Raises:
        BudgetReached: there is no budget for the next question.
    """
    made = [evidence.repair.as_skill(evidence.signature)]

    def take(said: Mapping[str, Any]) -> str | None:
        skill = replace(made[0], **{name: " ".join(str(text).split()) for name, text in said.items()})
        try:
            skill.format()
        except AspireError as error:
            return f"write_skill: {error}"
        made.append(skill)
        return None

    entry = packaged_json("agents/llm/answers.json")["write_skill"]
    tool = ToolSpec("write_skill", entry["description"], entry["input_schema"], strict=True)
    system = (f"{prompt(DISTILLER)}\n\n{RULE}\n\n{prompt('glossary')}",)
    content = [text_block(_text(evidence))]
    Conversation(ask, bench, (), tool, take).run(
        role=DISTILLER, task=evidence.task, system=system, content=content, max_tokens=_MAX_TOKENS
    )
    return made[-1]


def _text(evidence: RepairEvidence) -> str:
    repair = evidence.repair
    return "\n\n".join(
        [
            f"The repair {repair.name} stands in for {repair.replaces}.",
            quoted(f"{repair.description}\n{repair.when}", "what its author says"),
            quoted(repair.sketch, "code"),
            f"The fault that it took away most often: {evidence.signature.key}.",
            f"The same program in the same worlds: {evidence.without} without it, {evidence.with_repair} with it.",
        ]
    )
