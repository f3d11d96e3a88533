"""Transcripts: what is recorded is answered, in the order of each task, and nothing secret is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aspire_mjx.agents.llm.model import Reply, Request, Tokens, ToolSpec
from aspire_mjx.agents.llm.spending import BudgetReached, Limits, Spending
from aspire_mjx.agents.llm.transcript import RecordedModel, Transcript, TranscriptError

REQUEST = Request(
    role="actor",
    task="a/0",
    system=("first", "second"),
    tools=(ToolSpec("t", "d", {"type": "object"}),),
    messages=({"role": "user", "content": [{"type": "text", "text": "how many?"}]},),
    max_tokens=100,
)
OTHER = replace(REQUEST, task="a/1")


class Counting:
    """A model that counts its answers."""

    name = "counting"

    def __init__(self) -> None:
        self.asked = 0

    def complete(self, request: Request) -> Reply:
        self.asked += 1
        return Reply(({"type": "text", "text": f"{self.asked} secret-key"},), "end_turn", Tokens(fresh=5, output=2))


def recorded(path, live, **limits) -> RecordedModel:
    return RecordedModel(Transcript(path), Spending(None, Limits(**limits)), live, secrets=("secret-key",))


def test_what_is_recorded_is_not_asked_again(tmp_path):
    path, live = tmp_path / "t.jsonl", Counting()
    first = recorded(path, live)
    said = [first.complete(request) for request in (REQUEST, OTHER, REQUEST)]
    again = recorded(path, live)
    told = [again.complete(request).content for request in (OTHER, REQUEST, REQUEST)]
    assert live.asked == 3 and again.spending.total == first.spending.total
    wanted = [str(said[k].content[0]["text"]).replace("secret-key", "[key]") for k in (1, 0, 2)]
    assert [content[0]["text"] for content in told] == wanted, "each task in its own order"
    again.complete(REQUEST)
    assert live.asked == 4


def test_no_secret_is_written_and_parts_are_written_once(tmp_path):
    path = tmp_path / "t.jsonl"
    model = recorded(path, Counting())
    for _ in range(3):
        model.complete(REQUEST)
    text = path.read_text()
    assert "secret-key" not in text and text.count('"how many?"') == 1 and text.count('"first"') == 1


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"system": ("first", "third")}, "in system 2:\n  -second\n  \\+third"),
        ({"tools": ()}, "in tools 1"),
        ({"messages": ({"role": "user", "content": [{"type": "text", "text": "why?"}]},)}, "in messages 1"),
        ({"max_tokens": 101}, "in max_tokens:\n  -100\n  \\+101"),
        ({"tool": "t"}, "in tool:"),
        ({"role": "critic"}, "in role:"),
    ],
)
def test_another_question_is_found_and_named(tmp_path, changed, where):
    path = tmp_path / "t.jsonl"
    recorded(path, Counting()).complete(REQUEST)
    with pytest.raises(TranscriptError, match=where):
        recorded(path, Counting()).complete(replace(REQUEST, **changed))


def test_a_last_line_cut_short_is_dropped_and_asked_again(tmp_path):
    path, live = tmp_path / "t.jsonl", Counting()
    model = recorded(path, live)
    model.complete(REQUEST)
    model.complete(REQUEST)
    path.write_bytes(path.read_bytes()[:-20])
    again = recorded(path, live)
    for _ in range(2):
        again.complete(REQUEST)
    assert live.asked == 3 and path.read_bytes().endswith(b"}\n")


def test_a_question_that_the_budget_forbade_is_forbidden_again(tmp_path):
    path = tmp_path / "t.jsonl"
    model = recorded(path, Counting(), calls=1)
    model.complete(REQUEST)
    told = "1 calls of --max_calls=1"
    with pytest.raises(BudgetReached, match=told):
        model.complete(REQUEST)
    again = recorded(path, None, calls=10)
    again.complete(REQUEST)
    with pytest.raises(BudgetReached, match=told):
        again.complete(REQUEST)


@pytest.mark.parametrize(
    "text",
    ["{}\n", "x\n", '{"format": "aspire_mjx.transcript", "schema": 99, "model": "m"}\n', "[1]\n", "[" * 9_000 + "\n"],
)
def test_a_file_that_is_no_transcript_is_told(tmp_path, text):
    (tmp_path / "t.jsonl").write_text(text)
    with pytest.raises(TranscriptError, match="line 1: no entry of a transcript"):
        Transcript(tmp_path / "t.jsonl", read_only=True)
    with pytest.raises(TranscriptError, match="cannot be read"):
        Transcript(tmp_path / "none.jsonl", read_only=True)
