"""Seed roles, seed lists and the held-out ledger."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspire_mjx import seeds
from aspire_mjx.errors import AspireError, RunDirectoryError, SeedRoleError
from aspire_mjx.seeds import HeldoutLedger, Purpose, SeedRole


def test_roles():
    ends = {0: "held-out", 1: "held-out", 50: "held-out", 51: "debug", 65: "debug", 66: "validation", 80: "validation"}
    assert {seed: seeds.role_of(seed).value for seed in ends} == ends
    assert {seeds.role_of(s) for s in seeds.DEBUG_SEEDS} == {SeedRole.DEBUG}
    assert {seeds.role_of(s) for s in seeds.VALIDATION_SEEDS} == {SeedRole.VALIDATION}
    assert {seeds.role_of(s) for s in (*range(51), 81, 12345)} == {SeedRole.HELDOUT}


@pytest.mark.parametrize("text, expected", [("51-53", (51, 52, 53)), ("1-3,7", (1, 2, 3, 7)), (" 9 , 2", (9, 2))])
def test_parse(text, expected):
    assert seeds.parse_seeds(text) == expected


@pytest.mark.parametrize("text", ["", "a", "1-", "5-3", "-4", "1,,2", "1,1", "1-3,2", "1.5", "0-99999999"])
def test_parse_refuses_and_says_why(text):
    with pytest.raises(AspireError, match="seeds ") as error:
        seeds.parse_seeds(text)
    assert repr(text) in str(error.value)


def test_a_million_seeds_are_the_most():
    assert len(seeds.parse_seeds("7,1000-1000998")) == 1_000_000
    with pytest.raises(AspireError, match="more than 1000000 seeds"):
        seeds.parse_seeds("7,1000-1000999")


def test_a_seed_that_stands_twice_is_named():
    with pytest.raises(AspireError, match="seed 2 is named twice"):
        seeds.parse_seeds("1-3,2")


@given(st.lists(st.integers(0, 300), unique=True, min_size=1))
def test_format_and_parse_round_trip(values):
    assert seeds.parse_seeds(seeds.format_seeds(values)) == tuple(values)


@pytest.mark.parametrize(
    "purpose, seed, allowed",
    [
        (Purpose.EDIT, 51, True),
        (Purpose.EDIT, 66, False),
        (Purpose.EDIT, 1, False),
        (Purpose.SELECT, 66, True),
        (Purpose.SELECT, 50, False),
        (Purpose.ADMIT, 80, True),
        (Purpose.ADMIT, 81, False),
        (Purpose.REPORT, 1, True),
        (Purpose.EXPLORE, 1, True),
    ],
)
def test_check(purpose, seed, allowed):
    if allowed:
        seeds.check_role(purpose, [seed])
    else:
        role = {1: "held-out", 50: "held-out", 66: "validation", 81: "held-out"}[seed]
        with pytest.raises(SeedRoleError, match=f"seed {seed} is a {role} seed"):
            seeds.check_role(purpose, [51, seed])


def test_ledger_accepts_the_same_set_again_also_after_a_restart(tmp_path):
    path = tmp_path / "run" / "heldout.jsonl"
    HeldoutLedger(path).record("libero_object_swap/3", ["aaa", "bbb"], range(1, 51))
    ledger = HeldoutLedger(path)
    ledger.record("libero_object_swap/3", ["bbb", "aaa"], range(1, 51))
    (line,) = path.read_text().splitlines()
    assert json.loads(line)["programs"] == ["aaa", "bbb"]


def test_ledger_enters_only_seeds_that_it_does_not_hold(tmp_path):
    path = tmp_path / "heldout.jsonl"
    ledger = HeldoutLedger(path)
    for held in ([1, 2], [2, 1], [2], [3, 2], [1, 2, 3]):
        ledger.record("t/0", ["aaa"], held)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row["seeds"] for row in rows] == ["1-2", "2-3"]


def test_ledger_refuses_another_program_on_the_same_task_only(tmp_path):
    path = tmp_path / "heldout.jsonl"
    HeldoutLedger(path).record("t/0", ["aaa"], [1, 2])
    ledger = HeldoutLedger(path)
    with pytest.raises(SeedRoleError, match="'t/0'.*aaa.*ccc"):
        ledger.record("t/0", ["ccc"], [3])
    ledger.record("t/1", ["ccc"], [1, 2])
    ledger.record("t/0", ["ccc"], [51, 66])  # no held-out seed among them


def test_ledger_drops_a_torn_last_line_and_refuses_a_damaged_one(tmp_path):
    path = tmp_path / "heldout.jsonl"
    HeldoutLedger(path).record("t/0", ["aaa"], [1])
    whole = path.read_text()
    path.write_text(whole + '{"task": "t/1", "pro')
    ledger = HeldoutLedger(path)
    assert path.read_text() == whole
    ledger.record("t/1", ["anything"], [1])  # no program has seen the seeds of that task
    assert path.read_text().startswith(whole)
    path.write_text("nonsense\n" + whole)
    with pytest.raises(RunDirectoryError, match="line 1"):
        HeldoutLedger(path)


def test_a_ledger_entry_with_programs_that_are_no_text_is_refused(tmp_path):
    (tmp_path / "h.jsonl").write_text('{"task": "t", "programs": [1], "seeds": "1"}\n')
    with pytest.raises(RunDirectoryError, match="line 1: not an entry"):
        HeldoutLedger(tmp_path / "h.jsonl")
