"""Trace files: what is written is read back; anything else is refused with a reason."""

from __future__ import annotations

import hashlib
import zlib

import msgpack
import numpy as np
import pytest

from aspire_mjx.errors import TraceError
from aspire_mjx.traces import store
from aspire_mjx.traces.columns import TraceBuilder
from tests.support.paths import ROOT


@pytest.fixture
def file(handmade, tmp_path):
    handmade.add(handmade.draft_calls(), passed=True, prints="käse \ud800\n")
    handmade.add(handmade.draft_calls(carry="BLOCKED"))
    path = tmp_path / "traces" / "a.msgpack"
    store.write_traces(path, handmade.build(engine="native", seeds=[51, 52], versions={"mujoco": "3.17"}))
    return path


def rewrite(path, *, content=None, **outer) -> None:
    """Change a trace file; ``content`` edits the inner map and renews the hash."""
    document = msgpack.unpackb(path.read_bytes())
    assert isinstance(document, dict)
    if content:
        inner = msgpack.unpackb(zlib.decompress(document["content"]), unicode_errors="surrogatepass")
        content(inner)
        raw = msgpack.packb(inner, unicode_errors="surrogatepass")
        assert isinstance(raw, bytes)
        document |= {"content": zlib.compress(raw), "sha256": hashlib.sha256(raw).hexdigest()}
    path.write_bytes(msgpack.packb(document | outer))


def test_round_trip(file, tmp_path):
    batch = store.read_traces(file)
    again = tmp_path / "b.msgpack"
    assert store.write_traces(again, batch) == msgpack.unpackb(file.read_bytes())["sha256"]
    assert again.read_bytes() == file.read_bytes()
    other = store.read_traces(again)
    for mine, theirs in ((batch.calls, other.calls), (batch.rollouts, other.rollouts)):
        assert mine.keys() == theirs.keys()
        assert all(np.array_equal(mine[k], theirs[k], equal_nan=mine[k].dtype.kind == "f") for k in mine)
    assert (batch.programs, batch.strings, batch.meta) == (other.programs, other.strings, other.meta)
    assert batch.meta["versions"] == {"mujoco": "3.17"} and batch.programs[0].text.startswith("pick, down")
    assert batch.rollout_text("prints")[0] == "käse \ud800\n"


def test_empty_batch_round_trips(tmp_path):
    path = tmp_path / "none.msgpack"
    store.write_traces(path, TraceBuilder().build())
    assert len(store.read_traces(path)) == 0 and store.read_traces(path).calls["inputs"].shape == (0, 16)


def test_a_rollout_takes_about_a_kilobyte(handmade, tmp_path):
    for _ in range(200):
        handmade.add(handmade.draft_calls())
    path = tmp_path / "many.msgpack"
    store.write_traces(path, handmade.build())
    assert path.stat().st_size < 200 * 1024


def test_meta_must_be_plain(handmade, tmp_path):
    with pytest.raises(TraceError, match="plain values"):
        store.write_traces(tmp_path / "x.msgpack", handmade.build(engine=object()))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kept", [0, 1, 10, 100, -1])
def test_truncated_file(file, kept):
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(TraceError, match="a.msgpack"):
        store.read_traces(file)


@pytest.mark.parametrize(
    "raw", [b"hello", bytes(100), b"\xc1" * 8, msgpack.packb([1, 2]), msgpack.packb({"format": 3})]
)
def test_garbage(tmp_path, raw):
    path = tmp_path / "garbage.msgpack"
    path.write_bytes(raw)
    with pytest.raises(TraceError, match="garbage.msgpack"):
        store.read_traces(path)


def test_missing_file_and_folder(tmp_path):
    for path in (tmp_path / "none.msgpack", tmp_path):
        with pytest.raises(TraceError, match="cannot be read"):
            store.read_traces(path)


def test_other_schema_version(file):
    rewrite(file, schema=99)
    with pytest.raises(TraceError, match="schema version 99.*reads schema 3"):
        store.read_traces(file)


def test_changed_content(file):
    rewrite(file, sha256="0" * 64)
    with pytest.raises(TraceError, match="sha256"):
        store.read_traces(file)


