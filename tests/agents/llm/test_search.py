"""A whole search with the real SDK against the loopback: mistakes, faults, budgets, a kill and its resume, replay."""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from aspire_mjx.agents.llm.agents import FILE
from aspire_mjx.agents.llm.model import ModelError
from aspire_mjx.agents.llm.transcript import TranscriptError
from aspire_mjx.errors import RunStopped
from aspire_mjx.experiments.left_out import LeftOut
from aspire_mjx.experiments.libero_pro import Settings, main, run
from aspire_mjx.experiments.run_directory import RunDirectory
from aspire_mjx.search.setup import SearchLimits, SeedPlan
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.worlds.suites import load_suite
from tests.support.loopback_model import Incident, Said, loopback
from tests.support.record_example import ToySession
from tests.support.toy_brain import WORDS, think

KEY = "sk-ant-only-for-the-loopback-0123456789"
MODEL = "claude-haiku-4-5-loopback"
SEEDS = SeedPlan(tuple(range(51, 66)), tuple(range(66, 81)), tuple(range(1, 11)))


@pytest.fixture
def job(toy, tmp_path, monkeypatch):
    """Runs the main job in a folder, with the model at an address."""

    def go(name, url="", *, agent="claude", resume=False, stop_after=None, actors=1, strategy="skills", **models):
        for variable, value in {"ANTHROPIC_BASE_URL": url, "OPENAI_BASE_URL": f"{url}/v1"}.items():
            monkeypatch.setenv(variable, value)
        for variable in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY"):
            monkeypatch.setenv(variable, KEY) if url else monkeypatch.delenv(variable, raising=False)
        tasks = load_suite(toy.TASK.suite)[:actors]
        settings = Settings(
            suite=toy.TASK.suite,
            tasks=tasks,
            agent=agent,
            program=toy.FIRST,
            limits=SearchLimits(candidates=4, rounds=2),
            seeds=SEEDS,
            seed=0,
            skills="",
            left_out=LeftOut.of(tasks, range(1, 81), {}),
            models={"model": MODEL, **models},
            actors=actors,
            strategy=strategy,
        )
        session = ToySession(toy.ToyRuns(stop_after=stop_after))
        with RunDirectory(tmp_path / name, settings.config(session), resume=resume) as directory:
            return run(settings, session, directory)

    return go


def result(summary: dict[str, Any]) -> dict[str, Any]:
    """What two runs of one search have in common."""
    kept = {key: summary[key] for key in ("tasks", "totals")}
    return json.loads(json.dumps(kept), object_hook=lambda each: {k: v for k, v in each.items() if k != "timing"})


def errors_of(bodies: list[dict[str, Any]]) -> list[str]:
    """Texts of the results of tools that say what was wrong."""
    last = [block for body in bodies for block in body["messages"][-1]["content"]]
    return [block["content"][0]["text"] for block in last if block.get("is_error")]


def test_a_search_gets_better_through_a_model_and_its_skill_is_let_in(job, tmp_path, toy):
    with loopback(think) as server:
        summary = job("a", server.url)
    (task,) = summary["tasks"]
    assert task["debug"]["passes"] > task["first"]["debug"]["passes"]
    assert task["repairs"] == ["retry-until-held"] and task["skills_admitted"] == ["retry-until-held"]
    skill = SkillLibrary(tmp_path / "a" / "skills").get("retry-until-held")
    assert skill.description == WORDS["description"] and skill.evidence.gains > 0
    wrong = errors_of(server.bodies)
    for said in (
        "seed 1 is a held-out seed",
        "'source' is a required property",
        "unknown tool 'reset_simulator'",
        "['batch'] is not of type 'object'",
        "candidate 1: program refused",
        "candidate 2: it is a program that was tried before, but for names and layout",
        "The diagnosis is refuted",
        "description must be one line of 1 to 1024",
    ):
        assert sum(said in text for text in wrong) >= 1, said
    first = next(body for body in server.bodies if body["tools"][-1]["name"] == "propose_candidates")
    briefing = first["messages"][0]["content"][0]["text"]
    assert f'<quoted kind="task name">\n{toy.TASK.language}\n</quoted>' in briefing
    assert "refuted by its test" in briefing and "confirmed by its test" in briefing
    system = " ".join(block["text"] for block in first["system"])
    assert "goto_pose(" in system and "**Fault signature**" in system and "At most 65536 characters" in system


