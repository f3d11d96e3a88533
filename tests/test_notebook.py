"""The notebook runs, and every value that it ends a cell with shows itself as a table or a picture."""

from __future__ import annotations

import ast

from tests.support.paths import ROOT

SCRIPT = ROOT / "docs" / "notebook.py"


def shown(value: object) -> bytes | str:
    """What a notebook shows of it, or nothing."""
    for name in ("_repr_html_", "_repr_png_"):
        if content := getattr(value, name, lambda: None)():  # a matplotlib figure's HTML is None
            return content
    return ""


def test_every_cell_runs_and_shows_what_it_ends_with():
    cells = SCRIPT.read_text(encoding="utf-8").split("\n# %%")
    names: dict = {}
    pictures, tables = 0, 0
    for cell in cells:
        body = ast.parse(cell.partition("\n")[2]).body
        last = body[-1] if body else None
        exec(compile(ast.Module(body[:-1] if isinstance(last, ast.Expr) else body, []), str(SCRIPT), "exec"), names)
        if not isinstance(last, ast.Expr):
            continue
        content = shown(eval(compile(ast.Expression(last.value), str(SCRIPT), "eval"), names))
        pictures += content[:4] == b"\x89PNG"
        tables += isinstance(content, str) and "<table" in content
        assert content, cell
    assert (tables, pictures) == (4, 5)
