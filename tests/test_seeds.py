"""Seed roles, seed lists and the held-out ledger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspire_mjx import seeds
from aspire_mjx.errors import AspireError, RunDirectoryError, SeedRoleError
from aspire_mjx.seeds import HeldoutLedger, Purpose, SeedRole


def test_roles():
    assert {seeds.role_of(s) for s in seeds.DEBUG_SEEDS} == {SeedRole.DEBUG}
    assert {seeds.role_of(s) for s in seeds.VALIDATION_SEEDS} == {SeedRole.VALIDATION}
    assert {seeds.role_of(s) for s in (*seeds.HELDOUT_SEEDS, 0, 81, 12345)} == {SeedRole.HELDOUT}


@pytest.mark.parametrize("text, expected", [("51-53", (51, 52, 53)), ("1-3,7", (1, 2, 3, 7)), (" 9 , 2", (9, 2))])
def test_parse(text, expected):
    assert seeds.parse_seeds(text) == expected


@pytest.mark.parametrize("text", ["", "a", "1-", "5-3", "-4", "1,,2", "1,1", "1-3,2", "1.5", "0-99999999"])
def test_parse_refuses_and_says_why(text):
    with pytest.raises(AspireError, match="seeds ") as error:
        seeds.parse_seeds(text)
    assert repr(text) in str(error.value)


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
        with pytest.raises(SeedRoleError, match=f"seed {seed} is a"):
            seeds.check_role(purpose, [51, seed])


def test_ledger_accepts_the_same_set_again_also_after_a_restart(tmp_path):
    path = tmp_path / "run" / "heldout.jsonl"
    HeldoutLedger(path).record("libero_object_swap/3", ["aaa", "bbb"], range(1, 51))
    ledger = HeldoutLedger(path)
    ledger.record("libero_object_swap/3", ["bbb", "aaa"], range(1, 51))
    assert ledger.programs("libero_object_swap/3") == ("aaa", "bbb")
    assert len(path.read_text().splitlines()) == 1


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
    assert HeldoutLedger(path).programs("t/1") == ()
    assert path.read_text() == whole
    path.write_text("nonsense\n" + whole)
    with pytest.raises(RunDirectoryError, match="line 1"):
        HeldoutLedger(path)
