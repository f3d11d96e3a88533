"""Traces of a batch of rollouts as columns: one row a primitive call, one row a rollout.

Axes: ``B`` rollouts, ``C`` primitive calls of all rollouts together, ``N`` lanes of one wave.
Text is interned: a text column holds int32 indices into one table of strings, -1 for the empty text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from aspire_mjx.checked import checked
from aspire_mjx.columns import SHARED, Columns
from aspire_mjx.errors import TraceError, UnknownNameError
from aspire_mjx.html import html_table
from aspire_mjx.language.program import Program
from aspire_mjx.primitives.registry import Family, Field, Parameter, Primitive
from aspire_mjx.traces.schema import CALLS, EVIDENCE, PACKED, ROLLOUTS, TEXT, Column, packed_places
from aspire_mjx.traces.table import ROWS, Rows, plain_columns, write_csv

if TYPE_CHECKING:
    import pandas

Verdict = Literal["benchmark", "strict"]
VERDICTS: tuple[Verdict, ...] = ("benchmark", "strict")


class ProgramText(NamedTuple):
    """One program of a batch: ``hash`` (12 hex digits of its text's sha256), ``name``, ``text``."""

    hash: str
    name: str
    text: str


def packed_names(declared: Sequence[Parameter] | Sequence[Field]) -> tuple[str, ...]:
    """Names of the packed numbers of a declaration, e.g. ``("position.0", "position.1", "position.2", "score")``."""
    names: list[str] = []
    for item, place in packed_places(declared):
        parts = [f"{item.name}.{k}" for k in range(place.stop - place.start)]
        names += [item.name] if item.shape == () else parts
    return tuple(names)


def pack(declared: Sequence[Parameter] | Sequence[Field], values: Mapping[str, Any], lanes: int) -> np.ndarray:
    """Pack numeric values of ``lanes`` lanes, in declared order, into ``[lanes, PACKED]`` float32, NaN padded.

    ``values`` maps names to ``[lanes, ...]`` arrays; a declared name that is absent stays NaN.
    """
    packed = np.full((lanes, PACKED), np.nan, np.float32)
    for item, place in packed_places(declared):
        value = values.get(item.name)
        if value is not None:
            packed[:, place] = np.asarray(value, np.float32).reshape(lanes, place.stop - place.start)
    return packed


class _Strings:
    """Interning table: text -> index, "" -> -1."""

    def __init__(self, strings: Sequence[str] = ()) -> None:
        self._index = {text: i for i, text in enumerate(strings)}

    def index(self, text: str) -> int:
        return self._index.setdefault(text, len(self._index)) if text else -1

    def column(self, texts: str | Sequence[str] | np.ndarray, lanes: int) -> np.ndarray:
        if isinstance(texts, str):
            return np.full(lanes, self.index(texts), np.int32)
        if isinstance(texts, np.ndarray) and texts.dtype.kind == "i":
            return texts.astype(np.int32)
        if not any(texts):
            return np.full(lanes, -1, np.int32)
        return np.fromiter((self.index(str(t)) for t in texts), np.int32, lanes)

    @property
    def table(self) -> tuple[str, ...]:
        return tuple(self._index)


@checked
@dataclass(frozen=True, eq=False)
class TraceBatch:
    """Traces of ``B`` rollouts with ``C`` primitive calls in all.

    Attributes:
        programs: the program texts that ran.
        calls: columns ``[C]`` (``inputs``/``outputs`` ``[C, PACKED]``), see ``schema.CALLS``; by (rollout, call).
        rollouts: columns ``[B]``, see ``schema.ROLLOUTS``, in job order. ``calls["rollout"]`` is a row of these.
        strings: the table behind every text column.
        meta: what made them: engine, device, versions, worlds hash, ... (plain JSON values).
    """

    programs: tuple[ProgramText, ...]
    calls: dict[str, np.ndarray]
    rollouts: dict[str, np.ndarray]
    strings: tuple[str, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rollouts["rollout"])

    def call_text(self, column: str) -> np.ndarray:
        """A text column of the calls as ``[C]`` Python strings."""
        return self._decode(self.calls, CALLS, column)

    def rollout_text(self, column: str) -> np.ndarray:
        """A text column of the rollouts as ``[B]`` Python strings."""
        return self._decode(self.rollouts, ROLLOUTS, column)

    def _decode(self, columns: dict[str, np.ndarray], schema: dict[str, Column], column: str) -> np.ndarray:
        known = [name for name, declared in schema.items() if declared.kind == TEXT]
        if column not in known:
            raise UnknownNameError("text column", column, known)
        return np.array((*self.strings, ""), dtype=object)[columns[column]]

    def passes(self, verdict: Verdict = "benchmark") -> np.ndarray:
        """Verdict of every rollout, ``[B]`` bool."""
        if verdict not in VERDICTS:
            raise UnknownNameError("verdict", verdict, VERDICTS)
        return self.rollouts[verdict]

    def calls_of(self, rollout: int) -> slice:
        """Rows of the calls of one rollout."""
        self._check_holds(rollout)
        low, high = np.searchsorted(self.calls["rollout"], (rollout, rollout + 1))
        return slice(int(low), int(high))

    def _check_holds(self, rollout: int) -> None:
        if not 0 <= rollout < len(self):
            raise TraceError(f"rollout {rollout} is not in this batch; it holds rollouts 0 to {len(self) - 1}")

    def tunables(self, rollout: int) -> dict[str, float]:
        """Tunable settings that one rollout ran with."""
        return self._json("tunables", rollout)

    def factors(self, rollout: int) -> dict[str, float]:
        """Perturbation factors of one rollout's world."""
        return self._json("factors", rollout)

    def _json(self, column: str, rollout: int) -> dict[str, float]:
        self._check_holds(rollout)
        index = int(self.rollouts[column][rollout])
        try:
            found = json.loads(self.strings[index]) if index >= 0 else {}
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise TraceError(f"rollout {rollout}: column {column} is no JSON map; the file was changed or damaged")
        return found

    def _repr_html_(self) -> str:
        """Passes by task and program."""
        counts: dict[tuple[str, str, str], list[int]] = {}
        numbers = zip(self.rollouts["program"].tolist(), self.rollouts["benchmark"].tolist(), strict=True)
        for task, language, (program, passed) in zip(
            self.rollout_text("task"), self.rollout_text("language"), numbers, strict=True
        ):
            count = counts.setdefault((str(task), str(language), self.programs[program].name), [0, 0])
            count[0] += passed
            count[1] += 1
        rows = [(*key, f"{passes}/{trials}") for key, (passes, trials) in counts.items()]
        title = f"{len(self)} rollouts, {len(self.calls['rollout'])} calls"
        return html_table(title, ("task", "language", "program", "passes"), rows)

    def to_csv(self, path: str | PathLike[str], rows: Rows = "rollouts") -> None:
        """Write the columns of :meth:`to_pandas` as a comma-separated file, UTF-8; what is not known is empty.

        Raises:
            UnknownNameError: ``rows`` is neither "rollouts" nor "calls".
            TraceError: the file cannot be written.
        """
        write_csv(path, self._plain(rows))

    def to_pandas(self, rows: Rows = "rollouts") -> pandas.DataFrame:
        """The rollouts, or the calls, as a ``pandas.DataFrame``; ``rollout`` joins the two.

        The columns are those of docs/trace_columns.md without ``definition``, with texts, names of outcomes and
        statuses, program and hash in place of numbers. Each tunable and factor has a column of its own, such as
        ``tunable.lift_height`` and ``factor.friction``. Packed arguments and results are JSON: name to numbers.

        Raises:
            UnknownNameError: ``rows`` is neither "rollouts" nor "calls".
            TraceError: pandas is not installed.
        """
        columns = self._plain(rows)
        try:
            import pandas
        except ImportError:
            raise TraceError(
                "to_pandas() needs pandas, which is not installed: pip install 'aspire-mjx[pandas]'; "
                "to_csv() writes the same columns without it."
            ) from None
        return pandas.DataFrame(columns)

    def _plain(self, rows: Rows) -> dict[str, list[Any]]:
        if rows not in ROWS:
            raise UnknownNameError("rows of a table", rows, ROWS)
        columns, schema = (self.calls, CALLS) if rows == "calls" else (self.rollouts, ROLLOUTS)
        return plain_columns(columns, schema, self.strings, [(p.name, p.hash) for p in self.programs])

    def select(self, rollouts: np.ndarray | Sequence[int]) -> TraceBatch:
        """The batch of some rollouts: a bool mask ``[B]``, or row indices in the order wanted (no repeats).

        The rollouts are numbered from 0 again; programs and strings that are not used any more are dropped.
        """
        rows = np.asarray(rollouts)
        if rows.dtype == bool and len(rows) != len(self):
            raise TraceError(f"select() was given {len(rows)} values for {len(self)} rollouts; give one a rollout")
        if rows.ndim != 1 or (len(rows) and rows.dtype.kind not in "biu"):
            raise TraceError(f"select() was given {rollouts!r:.80}; give numbers of rollouts, or one bool a rollout")
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64)
        for row in rows[(rows < 0) | (rows >= len(self))][:1].tolist():
            self._check_holds(row)
        if len(np.unique(rows)) != len(rows):
            raise TraceError("select() was given the same rollout twice; give each rollout once")
        chosen = {name: column[rows] for name, column in self.rollouts.items()}
        renumber = np.full(len(self), -1, np.int32)
        renumber[rows] = np.arange(len(rows), dtype=np.int32)
        number = renumber[self.calls["rollout"]]
        order = np.flatnonzero(number >= 0)
        order = order[np.argsort(number[order], kind="stable")]
        calls = {name: column[order] for name, column in self.calls.items()}
        calls["rollout"] = number[order]
        chosen["rollout"] = np.arange(len(rows), dtype=np.int32)
        used = np.unique(chosen["program"])
        chosen["program"] = np.searchsorted(used, chosen["program"]).astype(np.int16)
        programs = tuple(self.programs[i] for i in used)
        return _compact(TraceBatch(programs, calls, chosen, self.strings, dict(self.meta)))

    def without_calls(self) -> TraceBatch:
        """The same rollouts without their calls and prints: what rates, comparisons and factors are read from."""
        calls = {name: column[:0].copy() for name, column in self.calls.items()}  # a view would keep them all
        rollouts = {**self.rollouts, "prints": np.full(len(self), -1, np.int32)}
        return _compact(TraceBatch(self.programs, calls, rollouts, self.strings, self.meta))


