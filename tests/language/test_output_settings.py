"""What programs say about their output: numpy's print options, warnings, flushing."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.policy import findings
from aspire_mjx.language.program import Program
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.table_robot import assert_agrees

PRINTS = """
x = np.array([[1.23456789, 1e-9], [12345.678, -0.5]])
print(x, x[0], f"{x[1]} {x[1]!r}", str(x * n), [x[0]], np.arange(30.0).reshape(5, 6))
print(1.23456789, x[0, 0], np.float32(0.1), np.array2string(x[0]), {"a": x[1]})
"""


@pytest.mark.parametrize(
    "options",
    [
        "precision=3, suppress=True",
        "precision=2",
        "linewidth=40, floatmode='fixed', sign='+'",
        "threshold=5, edgeitems=1",
        "suppress=True",
    ],
)
def test_numpy_prints_as_a_program_has_said(options: str) -> None:
    text = f"import numpy as np\n\nnp.set_printoptions({options})\nn = 2\n{PRINTS}"
    own = io.StringIO()
    with contextlib.redirect_stdout(own), np.printoptions():
        exec(text, {})
    before = np.get_printoptions()
    assert assert_agrees(text, [1, 2, 3]).ends[0].prints == own.getvalue()
    assert np.get_printoptions() == before
    assert own.getvalue() != assert_agrees(f"import numpy as np\nn = 2\n{PRINTS}", [1]).ends[0].prints


@pytest.mark.parametrize(
    "statement",
    [
        "np.set_printoptions(threshold=10**9)",
        "np.set_printoptions(threshold=100000)",
        "np.set_printoptions(precision=1000)",
        "np.set_printoptions(3)",
        "np.set_printoptions(formatter={'float': str})",
        "if True:\n    np.set_printoptions(precision=3)",
        "print(1)\nnp.set_printoptions(precision=3)",
        "x = np.set_printoptions(precision=3)",
        "def f(x=print(1)):\n    pass\nnp.set_printoptions(precision=3)",
    ],
)
def test_other_options_and_those_set_later_are_refused(statement: str) -> None:
    found = findings(f"import numpy as np\n{statement}\n", ROBOT_API)
    assert found and all("after the imports" in message for _, rule, message in found if rule == "attribute")


def test_what_is_said_about_warnings_and_buffers_changes_nothing() -> None:
    text = "import sys\nimport warnings as w\n\nw.filterwarnings('ignore')\n\n\ndef f():\n    sys.stdout.flush()\n"
    text += "    w.simplefilter('always')\n\n\nfor i in range(2):\n    f()\n    sys.stderr.flush()\nprint('on')\n"
    assert assert_agrees(text, [1]).ends[0].prints == "on\n"
    assert findings("import warnings\nwarnings.warn('no')\n", ROBOT_API)
    assert findings("warnings = 1\nwarnings.filterwarnings('ignore')\n", ROBOT_API)


def test_print_options_are_those_of_their_program() -> None:
    head = "import numpy as np\nnp.set_printoptions(precision=1)\nnp.set_printoptions(suppress=True)\n"
    assert compile_program(Program(head)).print_options == {"precision": 1, "suppress": True}
    assert compile_program(Program("import numpy as np\n")).print_options == {}
