"""The critic: says why a program fails, in a conversation of its own, and its diagnosis is put to the test by forks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from aspire_mjx.agents.briefing import Parent
from aspire_mjx.agents.llm.conversation import Conversation, text_block
from aspire_mjx.agents.llm.model import Reply, Request, ToolSpec
from aspire_mjx.agents.llm.system import CRITIC, system_texts
from aspire_mjx.agents.tools.looking import report_of
from aspire_mjx.agents.tools.quoted import page, quoted
from aspire_mjx.agents.tools.running import change_of, run_forks
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.errors import AspireError
from aspire_mjx.faults.cause import CLASSES
from aspire_mjx.faults.forks import ForkOutcome, forkable
from aspire_mjx.language.program import Program
from aspire_mjx.language.program_flag import api_of
from aspire_mjx.shipped import packaged_json
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.traces.reader import rollout_text
from aspire_mjx.worlds.tasks import Task

CONFIRMED = 0.5  #: effect of a test from which on it confirms a diagnosis
_TOOLS = ("fault_report", "show_rollout", "keyframe", "fork")
_REFUTED = 2  # diagnoses that may be refuted before the last one is taken as it is
_FORKED, _SHOWN = 8, 2  # failures, and passes; rollouts shown at first
_MAX_TOKENS = 8_000


@dataclass(frozen=True)
class Finding:
    """A diagnosis that was put to the test.

    Attributes:
        said: what the critic gave.
        outcome: what its test did.
    """

    said: Mapping[str, Any]
    outcome: ForkOutcome

    @property
    def verdict(self) -> str:
        """Whether the test confirms it."""
        if self.outcome.effect >= CONFIRMED:
            return "confirmed"
        return "weak" if self.outcome.effect > 0 else "refuted"

    def text(self) -> str:
        """The diagnosis, its test and the verdict, for whoever writes candidates."""
        lines = ", ".join(map(str, self.said["faulty_lines"])) or "none"
        return (
            f"Diagnosis ({self.verdict} by its test): {self.said['kind']}, faulty lines {lines}. {self.said['cause']}\n"
            f"Test: {self.outcome.fork.words}; it {self.outcome.words} (effect {self.outcome.effect:.2f})."
        )


def diagnosis_tool() -> ToolSpec:
    """The tool that the critic answers with."""
    entry = packaged_json("agents/llm/answers.json")["give_diagnosis"]
    entry["input_schema"]["properties"]["kind"]["enum"] = list(CLASSES)
    return ToolSpec("give_diagnosis", entry["description"], entry["input_schema"], strict=True)


def criticise(
    ask: Callable[[Request], Reply], bench: Workbench, parent: Parent, traces: TraceBatch, task: Task
) -> list[Finding]:
    """Diagnoses of a program that fails, in order, each with what its test did; the last is the one that stands.

    Args:
        ask: the model.
        bench: that its tools work on.
        parent: the program.
        traces: of it on debug seeds.
        task: that it works on.

    Raises:
        BudgetReached: there is no budget for the next question.
    """
    program, findings = parent.candidate.program, []
    passes = np.asarray(traces.passes(), bool)
    failed, passed = forkable(traces, passes, _FORKED)

    def take(said: Mapping[str, Any]) -> str | None:
        try:
            fork = change_of(said["test"], Program(program.text, "program.py"))
        except AspireError as error:
            return f"give_diagnosis: the test cannot be run: {error}"
        (outcome,), _ = run_forks(bench, traces, [fork], [*failed, *passed])
        findings.append(Finding(said, outcome))
        if findings[-1].verdict != "refuted" or len(findings) > _REFUTED:
            return None
        return (
            f"The test was run: it {outcome.words}. The diagnosis is refuted. Give another one, which explains this "
            "too, with a test of its own."
        )

    name, _ = bench.keep(traces)
    content = [text_block(_evidence(parent, traces, task, name, failed))]
    conversation = Conversation(ask, bench, _TOOLS, diagnosis_tool(), take)
    system = system_texts(CRITIC, api_of(program).profile)
    conversation.run(role=CRITIC, task=task.key, system=system, content=content, max_tokens=_MAX_TOKENS)
    return findings


def _evidence(parent: Parent, traces: TraceBatch, task: Task, name: str, failed: list[int]) -> str:
    numbered = "\n".join(
        f"{number:>3} {line}" for number, line in enumerate(parent.candidate.program.text.split("\n"), start=1)
    )
    parts = [
        f"Task: {quoted(task.language, 'task name')}",
        f"The program, with line numbers, {parent.debug} on debug seeds; its rollouts are {name}:",
        quoted(numbered, "program"),
        quoted(page(report_of(traces), 0).text, "fault report"),
        *(quoted(page(rollout_text(traces, row), 0).text, "rollout") for row in failed[:_SHOWN]),
    ]
    return "\n\n".join(parts)