def _text_columns(batch: TraceBatch) -> Iterator[tuple[dict[str, np.ndarray], str]]:
    for columns, schema in ((batch.calls, CALLS), (batch.rollouts, ROLLOUTS)):
        for name, declared in schema.items():
            if declared.kind == TEXT:
                yield columns, name


def _compact(batch: TraceBatch) -> TraceBatch:
    """The strings in the order of their first use, those without a use dropped; replaces the (new) text columns.

    So what a batch says decides its bytes, not the order in which the rows came.
    """
    used = np.concatenate([columns[name] for columns, name in _text_columns(batch)])
    numbers, first = np.unique(used, return_index=True)
    first, numbers = first[numbers >= 0], numbers[numbers >= 0]
    order = numbers[np.argsort(first)]
    index = np.full(len(batch.strings) + 1, -1, np.int32)
    index[order] = np.arange(len(order), dtype=np.int32)
    for columns, name in _text_columns(batch):
        columns[name] = index[columns[name]]
    strings = tuple(batch.strings[number] for number in order.tolist())
    return TraceBatch(batch.programs, batch.calls, batch.rollouts, strings, batch.meta)


def concatenate(batches: Sequence[TraceBatch]) -> TraceBatch:
    """One batch of all rollouts, in order. Equal programs are merged; a meta key whose values differ lists them."""
    if not batches:
        return TraceBuilder().build()
    strings, programs = _Strings(), {}
    calls: dict[str, list[np.ndarray]] = {name: [] for name in CALLS}
    rollouts: dict[str, list[np.ndarray]] = {name: [] for name in ROLLOUTS}
    offset = 0
    for batch in batches:
        table = np.array([strings.index(text) for text in batch.strings] + [-1], np.int32)
        program = np.array([programs.setdefault(p, len(programs)) for p in batch.programs], np.int16)
        for target, source, schema in ((calls, batch.calls, CALLS), (rollouts, batch.rollouts, ROLLOUTS)):
            for name, declared in schema.items():
                column = source[name]
                if declared.kind == TEXT:
                    column = table[column]
                elif name == "rollout":
                    column = column + np.int32(offset)
                elif name == "program" and len(column):
                    column = program[column]
                target[name].append(column)
        offset += len(batch)
    return TraceBatch(
        tuple(programs),
        {name: np.concatenate(chunks) for name, chunks in calls.items()},
        {name: np.concatenate(chunks) for name, chunks in rollouts.items()},
        strings.table,
        _merge_meta([batch.meta for batch in batches]),
    )