def test_usage_is_counted_by_task_and_role(job):
    with loopback(think) as server:
        summary = job("a", server.url)
    used = summary["totals"]["llm"]
    assert used["calls"] == len(server.requests) and set(used["roles"]) == {"actor", "critic", "distiller"}
    assert used["tokens"] == sum(role["tokens"] for role in used["roles"].values()) > 0
    assert used["usd"] == pytest.approx(sum(role["usd"] for role in used["roles"].values()), abs=1e-5)
    assert used["usd"] > 0.01
    assert summary["tasks"][0]["llm"] == used


def test_a_model_without_a_price_is_told_in_tokens(job):
    with loopback(think) as server:
        used = job("a", server.url, model="some-model")["totals"]["llm"]
    assert used["usd"] is None and used["tokens"] > 0


def test_the_key_is_nowhere(job, tmp_path, capsys, caplog):
    caplog.set_level(logging.DEBUG)
    echo = Incident(status=429, text=f"slow down, {KEY}")
    with loopback(think, at_2=echo) as server:
        job("a", server.url)
        assert KEY in str(server.requests[0][0])
    written = [path for path in (tmp_path / "a").rglob("*") if path.is_file()]
    assert len(written) > 5 and not [path for path in written if KEY.encode() in path.read_bytes()]
    assert KEY not in caplog.text and KEY not in str(capsys.readouterr())


def test_a_replay_is_the_same_search_without_a_key(job, tmp_path):
    with loopback(think) as server:
        summary = job("a", server.url)
    again = job("b", agent="replay", transcript=str(tmp_path / "a" / FILE))
    assert result(again) == result(summary)
    events = [(tmp_path / name / "events.jsonl").read_bytes() for name in "ab"]
    assert events[0] == events[1]


def test_a_changed_question_is_found_and_named(job, tmp_path):
    with loopback(think) as server:
        job("a", server.url)
    text = (tmp_path / "a" / FILE).read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    said = next(line for line in lines if "part" in line and "You say why a robot program fails" in str(line["value"]))
    (tmp_path / "changed.jsonl").write_text(text.replace(said["part"], "0" * 16).replace("You say why", "Say why"))
    with pytest.raises(
        TranscriptError, match=r"question 1 on .* \(critic\) differs .* in system 1:\n  -Say why"
    ) as told:
        job("b", agent="replay", transcript=str(tmp_path / "changed.jsonl"))
    assert "+You say why" in str(told.value)
    short = "\n".join(text.splitlines()[:-1]) + "\n"
    (tmp_path / "short.jsonl").write_text(short)
    with pytest.raises(TranscriptError, match="holds no more answers"):
        job("c", agent="replay", transcript=str(tmp_path / "short.jsonl"))


def test_what_breaks_on_the_way_changes_nothing(job, monkeypatch):
    monkeypatch.setattr("aspire_mjx.agents.llm.model._FIRST_WAIT", 0.0)
    with loopback(think) as server:
        wanted = result(job("a", server.url))
    incidents = {"at_1": Incident(status=529), "at_4": Incident(cut=True), "at_7": Incident(event=True)}
    with loopback(think, **incidents) as server:
        assert result(job("b", server.url)) == wanted


@pytest.mark.parametrize("limit", [{"max_calls": 3}, {"max_tokens": 60_000}, {"max_usd": 0.1}], ids=str)
def test_a_budget_ends_the_questions_and_not_the_run(job, capsys, limit, tmp_path):
    with loopback(think) as server:
        summary = job("a", server.url, **limit)
    used = summary["totals"]["llm"]
    ((name, most),) = limit.items()
    assert 0 < used["calls"] == len(server.requests) < 8
    assert used[name.removeprefix("max_")] <= most
    shown = capsys.readouterr().out
    assert shown.count("budget reached") == 1 and f"it ends at --{name}=" in shown
    assert summary["tasks"][0]["heldout"]["trials"] == 10, "the run goes on to its report"
    again = job("b", agent="replay", transcript=str(tmp_path / "a" / FILE))
    assert result(again) == result(summary)


@pytest.mark.parametrize("at", [1, 5])
def test_a_run_killed_while_it_waits_is_resumed_with_what_was_answered(job, at):
    with loopback(think) as server:
        wanted, asked = result(job("whole", server.url)), len(server.requests)
    killed: list[int] = []

    def deadly(body: dict[str, Any]) -> Said:
        if len(server.requests) == at and not killed:
            killed.append(at)
            os.kill(os.getpid(), signal.SIGINT)
        return think(body)

    with loopback(deadly) as server:
        with pytest.raises(RunStopped, match="--resume"):
            job("cut", server.url)
        assert result(job("cut", server.url, resume=True)) == wanted
    assert len(server.requests) == asked + 1, "only the answer that was cut off is asked for again"


