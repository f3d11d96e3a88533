"""Formatted text is what plain Python writes in each lane, and errors of a format are those lanes' own."""

from __future__ import annotations

import pytest

from tests.support.table_robot import assert_agrees

HEAD = """
import numpy as np
w = get_gripper_width()
n = int(w * 1000)
p, q = get_object_pose("milk") or (np.array([w, 2 * w, -w]), None)
x = p[0]
name = "wide" if w > 0.15 else "narrow"
"""

CASES = [
    "print(w, n, -n, x, name, True, None, 1.5, 'a')",
    "print(f'{w:.3f}|{n:5d}|{n:<6}|{x:e}|{w!r}|{x!r}|{n!s:>8}|{name:^9}|{w:10.2%}|{n:x}|{n:+,d}')",
    "print(f'{w:{n % 9 + 4}.{n % 3}f}', f'{name!r:{10}}', f'{w=}', f'{n = }')",
    "print(w, n, sep='', end='')\nprint(name, w, sep=' | ', end=';\\n')",
    "print(w > 0.1, n % 2 == 0, w if w > 0.2 else n)",
    "try:\n    print(f'{w:d}')\nexcept ValueError as error:\n    print(error)",
    "try:\n    print(f'{w:{name}}')\nexcept ValueError as error:\n    print(error)",
    "value = n if n % 2 else w\ntry:\n    print(f'{value:d}')\nexcept ValueError as error:\n    print('not', error)",
    "print(w, sep=None, end=None)\nprint(p, f'{p}', [w, name], {name: n})",
    "print(f'{name}:{name!r}:{name.upper():>10}', name, sep='-')",
    "print([w, [n, None], (x,), ()], {'{a}': w, 3: [name, \"it's\"], (1, 2): {}}, f'{[w, x]} {(n, w)!r} {{{[name]}}}')",
    "try:\n    print(f'{[w]:>9}')\nexcept TypeError as error:\n    print(error)",
    "print(f'{[w, n]!a}', [w > 0.1, n % 2 == 0], {name: [w]}, [p], '{}{0}', f'{{}}')",
    "print(w / 0 if n < 0 else float('nan'), 1e300 * w * 1e10, -0.0 * w)",
]


@pytest.mark.parametrize("text", CASES, ids=range(len(CASES)))
def test_text_agrees_with_plain_python(text: str) -> None:
    assert_agrees(HEAD + text, list(range(10)), failure_rate=0.0)