def _merge_meta(metas: Sequence[dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for key in dict.fromkeys(key for meta in metas for key in meta):
        values = [meta[key] for meta in metas if key in meta]
        distinct = [v for i, v in enumerate(values) if v not in values[:i]]
        merged[key] = distinct[0] if len(distinct) == 1 else distinct
    return merged


@dataclass(frozen=True, eq=False, kw_only=True)
class CallRows(Columns):
    """Finished calls of one primitive in ``N`` rollouts, as a loop tells them: ``[N]`` of ``schema.CALLS``.

    A text is its number in the builder, but for ``message``. None, from ``residual_m`` on, stands for what the fields
    say or nobody measured.

    Attributes:
        primitive: the declaration of what was called.
        arguments: name to ``[N, ...]`` numbers or ``N`` texts, as in a machine's request.
        fields: name to ``[N, ...]`` or ``N`` texts, as in the results.
    """

    primitive: Primitive = field(metadata=SHARED)
    rollout: np.ndarray
    line: np.ndarray
    path: np.ndarray
    status: np.ndarray
    t_start: np.ndarray
    t_end: np.ndarray
    ticks: np.ndarray
    arguments: Mapping[str, Any]
    fields: Mapping[str, Any]
    message: tuple[str, ...]
    residual_m: np.ndarray | None = None
    residual_rad: np.ndarray | None = None
    width: np.ndarray | None = None
    peak_force: np.ndarray | None = None
    peak_torque: np.ndarray | None = None
    contact_a: np.ndarray | None = None
    contact_b: np.ndarray | None = None
    slip: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True)
class RolloutRow:
    """One finished rollout as a loop tells it; the fields are the columns of ``schema.ROLLOUTS``.

    Attributes:
        rollout: its place in job order.
        program: number of its program in the builder.
    """

    rollout: int
    program: int
    task: str
    seed: int
    outcome: int
    benchmark: bool
    strict: bool
    margin: float
    ticks: int
    definition: str = ""
    language: str = ""
    target: str = ""
    container: str = ""
    label: str = ""
    tunables: Mapping[str, float] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    error_line: int = 0
    error: str = ""
    prints: str = ""
    executed: str = ""


class TraceBuilder:
    """Collects rows wave by wave; :meth:`build` sorts them into a :class:`TraceBatch`.

    The calls of one rollout must arrive in the order they happened; those of different rollouts in any order.
    """

    def __init__(self) -> None:
        self._strings = _Strings()
        self._programs: dict[ProgramText, int] = {}
        declared = {name: column for name, column in CALLS.items() if name != "call"}
        self._calls = {name: [np.zeros((0, *each.shape), each.dtype)] for name, each in declared.items()}
        self._rollouts: dict[int, dict[str, Any]] = {}

    def program(self, program: Program) -> int:
        """Index of a program in this batch; the same text under the same name gives the same index."""
        return self._programs.setdefault(ProgramText(program.hash, program.name, program.text), len(self._programs))

    def text(self, text: str) -> int:
        """The number of a text: text columns may be given as arrays of such numbers."""
        return self._strings.index(text)

    def call(self, calls: CallRows) -> None:
        """Append finished calls of ``N`` rollouts."""
        lanes = len(calls)
        if lanes == 0:
            return
        primitive, arguments, fields = calls.primitive, calls.arguments, calls.fields
        text = next((arguments[p.name] for p in primitive.parameters if p.shape is None and p.name in arguments), "")
        touch = {} if primitive.family is Family.SENSE else fields  # a seen object's width is not the gripper's
        missing = np.full(lanes, np.nan)
        columns: dict[str, Any] = {
            "residual_m": fields.get("position_error", missing),
            "residual_rad": fields.get("rotation_error", missing),
            "width": touch.get("width", missing),
            "peak_force": touch.get("peak_force", missing),
            "peak_torque": missing,
            "contact_a": "",
            "contact_b": "",
            "slip": missing,
            **{name: given for name, given in vars(calls).items() if given is not None},
            "primitive": primitive.name,
            "text": text,
            "inputs": pack(primitive.parameters, arguments, lanes),
            "outputs": pack(primitive.fields, fields, lanes),
        }
        for name, chunks in self._calls.items():
            if name in EVIDENCE:
                continue
            values, declared = columns[name], CALLS[name]
            if declared.kind == TEXT:
                chunks.append(self._strings.column(values, lanes))
            else:
                chunks.append(np.asarray(values).astype(declared.dtype))

    def evidence(self, columns: Mapping[str, np.ndarray]) -> None:
        """Append what the judge knows of calls, ``[N, ...]`` of ``schema.EVIDENCE``, in the order they were told."""
        for name in EVIDENCE:
            self._calls[name].append(np.asarray(columns[name]).astype(CALLS[name].dtype))

    def rollout(self, row: RolloutRow) -> None:
        """Record one finished rollout."""
        if row.rollout in self._rollouts:
            raise TraceError(f"rollout {row.rollout} was recorded twice; give each rollout its own number")
        values: dict[str, Any] = dict(vars(row))
        for name in ("tunables", "factors"):
            settings = {key: float(value) for key, value in sorted(values[name].items())}
            values[name] = json.dumps(settings) if settings else ""
        for name, declared in ROLLOUTS.items():
            if declared.kind == TEXT:
                values[name] = self._strings.index(values[name])
        self._rollouts[row.rollout] = values

    def build(self, meta: Mapping[str, Any] | None = None) -> TraceBatch:
        """The batch of everything recorded: rollouts by number, renumbered 0 .. B-1; calls by (rollout, arrival).

        Raises:
            TraceError: a call of a rollout that was never recorded.
        """
        numbers = np.array(sorted(self._rollouts), np.int32)
        rows = [self._rollouts[int(n)] for n in numbers]
        rollouts = {name: np.array([row[name] for row in rows], column.dtype) for name, column in ROLLOUTS.items()}
        rollouts["rollout"] = np.arange(len(rows), dtype=np.int32)
        calls = {name: np.concatenate(chunks) for name, chunks in self._calls.items()}
        for name in EVIDENCE:  # of calls that no judge looked at nothing is known
            missing = (len(calls["rollout"]) - len(calls[name]), *CALLS[name].shape)
            calls[name] = np.concatenate([calls[name], np.full(missing, CALLS[name].missing, CALLS[name].dtype)])
        orphans = np.setdiff1d(calls["rollout"], numbers)
        if len(orphans):
            raise TraceError(f"calls of rollout {orphans[0]} were recorded, but not the rollout; call rollout() first")
        order = np.argsort(calls["rollout"], kind="stable")
        calls = {name: column[order] for name, column in calls.items()}
        calls["rollout"] = np.searchsorted(numbers, calls["rollout"]).astype(np.int32)
        first = np.searchsorted(calls["rollout"], calls["rollout"])
        calls["call"] = (np.arange(len(first)) - first).astype(np.int16)
        batch = TraceBatch(tuple(self._programs), calls, rollouts, self._strings.table, dict(meta or {}))
        return _compact(batch)