@pytest.mark.parametrize("stop_after", [1, 4])
def test_a_run_killed_in_its_rollouts_is_resumed(job, stop_after):
    with loopback(think) as server:
        wanted, asked = result(job("whole", server.url)), len(server.requests)
    with loopback(think) as server:
        with pytest.raises(RunStopped, match="--resume"):
            job("cut", server.url, stop_after=stop_after)
        assert result(job("cut", server.url, resume=True)) == wanted
    assert len(server.requests) == asked


def test_several_actors_ask_at_once_and_find_the_same_whoever_is_faster(job, tmp_path):
    def slow(task: str) -> Callable[[dict[str, Any]], Said]:
        def answer(body: dict[str, Any]) -> Said:
            time.sleep(0.05 if task in str(body["messages"][0]) else 0.0)
            return think(body)

        return answer

    summaries, events = [], []
    for name, task in (("a", "alphabet soup and"), ("b", "cream cheese")):
        with loopback(slow(task)) as server:
            summaries.append(result(job(name, server.url, actors=2)))
        events.append((tmp_path / name / "events.jsonl").read_text())
    assert summaries[0] == summaries[1] and events[0] == events[1]
    assert [task["llm"]["calls"] > 0 for task in summaries[0]["tasks"]] == [True, True]
    again = job("c", agent="replay", transcript=str(tmp_path / "a" / FILE), actors=2)
    assert result(again) == summaries[0]


def test_a_blind_model_is_told_pass_rates_alone(job):
    with loopback(think) as server:
        job("a", server.url, strategy="blind")
    assert [{tool["name"] for tool in body["tools"]} for body in server.bodies[:1]] == [
        {"show_task", "propose_candidates"}
    ], "no critic, and no tool that shows why programs fail"
    briefing = server.bodies[0]["messages"][0]["content"][0]["text"]
    assert "4/15" in briefing and "EMPTY_GRASP" not in briefing and "batch-" not in briefing


def test_flags_that_do_not_do_are_told_before_anything_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    for flags, said in {
        ("--agent=claude", "--max_usd=1", "--model=claude-unpriced"): "--prices",
        ("--agent=claude", "--transcript=none"): "cannot be read",
        ("--agent=claude", "--prices=none"): "price table",
        ("--agent=replay",): "needs --transcript",
        ("--agent=openai",): "OPENAI_BASE_URL",
    }.items():
        monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
        assert main(["libero_pro", *flags]) == 2
        assert said in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_a_wrong_key_ends_the_run_with_what_to_do(job):
    with loopback(think, at_1=Incident(status=401, text="invalid x-api-key")) as server:
        with pytest.raises(ModelError, match="invalid x-api-key"):
            job("a", server.url)
        assert job("a", server.url, resume=True)["tasks"]


def test_any_model_at_a_chat_endpoint_does_the_same_search(job):
    def native(body: dict[str, Any]) -> Said:
        return think(as_messages(body))

    with loopback(think) as server:
        wanted = result(job("a", server.url))
    with loopback(native) as server:
        found = result(job("b", server.url, agent="openai"))
    for summary in (wanted, found):
        summary["totals"].pop("llm")
        summary["tasks"][0].pop("llm")
    assert found == wanted


def as_messages(body: dict[str, Any]) -> dict[str, Any]:
    """A question of the chat endpoint with what the toy brain reads of it."""
    tools = [{"name": tool["function"]["name"]} for tool in body["tools"]]
    texts = [{"role": each["role"], "content": [{"text": each["content"]}]} for each in body["messages"][1:]]
    return {"tools": tools, "messages": texts}


def test_a_refusal_and_silence_leave_the_search_to_what_it_has(job):
    def refusing(body: dict[str, Any]) -> Said:
        return Said([{"type": "text", "text": "I would rather not."}], stop="refusal")

    with loopback(refusing) as server:
        summary = job("a", server.url)
    assert summary["tasks"][0]["rounds"] and len(server.requests) < 12


def test_a_model_that_never_answers_right_is_left_after_some_turns(job):
    def babbling(body: dict[str, Any]) -> Said:
        return Said([{"type": "text", "text": "Let me think."}], stop="max_tokens")

    with loopback(babbling) as server:
        summary = job("a", server.url)
    assert summary["tasks"][0]["heldout"]["trials"] == 10
    forced = [body for body in server.bodies if body["tool_choice"]["type"] == "tool"]
    assert forced and "cut off" in str(forced[0]["messages"][-1])
