"""Both models over real HTTP on the loopback: answers, tools, tokens, errors, slow and broken connections, keys."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from aspire_mjx.agents.llm.anthropic_model import AnthropicModel
from aspire_mjx.agents.llm.chat_model import ChatModel
from aspire_mjx.agents.llm.model import ModelBusy, ModelError, PatientModel, Request, Tokens, ToolSpec
from tests.support.loopback_model import Incident, LoopbackModel, Said, calls, loopback, says

KEY = "sk-ant-only-for-the-loopback-0123456789"
TOOL = ToolSpec(
    "answer",
    "Answer.",
    {
        "type": "object",
        "properties": {"number": {"type": "integer", "minimum": 1}},
        "required": ["number"],
        "additionalProperties": False,
    },
    strict=True,
)
REQUEST = Request(
    role="actor",
    task="toy/0",
    system=("first", "second"),
    tools=(TOOL,),
    messages=({"role": "user", "content": [says("how many?")]},),
    max_tokens=100,
)


@pytest.fixture(params=[AnthropicModel, ChatModel])
def made(request, monkeypatch):
    """Makes the model that asks a server."""
    return maker(request.param, monkeypatch)


@pytest.fixture
def claude(monkeypatch):
    """The same for Claude alone."""
    return maker(AnthropicModel, monkeypatch)


def maker(kind, monkeypatch):
    def make(server: LoopbackModel, timeout: float = 5.0):
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        return kind("loopback", timeout=timeout)

    return make


def answering(body) -> Said:
    return Said([says("three"), calls("answer", {"number": 3})])


def test_an_answer_has_its_blocks_its_end_and_its_tokens(made):
    with loopback(answering) as server:
        reply = made(server).complete(REQUEST)
    text, call = reply.content
    assert dict(text) == says("three") and reply.text == "three" and reply.stop == "tool_use"
    assert (call["name"], call["input"]) == ("answer", {"number": 3}) and call["id"]
    assert reply.calls == (call,) and reply.tokens.total > 0 and reply.tokens.output > 0


def test_results_of_tools_go_back_with_pictures(made):
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}}
    with loopback(answering) as server:
        model = made(server)
        first = model.complete(REQUEST)
        back = {
            "type": "tool_result",
            "tool_use_id": first.calls[0]["id"],
            "content": [says("right"), picture],
            "is_error": False,
        }
        messages = (
            *REQUEST.messages,
            {"role": "assistant", "content": list(first.content)},
            {"role": "user", "content": [back]},
        )
        again = model.complete(replace(REQUEST, messages=messages, tool="answer"))
    assert again.calls and "right" in str(server.bodies[1]) and "aGk=" in str(server.bodies[1])
    assert "'answer'" in str(server.bodies[1]["tool_choice"])


@pytest.mark.parametrize(
    "incident",
    [
        Incident(status=429),
        Incident(status=529),
        Incident(status=500),
        Incident(status=503),
        Incident(cut=True),
        Incident(wait=1.5),
    ],
    ids=str,
)
def test_what_may_pass_is_asked_again(made, incident):
    waits = []
    with loopback(answering, at_1=incident, at_2=incident) as server:
        model = PatientModel(made(server, timeout=0.3), sleep=waits.append)
        assert model.complete(REQUEST).text == "three"
    assert len(server.requests) == 3
    assert waits == ([0.0, 0.0] if incident.status else [1.0, 2.0]), "what the server says, or doubling"


def test_a_model_that_stays_busy_is_given_up(made):
    incidents = {f"at_{number}": Incident(status=429) for number in range(1, 20)}
    told = pytest.raises(ModelError, match=r"did not answer in 8 tries.*--resume")
    with loopback(answering, **incidents) as server, told:
        PatientModel(made(server), sleep=lambda seconds: None).complete(REQUEST)
    assert len(server.requests) == 8


@pytest.mark.parametrize("incident", [Incident(short=True), Incident(event=True)], ids=str)
def test_a_stream_that_ends_too_early_is_asked_again(claude, incident):
    with loopback(answering, at_1=incident) as server:
        assert PatientModel(claude(server), sleep=lambda seconds: None).complete(REQUEST).text == "three"
    assert len(server.requests) == 2


def test_arguments_that_are_no_json_are_asked_for_again_at_once(claude):
    said = iter(["not JSON", {"number": 3}])
    waits = []
    with loopback(lambda body: Said([calls("answer", next(said))])) as server:
        reply = PatientModel(claude(server), sleep=waits.append).complete(REQUEST)
    assert reply.calls[0]["input"] == {"number": 3} and waits == [0.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_will_not_pass_is_told_at_once_without_the_key(made, status, caplog):
    caplog.set_level(logging.DEBUG)
    incident = Incident(status=status, text=f"wrong key {KEY}")
    with loopback(answering, at_1=incident) as server, pytest.raises(ModelError) as told:
        PatientModel(made(server)).complete(REQUEST)
    assert "loopback" in str(told.value) and KEY not in str(told.value) and "[key]" in str(told.value)
    assert len(server.requests) == 1 and KEY not in caplog.text


def test_waits_are_bounded_whatever_a_server_says(made):
    waits = []
    with loopback(answering, at_1=Incident(status=429, retry_after="86400")) as server:
        PatientModel(made(server), sleep=waits.append).complete(REQUEST)
    assert waits == [60.0]


def test_a_model_without_a_key_or_an_address_says_what_to_set(monkeypatch):
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ModelError, match="ANTHROPIC_API_KEY"):
        AnthropicModel("x")
    with pytest.raises(ModelError, match="OPENAI_BASE_URL"):
        ChatModel("x")


def test_claude_is_asked_for_caching_and_strict_tools(claude):
    with loopback(answering) as server:
        model = claude(server)
        one = model.complete(REQUEST)
        messages = (*REQUEST.messages, {"role": "assistant", "content": [says("hm")]}, *REQUEST.messages)
        other = model.complete(replace(REQUEST, messages=messages))
    body = server.bodies[0]
    assert body["stream"] is True and "temperature" not in body
    assert "cache_control" not in body["system"][0] and body["system"][1]["cache_control"] == {"type": "ephemeral"}
    assert body["messages"][-1]["content"][-1]["cache_control"] == {"type": "ephemeral"}
    (tool,) = body["tools"]
    assert tool["strict"] is True and "minimum" not in tool["input_schema"]["properties"]["number"]
    assert one.tokens.written > 0 == one.tokens.recalled and other.tokens.recalled == one.tokens.written
    assert other.tokens.total == Tokens(**vars(other.tokens)).total


def test_an_answer_that_is_none_is_asked_again(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setattr(ChatModel, "_post", lambda self, body: {"choices": []})
    with pytest.raises(ModelBusy, match="an answer that is none"):
        ChatModel("x").complete(REQUEST)
