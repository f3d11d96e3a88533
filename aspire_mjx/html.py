"""Tables as HTML, for notebooks: everything in them is text, nothing of it is taken for HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from aspire_mjx.printable import printable

if TYPE_CHECKING:
    from rich.table import Table


def html_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a caption."""
    head = "".join(f"<th>{_text(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><caption>{_text(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def as_html(table: Table) -> str:
    """What a table of the terminal shows."""
    columns = [[str(cell) for cell in column.cells] for column in table.columns]
    headings = [str(column.header) for column in table.columns]
    return html_table(str(table.title or ""), headings, zip(*columns, strict=True))


def _text(value: str) -> str:
    """Escaped; line ends are shown, other control characters written out."""
    return html.escape(printable(value)).replace("\n", "<br>")
