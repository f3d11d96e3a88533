"""Modules that programs may import: closed namespaces whose functions refuse what is huge."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.language.modules import IMPORTS, MATH, NUMPY, RE, Facade, FacadeFunction


def _functions(facade: Facade) -> list[FacadeFunction]:
    members = [getattr(facade, name) for name in sorted(facade)]
    inner = [function for member in members if isinstance(member, Facade) for function in _functions(member)]
    return [member for member in members if isinstance(member, FacadeFunction)] + inner


FUNCTIONS = [*_functions(NUMPY), *_functions(MATH), *_functions(RE)]


def test_a_member_that_is_not_listed_does_not_exist():
    assert "load" not in NUMPY and "zeros" in NUMPY and repr(NUMPY.linalg) == "<np.linalg>"
    with pytest.raises(AttributeError, match="programs cannot use np.linalg.os"):
        _ = NUMPY.linalg.os
    modules = {"numpy", "numpy.linalg", "numpy.random", "math", "re"}
    modules |= {"scipy", "scipy.spatial", "scipy.spatial.transform"}
    own = {"aspire_mjx.language.clouds", "aspire_mjx.language.json_text"}  # of the library's functions
    assert set(IMPORTS) == modules | own


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("zeros", ((10**4, 10**4),)),
        ("full", (10**7, 1.0)),
        ("tile", (np.ones(100), 10**5)),
        ("eye", (10**4,)),
        ("linspace", (0, 1, 10**7)),
        ("arange", (10**7,)),
        ("outer", (np.ones(3000), np.ones(3000))),
        ("diag", (np.ones(3000),)),
        ("bincount", ([10**7],)),
        ("broadcast_to", (1.0, (10**4, 10**4))),
        ("add", (np.ones((3000, 1)), np.ones((1, 3000)))),
    ],
)
def test_a_huge_result_is_refused_before_it_is_computed(name, arguments):
    with pytest.raises(MemoryError, match="--max_memory raises it"):
        getattr(NUMPY, name)(*arguments)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
@pytest.mark.parametrize("arguments", [(), (1, 2, 3, 4, 5, 6, 7)], ids=["none", "many"])
def test_errors_name_the_function_that_a_program_called_and_none_of_this_package(function, arguments):
    try:
        function(*arguments)
    except Exception as error:
        said = str(error).partition("()")[0]
        assert not said.startswith(("_", "guard_")) and "<lambda>" not in said and "<locals>" not in said, str(error)
