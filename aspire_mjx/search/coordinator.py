"""The coordinator: hands out tasks, one actor each, and is the only writer of the skill library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from aspire_mjx.agents.briefing import Diagnosis
from aspire_mjx.agents.protocol import Agent, Usage
from aspire_mjx.agents.repair import Repair
from aspire_mjx.language.program import Program
from aspire_mjx.search.actor import Actor, SkillProposal, TaskOutcome
from aspire_mjx.search.lockstep import Gate, Lockstep
from aspire_mjx.search.rounds import Retrieved
from aspire_mjx.search.setup import Note, SearchSetup
from aspire_mjx.seeds import Purpose
from aspire_mjx.skills.admission import Decision, PairedTrials, admit
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.skills.retrieval import retrieve, retrieve_knowledge
from aspire_mjx.skills.skill import Skill
from aspire_mjx.worlds.tasks import Task

_NEIGHBOURS = 2  # tasks of neighbouring skills on which a new skill is tried for harm


@dataclass(frozen=True)
class TaskRecord:
    """What a run knows of one finished task.

    Attributes:
        outcome: what the actor brought back.
        decisions: the gate's answer to each drafted skill.
        skills_used: names of the library's skills in the winner.
        usage: language model use on this task.
        by_role: the same by what it was for.
    """

    outcome: TaskOutcome
    decisions: tuple[Decision, ...]
    skills_used: tuple[str, ...]
    usage: Usage
    by_role: dict[str, Usage]


#: An agent whose evaluations go through a gate.
AgentFor = Callable[[Gate], Agent]


class Coordinator:
    """Runs tasks in order, some at once; what an actor learned reaches those after it only through the library.

    Tasks that are worked on at once see the library as it was before them: what each finds does not depend on which
    is done first. Their skills are decided on in the order of the tasks.

    Args:
        setup: of every search; its agent works where one task is worked on at a time.
        library: of the run's skills.
        actors: tasks that are worked on at once.
        agent_for: makes the agent of each of several actors.
    """

    def __init__(
        self, setup: SearchSetup, library: SkillLibrary, *, actors: int = 1, agent_for: AgentFor | None = None
    ) -> None:
        self._setup, self._actors, self._agent_for = setup, actors, agent_for
        self._library = library
        self._imported = tuple(library.imported)  # nothing is imported while it runs
        self._finished: dict[str, TaskOutcome] = {}

    def run(self, tasks: Sequence[Task], program: Program) -> Iterator[TaskRecord]:
        """Work on the tasks in order, all from the same first program; one record as each is done."""
        for start in range(0, len(tasks), self._actors):
            together = tasks[start : start + self._actors]
            for outcome, agent, before in self._outcomes(together, program):
                decisions = tuple(self._decide(proposal) for proposal in outcome.proposals)
                key = outcome.task.key
                self._finished[key] = outcome
                used = tuple(repair.name for repair, _ in outcome.winner.candidate.repairs if repair.from_library)
                self._setup.note("task-done", task=key, heldout=outcome.winner.heldout.as_dict())
                yield TaskRecord(outcome, decisions, used, agent.usage - before, agent.usage_by_role(key))

    def _outcomes(self, tasks: Sequence[Task], program: Program) -> list[tuple[TaskOutcome, Agent, Usage]]:
        """What an actor for each task brings back, with its agent and what that had used before."""
        setup, agent_for = self._setup, self._agent_for
        if agent_for is None or len(tasks) == 1:
            before = setup.agent.usage
            return [(self._work(task, program, setup), setup.agent, before) for task in tasks]
        agents: dict[str, Agent] = {}

        def working(task: Task) -> Callable[[Gate, Note], TaskOutcome]:
            def work(gate: Gate, note: Note) -> TaskOutcome:
                agents[task.key] = agent_for(gate)
                own = replace(setup, agent=agents[task.key], evaluate=gate.through(setup.evaluate), note=note)
                return self._work(task, program, own)

            return work

        outcomes = Lockstep[TaskOutcome](setup.note).run([working(task) for task in tasks])
        return [(outcome, agents[outcome.task.key], Usage()) for outcome in outcomes]

    def _work(self, task: Task, program: Program, setup: SearchSetup) -> TaskOutcome:
        setup.note("task", task=task.key, language=task.language, program=program.hash)
        return Actor(setup, self._retrieve).work(task, program)

    def _retrieve(self, task: Task, diagnosis: Diagnosis) -> Retrieved:
        if not self._setup.skills:
            return Retrieved()
        signatures = [cause.signature for cause in diagnosis.causes]
        matches = retrieve(self._library.active(), signatures, language=task.language)
        knowledge = retrieve_knowledge(self._imported, signatures, language=task.language)
        return Retrieved(tuple(Repair.of_skill(match.skill) for match in matches), knowledge)

    def _decide(self, proposal: SkillProposal) -> Decision:
        ablation = proposal.ablation
        (evidence,) = PairedTrials.of(ablation.without_batch, ablation.with_batch)
        decision = admit(proposal.skill, evidence=evidence, library=self._library, elsewhere=self._elsewhere(proposal))
        if decision.admitted:
            self._library.add(decision.skill)
        self._setup.note(
            "skill",
            name=proposal.skill.name,
            task=evidence.task,
            admitted=decision.admitted,
            reasons=[reason._asdict() for reason in decision.reasons],
        )
        return decision

    def _elsewhere(self, proposal: SkillProposal) -> list[PairedTrials]:
        """The repair added to the winners of earlier tasks whose skills are its neighbours."""
        trials = []
        for key in self._neighbouring_tasks(proposal.skill)[:_NEIGHBOURS]:
            outcome = self._finished[key]
            winner = outcome.winner.candidate
            (added,) = [i for i in proposal.ablation.with_repair.repairs if i[0] == proposal.ablation.repair]
            extended = winner.with_repairs([*winner.repairs, added])
            if extended.program.hash != winner.program.hash:
                stage, seeds = f"elsewhere-{proposal.skill.name}", self._setup.seeds.learning
                batches = self._setup.evaluate_each([winner, extended], outcome.task, seeds, Purpose.ADMIT, stage)
                trials += PairedTrials.of(*batches)
        return trials

    def _neighbouring_tasks(self, skill: Skill) -> list[str]:
        """Finished tasks of the skills that replace the same call or answer the same status."""
        statuses = {signature.status for signature in skill.signatures}
        near = [
            other
            for other in self._library.active()
            if other.replaces == skill.replaces or statuses & {signature.status for signature in other.signatures}
        ]
        return [
            key for key in dict.fromkeys(k for other in near for k in other.evidence.tasks) if key in self._finished
        ]
