"""Trace files: one msgpack document a batch, with a schema version and the content's sha256.

Outer map: ``format``, ``schema``, ``sha256`` (of the uncompressed content), ``content`` (zlib-compressed msgpack:
``meta``, ``programs``, ``strings``, ``calls``, ``rollouts``; a column is a little-endian buffer).
The layout is described in docs/formats.md.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from pathlib import Path
from typing import Any, cast

import msgpack
import numpy as np

from aspire_mjx.errors import AspireError, TraceError
from aspire_mjx.files import check_regular_file
from aspire_mjx.machine.output import Outcome
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import ProgramText, TraceBatch, concatenate
from aspire_mjx.traces.schema import CALLS, ROLLOUTS, TEXT, Column

FORMAT = "aspire_mjx.trace"
TRACE_SCHEMA = 3
_FREE, _RATIO = 256 << 20, 200  # bytes that any content may unpack to, and how many times its own size
_FEW, _LARGEST_MAP, _LONGEST_LIST = 16, 10_000, 10_000_000  # entries that a file may declare
_DEEPEST = 32  # levels of meta


def write_traces(path: str | Path, batch: TraceBatch) -> str:
    """Write a batch to ``path`` (whole or not at all) and return its content hash.

    ``batch.meta`` must hold plain values (text, numbers, bools, lists, maps with text keys).
    """
    path = Path(path)
    content = _encode(batch)
    digest = hashlib.sha256(content).hexdigest()
    compressed = zlib.compress(content, 1)
    if len(content) > _most(compressed):
        compressed = zlib.compress(content, 0)
    document = {"format": FORMAT, "schema": TRACE_SCHEMA, "sha256": digest, "content": compressed}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_pack(document))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest


def read_traces(path: str | Path) -> TraceBatch:
    """Read a trace file.

    Raises:
        TraceError: a missing, truncated or damaged file, another format or schema version, or columns that do not
            fit together. The message names the file and what is wrong with it.
    """
    path = Path(path)
    try:
        check_regular_file(path, f"trace {str(path)!r}")
        raw = path.read_bytes()
    except AspireError as error:
        raise TraceError(f"{error} Traces are the .msgpack files of a run's traces/ folder.") from None
    except OSError as error:
        raise TraceError(
            f"{path}: cannot be read ({error.strerror}); give the path of a trace file (.msgpack)"
        ) from None
    try:
        document = msgpack.unpackb(raw, max_array_len=_FEW, max_map_len=_FEW)
    except Exception:  # msgpack raises ValueError and its own types on damaged input
        raise TraceError(f"{path}: truncated or not msgpack ({len(raw)} bytes); write the trace again") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise TraceError(f"{path}: not a trace file (no format {FORMAT!r}); give a file from a run's traces/ folder")
    if document.get("schema") != TRACE_SCHEMA:
        raise TraceError(
            f"{path}: schema version {document.get('schema')!r}; this version of aspire_mjx reads schema {TRACE_SCHEMA}"
        )
    try:
        content = _decompress(document["content"])
        if hashlib.sha256(content).hexdigest() != document["sha256"]:
            raise TraceError(f"{path}: the content does not match its sha256; the file was changed or damaged")
        lengths = {"max_array_len": _LONGEST_LIST, "max_map_len": _LARGEST_MAP}
        batch = _decode(msgpack.unpackb(content, unicode_errors="surrogatepass", **lengths))
        _check(batch)
    except TraceError as error:
        raise error if str(error).startswith(str(path)) else TraceError(f"{path}: {error}") from None
    except AspireError as error:  # a part of another type
        raise TraceError(f"{path}: {error} Write the trace again.") from None
    except Exception as error:  # any shape of damage inside the document
        raise TraceError(f"{path}: damaged content ({type(error).__name__}: {error}); write the trace again") from None
    return batch


def read_any(path: str | Path) -> TraceBatch:
    """A trace file, or all those of a folder; raises as :func:`read_traces` and :func:`read_folder`."""
    return (read_folder if Path(path).is_dir() else read_traces)(path)


def read_folder(path: str | Path) -> TraceBatch:
    """All trace files of a folder, or of the ``traces/`` in it, as one batch in the order of their names.

    So come the parts of one ``run_program`` in the order of its jobs.

    Raises:
        TraceError: no trace file there, or one that cannot be read.
    """
    if path == "":
        raise TraceError("the name of a trace is empty; name a file or a folder, '.' for this one")
    path = Path(path)
    files = sorted(path.glob("*.msgpack")) or sorted(path.glob("traces/*.msgpack"))
    if not files:
        raise TraceError(f"{path} holds no trace files (.msgpack); name a run directory, or its traces/ folder")
    return concatenate([read_traces(file) for file in files])


def _most(compressed: bytes) -> int:
    """Bytes that a content may have: one that is nearly all repetition is no trace, and might fill the memory."""
    return max(_FREE, _RATIO * len(compressed))


def _decompress(compressed: bytes) -> bytes:
    """The content of a file; nothing beyond its limit is ever unpacked."""
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(compressed, _most(compressed))
    if unpacker.unconsumed_tail:
        raise TraceError(
            f"{len(compressed)} bytes unpack to more than {_most(compressed)}, so they hold no trace; write it again"
        )
    if not unpacker.eof:
        raise TraceError("the content is cut short; write the trace again")
    return content


def _pack(value: Any) -> bytes:
    # A program's text may hold lone surrogates; they must survive the file.
    return cast(bytes, msgpack.packb(value, unicode_errors="surrogatepass"))


def _encode(batch: TraceBatch) -> bytes:
    def columns(values: dict[str, np.ndarray], schema: dict[str, Column]) -> dict[str, bytes]:
        return {name: np.ascontiguousarray(values[name], _stored(column)).tobytes() for name, column in schema.items()}

    try:
        return _pack(
            {
                "meta": batch.meta,
                "programs": [list(program) for program in batch.programs],
                "strings": list(batch.strings),
                "calls": columns(batch.calls, CALLS),
                "rollouts": columns(batch.rollouts, ROLLOUTS),
            }
        )
    except TypeError as error:
        raise TraceError(f"meta of a trace must hold plain values only: {error}") from None


def _decode(content: dict[str, Any]) -> TraceBatch:
    def columns(values: dict[str, bytes], schema: dict[str, Column]) -> dict[str, np.ndarray]:
        missing = set(schema) - set(values)
        if missing:
            raise TraceError(f"columns missing: {', '.join(sorted(missing))}")
        decoded = {}
        for name, column in schema.items():
            flat = np.frombuffer(values[name], _stored(column)).astype(column.dtype)
            decoded[name] = flat.reshape(-1, *column.shape)
        return decoded

    return TraceBatch(
        tuple(ProgramText(*program) for program in content["programs"]),
        columns(content["calls"], CALLS),
        columns(content["rollouts"], ROLLOUTS),
        tuple(content["strings"]),
        content["meta"],
    )


def _stored(column: Column) -> np.dtype:
    return np.dtype(column.dtype).newbyteorder("<")


def _check(batch: TraceBatch) -> None:
    """Raise unless every column has its table's length, every index points into its table and texts are texts."""
    if not all(isinstance(text, str) for text in (*batch.strings, *(part for each in batch.programs for part in each))):
        raise TraceError("a program or a string is no text")
    level: list[Any] = [batch.meta]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)]
        level = [value for value in level if isinstance(value, dict | list)]
    if level or not isinstance(batch.meta, dict):
        raise TraceError(f"meta is no map of plain values in at most {_DEEPEST} levels")
    for table, name, codes in (("calls", "status", Status), ("rollouts", "outcome", Outcome)):
        column = getattr(batch, table)[name]
        unknown = set(np.unique(column).tolist()) - {code.value for code in codes}
        if unknown:
            raise TraceError(f"column {table}.{name} holds {min(unknown)}, which is no {codes.__name__}")
    for table, columns, schema in (("calls", batch.calls, CALLS), ("rollouts", batch.rollouts, ROLLOUTS)):
        rows = len(columns["rollout"])
        for name, declared in schema.items():
            column = columns[name]
            if len(column) != rows:
                raise TraceError(f"column {table}.{name} has {len(column)} rows, column {table}.rollout has {rows}")
            if declared.kind == TEXT and rows and not -1 <= column.min() <= column.max() < len(batch.strings):
                raise TraceError(f"column {table}.{name} points outside the {len(batch.strings)} strings")
    number, program = batch.calls["rollout"], batch.rollouts["program"]
    if len(number) and not (number[0] >= 0 and number[-1] < len(batch) and (np.diff(number) >= 0).all()):
        raise TraceError(f"calls.rollout is not sorted within 0 to {len(batch) - 1}")
    if len(program) and not 0 <= program.min() <= program.max() < len(batch.programs):
        raise TraceError(f"rollouts.program points outside the {len(batch.programs)} programs")
