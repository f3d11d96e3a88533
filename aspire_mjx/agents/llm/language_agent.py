"""An agent that asks a language model: a critic, then an actor for each round; a distiller for skills."""

from __future__ import annotations

from collections import OrderedDict, defaultdict

from aspire_mjx.agents.briefing import Briefing, Diagnosis, Parent
from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.equipment import Equipment
from aspire_mjx.agents.llm.conversation import Conversation, text_block
from aspire_mjx.agents.llm.critic import criticise
from aspire_mjx.agents.llm.distiller import written
from aspire_mjx.agents.llm.model import Reply, Request
from aspire_mjx.agents.llm.proposals import Proposals, directions, proposal_tool
from aspire_mjx.agents.llm.spending import BudgetReached
from aspire_mjx.agents.llm.system import ACTOR, system_texts
from aspire_mjx.agents.llm.transcript import RecordedModel
from aspire_mjx.agents.protocol import Agent, RepairEvidence, Usage
from aspire_mjx.agents.tools.quoted import quoted
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.faults.report import FaultReport
from aspire_mjx.language.program_flag import api_of
from aspire_mjx.skills.skill import Skill
from aspire_mjx.traces.columns import TraceBatch

_TOOLS = (
    "show_task",
    "run_program",
    "fault_report",
    "show_rollout",
    "keyframe",
    "fork",
    "compare",
    "sweep",
    "search_skills",
)
_OF_TRACES = [name for name in _TOOLS if name not in ("show_task", "search_skills")]  # that show why programs fail
_MAX_TOKENS = 32_000  # of an answer: several whole programs
_KEPT = 64  # batches of candidates
_LONGEST_BODY = 3_000  # characters of an imported skill

_Key = tuple[str, tuple[tuple[str, float], ...]]


class LanguageAgent(Agent):
    """Asks a model for diagnoses, candidates and the words of skills. It keeps what it saw of candidates.

    Where the budget is used up it proposes nothing more, and the run goes on with what there is.

    Args:
        model: answers, and counts what that costs.
        equipment: what it may use in the run.
    """

    def __init__(self, model: RecordedModel, equipment: Equipment) -> None:
        self._model, self._aside = model, equipment.aside
        left_out = [*(_OF_TRACES if not equipment.options.get("traces", True) else ())]
        left_out += [] if equipment.options.get("skills", True) else ["search_skills"]
        self._tools = tuple(name for name in _TOOLS if name not in left_out)
        self._bench = Workbench(
            {task.key: task for task in equipment.tasks},
            equipment.evaluate,
            equipment.library,
            debug_seeds=equipment.debug_seeds,
            doses=equipment.doses,
        )
        self._traces: OrderedDict[_Key, TraceBatch] = OrderedDict()
        self._known: dict[str, set[str]] = defaultdict(set)  # forms of programs by task
        self._criticised: dict[tuple[str, str], str] = {}  # by task and candidate
        self._tasks: set[str] = set()
        self._told = False

    @property
    def usage(self) -> Usage:
        """See :class:`Agent`; of the tasks that this agent worked on, where several share the model."""
        spent = self._model.spending.spent
        return sum((used for (task, _), used in spent.items() if task in self._tasks), Usage())

    def usage_by_role(self, task: str) -> dict[str, Usage]:
        """See :class:`Agent`."""
        return {role: used for (key, role), used in self._model.spending.spent.items() if key == task}

    def critique(self, report: FaultReport, traces: TraceBatch) -> Diagnosis:
        """The report's own causes; the rollouts are kept, and the critic looks at those of the next round's parent."""
        if len(traces):
            self._traces[traces.programs[0].hash, tuple(sorted(traces.tunables(0).items()))] = traces
            while len(self._traces) > _KEPT:
                self._traces.popitem(last=False)
        return super().critique(report, traces)

    def propose(self, briefing: Briefing) -> list[Candidate]:
        """One candidate for each direction, after a diagnosis of the incumbent that was put to the test."""
        self._tasks.add(briefing.task.key)
        if briefing.room < 1:
            return []
        proposals = Proposals(briefing, self._known[briefing.task.key])
        try:
            found = self._criticise(briefing.parents[0], briefing)
            tool = proposal_tool(briefing.room)
            conversation = Conversation(self._ask, self._bench, self._tools, tool, proposals.take)
            conversation.run(
                role=ACTOR,
                task=briefing.task.key,
                system=system_texts(ACTOR, api_of(briefing.parents[0].candidate.program).profile),
                content=[text_block(self._text(briefing, found))],
                max_tokens=_MAX_TOKENS,
            )
        except BudgetReached as reached:
            self._tell(reached)
        return proposals.settled()

    def distil(self, evidence: RepairEvidence) -> Skill:
        """The repair's code in the model's words; in its own where the model gives none that a skill may have."""
        self._tasks.add(evidence.task)
        try:
            return written(self._ask, self._bench, evidence)
        except BudgetReached as reached:
            self._tell(reached)
            return super().distil(evidence)

    def _ask(self, request: Request) -> Reply:
        with self._aside():
            return self._model.complete(request)

    def _tell(self, reached: BudgetReached) -> None:
        if not self._told:
            print(f"budget reached: {reached}. The model is asked nothing more; the run goes on with what there is.")
        self._told = True

    def _traces_of(self, candidate: Candidate) -> TraceBatch | None:
        return self._traces.get((candidate.program.hash, tuple(sorted(candidate.tunables))))

    def _criticise(self, parent: Parent, briefing: Briefing) -> str:
        """What the critic found of a program, once for each; "" where nothing fails or its rollouts are not kept."""
        key, traces = (briefing.task.key, parent.candidate.key), self._traces_of(parent.candidate)
        if traces is None or traces.passes().all():
            return ""
        if key not in self._criticised:
            findings = criticise(self._ask, self._bench, parent, traces, briefing.task)
            self._criticised[key] = "\n".join(finding.text() for finding in findings)
        return self._criticised[key]

    def _text(self, briefing: Briefing, found: str) -> str:
        """The briefing of a round: everything in it that somebody else wrote is quoted."""
        parts = [
            f"Task {briefing.task.key}: {quoted(briefing.task.language, 'task name')}",
            f"Round {briefing.round} of {briefing.rounds}; {briefing.room} candidates are wanted, one a direction:",
            "\n".join(f"{number}. {text}" for number, text in enumerate(directions(briefing.room), start=1)),
        ]
        for parent in briefing.parents:
            candidate, traces = parent.candidate, self._traces_of(parent.candidate)
            batch = f"; its rollouts are {self._bench.keep(traces)[0]}" if traces is not None else ""
            settings = f"\n# runs with {dict(candidate.tunables)}" if candidate.tunables else ""
            parts += [
                f"Parent {candidate.key}: {parent.debug} on debug seeds{batch}.",
                quoted(candidate.program.text.strip() + settings, "program"),
                quoted(parent.diagnosis.text, "fault report"),
            ]
        if found:
            parts += [f"What the critic says of {briefing.parents[0].candidate.key}:", quoted(found, "diagnosis")]
        parts += [
            f"Skill {skill.name}: {quoted(f'{skill.description} When: {skill.when}', 'skill')}"
            for skill in briefing.skills
        ]
        for imported in briefing.knowledge:
            text = f"{imported.description}\n{imported.body[:_LONGEST_BODY]}"
            parts.append(f"Imported, not tested here:\n{quoted(text, 'imported skill')}")
        if briefing.analysis:
            parts += ["Tried so far:", quoted("\n".join(briefing.analysis), "findings")]
        return "\n\n".join(parts)
