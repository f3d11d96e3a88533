"""The columns of a trace as a page for people: docs/trace_columns.md."""

from __future__ import annotations

from collections.abc import Mapping

from aspire_mjx.primitives.registry import Registry
from aspire_mjx.traces.columns import packed_names
from aspire_mjx.traces.schema import CALLS, PACKED, ROLLOUTS, Column

_HEAD = """# Trace columns

The columns of a [trace file](formats.md). This page is written by
`python -m aspire_mjx.traces --schema > docs/trace_columns.md` from `aspire_mjx/traces/schema.py` and the declarations
of the robot API; a test compares them. NaN means "not measured"; a *text* column is int32 indices into the file's table
of strings, -1 for the empty text.
"""


def schema_page(registry: Registry) -> str:
    """The columns of calls and rollouts, and what the packed numbers of each primitive are; Markdown."""
    lines = [_HEAD, "## Calls\n", "One row a primitive call, sorted by rollout, then by order of the call.\n"]
    lines += [_table(CALLS), "\n## Rollouts\n", "One row a rollout, in job order.\n", _table(ROLLOUTS)]
    lines += ["\n## Packed numbers\n", f"What the first of the {PACKED} numbers of `inputs` and `outputs` are.\n"]
    lines += ["| Primitive | `inputs` | `outputs` |", "|---|---|---|"]
    for primitive in registry:
        held = (" ".join(packed_names(declared)) or "-" for declared in (primitive.parameters, primitive.fields))
        lines.append(f"| `{primitive.name}` | {' | '.join(held)} |")
    return "\n".join(lines) + "\n"


def _table(columns: Mapping[str, Column]) -> str:
    rows = ["| Column | Type | Meaning |", "|---|---|---|"]
    for name, column in columns.items():
        wide = "".join(f" [{size}]" for size in column.shape)
        unit = f", {column.unit}" if column.unit else ""
        rows.append(f"| `{name}` | {column.kind}{wide}{unit} | {column.meaning} |")
    return "\n".join(rows)
