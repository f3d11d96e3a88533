"""Prices from a table, spending by task and role, and limits that hold before a question is asked."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from aspire_mjx.agents.llm.model import Request, Tokens, ToolSpec
from aspire_mjx.agents.llm.spending import BudgetReached, Limits, Price, Spending, length_of, read_price
from aspire_mjx.agents.protocol import Usage
from aspire_mjx.errors import AspireError

PRICE = Price(fresh=3.0, written=3.75, recalled=0.3, output=15.0)
REQUEST = Request(
    role="actor",
    task="a/0",
    system=("x" * 3_000,),
    tools=(ToolSpec("t", "d", {"type": "object"}),),
    messages=({"role": "user", "content": [{"type": "text", "text": "y" * 300}]},),
    max_tokens=1_000,
)


def test_each_class_of_tokens_has_its_rate():
    assert PRICE.of(Tokens(fresh=10**6, written=10**6, recalled=10**6, output=10**6)) == pytest.approx(22.05)


def test_the_longest_name_that_begins_so_counts(tmp_path):
    row = {"fresh": 1, "written": 1, "recalled": 1, "output": 1}
    table = {"models": {"some": row, "some-large": {**row, "output": 9}}}
    (tmp_path / "p.json").write_text(json.dumps(table))
    path = str(tmp_path / "p.json")
    assert read_price("some-large-2", path) == Price(1, 1, 1, 9)
    assert read_price("some-small", path) == Price(1, 1, 1, 1)
    assert read_price("other", path) is None
    assert read_price("claude-haiku-4-5-20251001") is not None and read_price("claude-none") is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"models": 3}', '{"models": {"a": {}}}', '{"models": {"a": {"fresh": "x"}}}']
    + [f'{{"models": {{"a": {{"fresh": {bad}, "written": 1, "recalled": 1, "output": 1}}}}}}' for bad in ("-1", "NaN")],
)
def test_a_table_that_is_none_is_told(tmp_path, text):
    (tmp_path / "p.json").write_text(text)
    with pytest.raises(AspireError, match="price table.*US dollars a million tokens"):
        read_price("a", str(tmp_path / "p.json"))


def test_a_question_is_asked_only_where_its_most_is_within_what_is_left():
    most = length_of(REQUEST) + REQUEST.max_tokens
    for limits, allowed in (
        (Limits(calls=1), True),
        (Limits(calls=0), False),
        (Limits(tokens=most), True),
        (Limits(tokens=most - 1), False),
        (Limits(usd=0.03), True),
        (Limits(usd=0.01), False),
        (Limits(), True),
    ):
        spending = Spending(PRICE, limits)
        if allowed:
            with spending.asking(REQUEST):
                assert len(spending.open) == 1
        else:
            with pytest.raises(BudgetReached, match="--max_"), spending.asking(REQUEST):
                pass
        assert not spending.open


def test_questions_that_are_being_asked_count_as_spent():
    spending = Spending(PRICE, Limits(calls=2))
    told = pytest.raises(BudgetReached, match="2 calls")
    with spending.asking(REQUEST), spending.asking(REQUEST), told, spending.asking(REQUEST):
        pass
    with spending.asking(REQUEST):
        pass


def test_spending_adds_up_by_task_and_role():
    spending = Spending(PRICE)
    for request in (REQUEST, REQUEST, replace(REQUEST, role="critic"), replace(REQUEST, task="a/1")):
        spending.enter(request, Tokens(fresh=100, output=10))
    actor = spending.spent["a/0", "actor"]
    assert (actor.calls, actor.tokens) == (2, 220) and actor.usd == pytest.approx(0.0009)
    assert spending.total.calls == 4 and set(spending.spent) == {("a/0", "actor"), ("a/0", "critic"), ("a/1", "actor")}


def test_dollars_cannot_be_bounded_without_a_price():
    with pytest.raises(AspireError, match="--prices"):
        Spending(None, Limits(usd=1.0))
    spending = Spending(None, Limits(tokens=10**6))
    spending.enter(REQUEST, Tokens(output=5))
    assert spending.total == Usage(1, 5, None)


def test_pictures_count():
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "a" * 90_000}}
    content = [{"type": "tool_result", "tool_use_id": "t", "content": [picture]}]
    with_picture = replace(REQUEST, messages=({"role": "user", "content": content},))
    assert 1_500 < length_of(with_picture) - length_of(replace(REQUEST, messages=())) < 4_000