def edit(table, column, values, dtype="<i4"):
    def change(content):
        content[table][column] = np.array(values, dtype).tobytes()

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda content: content["calls"].pop("width"), "columns missing: width"),
        (edit("calls", "line", [1, 2]), "2 rows"),
        (edit("calls", "primitive", [999] * 18), "points outside"),
        (edit("calls", "rollout", [5] * 18), "not sorted within 0 to 1"),
        (edit("rollouts", "program", [0, 4], "<i2"), "rollouts.program points outside"),
        (lambda content: content.pop("programs"), "damaged content"),
        (edit("calls", "inputs", [1.0], "<f4"), "damaged content"),
    ],
)
def test_inconsistent_columns(file, change, reason):
    rewrite(file, content=change)
    with pytest.raises(TraceError, match=f"a.msgpack.*{reason}"):
        store.read_traces(file)


def test_write_replaces_whole_files_only(file, handmade):
    before = file.read_bytes()
    with pytest.raises(TraceError, match="plain values only"):
        store.write_traces(file, handmade.build(engine={1, 2}))
    assert file.read_bytes() == before and [p.name for p in file.parent.iterdir()] == ["a.msgpack"]


def test_the_format_page_names_the_schema():
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert f'"{store.FORMAT}"' in page and f"this page describes {store.TRACE_SCHEMA}." in page


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", ".", "n" * 300])
def test_only_a_regular_file_is_read(path):
    with pytest.raises(TraceError, match="cannot be read"):
        store.read_traces(path)


def stored(path, content) -> None:
    """A trace file of any content."""
    document = {"format": store.FORMAT, "schema": store.TRACE_SCHEMA, "sha256": hashlib.sha256(content).hexdigest()}
    path.write_bytes(msgpack.packb({**document, "content": zlib.compress(content)}))


def test_a_small_file_never_fills_the_memory(tmp_path, monkeypatch):
    path = tmp_path / "t.msgpack"
    monkeypatch.setattr(store, "_FREE", 1 << 20)
    stored(path, bytes(5 << 20))
    assert path.stat().st_size < 10_000
    with pytest.raises(TraceError, match="bytes unpack to more than 1048576"):
        store.read_traces(path)


def test_a_trace_that_is_nearly_all_repetition_is_written_so_that_it_can_be_read(handmade, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_FREE", 1)
    monkeypatch.setattr(store, "_RATIO", 3)
    path = tmp_path / "t.msgpack"
    handmade.add(handmade.draft_calls())
    digest = store.write_traces(path, handmade.build(note="a" * 100_000))
    assert store.read_traces(path).meta["note"] == "a" * 100_000 and len(digest) == 64


def _content(path) -> dict:
    return msgpack.unpackb(zlib.decompress(msgpack.unpackb(path.read_bytes())["content"]))


def _nested(levels: int) -> list:
    value: list = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"meta": {"deep": _nested(40)}}, "at most 32 levels"),
        ({"meta": []}, "meta"),
        ({"strings": [1, 2]}, "give text"),
        ({"programs": [[1, 2, 3]]}, "no text"),
        ({"programs": [["a"]]}, "damaged content"),
        ({"calls": {}}, "columns missing"),
        ({"calls": 3}, "damaged content"),
    ],
)
def test_contents_of_another_shape_are_refused(handmade, tmp_path, change, said):
    path = tmp_path / "t.msgpack"
    handmade.add(handmade.draft_calls())
    store.write_traces(path, handmade.build())
    stored(path, msgpack.packb(_content(path) | change))
    with pytest.raises(TraceError, match=said):
        store.read_traces(path)


def test_codes_that_mean_nothing_are_refused(handmade, tmp_path):
    path = tmp_path / "t.msgpack"
    handmade.add(handmade.draft_calls())
    store.write_traces(path, handmade.build())
    for table, name in (("calls", "status"), ("rollouts", "outcome")):
        content = _content(path)
        content[table][name] = b"\x63" + content[table][name][1:]
        stored(path.with_name("other.msgpack"), msgpack.packb(content))
        with pytest.raises(TraceError, match=f"{table}.{name} holds 99"):
            store.read_traces(path.with_name("other.msgpack"))


@pytest.mark.parametrize(
    "raw",
    [
        b"\x91" * 100_000,  # deep nesting
        b"\xdd\xff\xff\xff\xff" * 1_000,  # lists that declare four billion entries
        b"\xdf\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
    ],
)
def test_declared_lengths_and_depths_are_not_believed(tmp_path, raw):
    path = tmp_path / "t.msgpack"
    path.write_bytes(raw)
    with pytest.raises(TraceError, match="truncated or not msgpack"):
        store.read_traces(path)
    stored(path, raw)
    with pytest.raises(TraceError, match="damaged content"):
        store.read_traces(path)
