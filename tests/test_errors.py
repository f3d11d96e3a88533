"""The project's errors say the same after a copy or a trip between processes."""

from __future__ import annotations

import copy
import pickle

import pytest

from aspire_mjx.errors import AspireError, BddlError, ProgramRefused, UnknownNameError, WorldError

ERRORS = [
    AspireError("what is wrong"),
    UnknownNameError("engine", "nativ", ["mjx", "native"]),
    BddlError(3, "no such object", filename="drawer.bddl"),
    ProgramRefused("p.py", [(1, "name", "unknown name 'x'"), (4, "import", "no os here")]),
    WorldError("too small"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("again", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))], ids=["copy", "pickle"])
def test_a_copy_is_the_same_error(error, again):
    found = again(error)
    assert type(found) is type(error) and str(found) == str(error) and vars(found) == vars(error)


def test_an_unknown_name_lists_the_known_ones_and_the_nearest():
    assert str(ERRORS[1]) == "unknown engine 'nativ'. Did you mean 'native'? Known: mjx, native."
