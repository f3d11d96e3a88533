"""What a command is pointed at: every command with every kind of thing that is no file of the kind it reads.

Each answers with one clear paragraph and exit code 2, at once; nothing is read for ever, and nothing is left behind.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from aspire_mjx.__main__ import main as aspire
from aspire_mjx.command import Command
from aspire_mjx.compiler.__main__ import main as compiler
from aspire_mjx.errors import RunDirectoryError
from aspire_mjx.experiments.admit_skill import main as admit_skill
from aspire_mjx.experiments.benchmark import main as benchmark
from aspire_mjx.experiments.compare import main as compare
from aspire_mjx.experiments.libero_pro import main as libero_pro
from aspire_mjx.experiments.run_directory import RunDirectory
from aspire_mjx.experiments.run_program import main as run_program
from aspire_mjx.faults.__main__ import main as faults
from aspire_mjx.primitives.__main__ import main as primitives
from aspire_mjx.reports.__main__ import main as plot
from aspire_mjx.skills.__main__ import main as skills
from aspire_mjx.traces.__main__ import main as traces
from aspire_mjx.traces.store import write_traces
from aspire_mjx.worlds.__main__ import main as worlds
from experiments.studies.__main__ import main as studies
from experiments.studies.gpu_check import main as gpu_check
from tests.support.handmade import Handmade

_HANGS = 20  # s that a command may take to refuse


class Place(NamedTuple):
    """One positional argument of a command.

    Attributes:
        main: the command.
        before: arguments before the one under test.
        after: arguments after it; the last may be a flag that is refused where the place was read.
        reads: whether it is a file that is read; else it is a name, and every place is an unknown one.
        fewer: what is said without it; "" where it may be left out.
        two: what is said of two in its place; "" where any number may be given.
        fine: kinds of places that are read as they stand, with what is said instead; "" says nothing.
    """

    main: Command | Callable[[list[str]], int]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    reads: bool = False
    fewer: str = ""
    two: str = ""
    fine: dict[str, str] = {}  # noqa: RUF012 (never written)


_RUN = ("--engine=native", "--seeds=51", "--out=file/run")
_PROGRAM = {"empty": "", "zeros": ""}
_NO_RUN = {"empty": "'file/run'", "zeros": "program refused"}
_FLAGS_ONLY = "flags only"
PLACES = {
    "compiler": Place(compiler, reads=True, fewer="give the file", two="give the file", fine=_PROGRAM),
    "run_program": Place(run_program, after=_RUN, reads=True, fewer="give the", two="give the file", fine=_NO_RUN),
    "compare": Place(compare, ("reach",), _RUN, reads=True, fewer="two programs", two="two programs", fine=_NO_RUN),
    "traces": Place(
        traces, reads=True, fewer="give a trace file", two="give a trace file", fine={"nothing": ""}
    ),  # a folder is all of its files, and no name is this one
    "faults": Place(faults, reads=True, fewer="give a trace file", two="give a trace file", fine={"nothing": ""}),
    "plot": Place(plot, ("tasks",), ("--out=p.png",), reads=True, fewer="give a kind of plot", two="cannot be read"),
    "plot what": Place(plot, (), ("t.msgpack",), fewer="give a kind of plot", two="unknown plot"),
    "skills": Place(skills, fewer="say what to do", two="unknown verb"),
    "skills show": Place(skills, ("show",), ("--library=library",), fewer="0 arguments", two="2 arguments"),
    "skills list": Place(skills, ("list",), ("--library=library",), two="list takes no name"),
    "skills export": Place(skills, ("export",), ("--library=library", "--out=out"), two="and no name"),
    "worlds": Place(worlds, fewer="unknown command ''", two="unknown command"),
    "worlds list": Place(worlds, ("list",), two="give one SUITE"),
    "worlds show": Place(worlds, ("show",), fewer="give a SUITE", two="give one SUITE"),
    "worlds render": Place(worlds, ("render",), ("--out=w.png",), fewer="give a SUITE", two="give one SUITE"),
    "worlds list bddl": Place(worlds, ("list", "--bddl=lemon.bddl"), two="give one SUITE"),
    "admit_skill": Place(
        admit_skill, (), ("--library=library", "--engine=none", "--program=reach"), fewer="give ", two="give "
    ),
    "libero_pro": Place(libero_pro, after=("--out=file/run",), two=_FLAGS_ONLY),
    "benchmark": Place(benchmark, after=("--out=file/x",), two="unexpected argument"),
    "studies": Place(studies, after=("--out=file/x",), two="unexpected argument"),
    "gpu_check": Place(gpu_check, after=("--out=file/x",), two=_FLAGS_ONLY),
    "primitives": Place(primitives, two=_FLAGS_ONLY),
    "aspire-mjx": Place(aspire, two="unknown command"),
    "flag file": Place(compiler, ("reach", "--brief", "--flagfile"), reads=True, fine={"empty": ""}),
    "import": Place(
        skills,
        ("import",),
        ("--library=library",),
        reads=True,
        fewer="0 arguments",
        two="2 arguments",
        fine={"empty": "no text", "bytes": "not UTF-8", "zeros": "", "memory": "Input/output error"},
    ),
}
LONG = "n" * 300
#: Kind of place to its name, and what is said of it where it is to be read.
KINDS = {
    "nothing": ("", ""),
    "missing": ("none.file", "No such file"),
    "folder": ("folder", "folder"),
    "endless": ("/dev/zero", "a device or a pipe"),
    "full": ("/dev/full", "a device or a pipe"),
    "null": ("/dev/null", "a device or a pipe"),
    "pipe": ("pipe", "a device or a pipe"),
    "socket": ("socket", "a device or a pipe"),
    "memory": ("/proc/self/mem", "Input/output error"),
    "empty": ("empty.py", "truncated"),
    "bytes": ("bytes.py", "UTF-8"),
    "zeros": ("zeros.py", "error: "),
    "long": (LONG + ".py", "File name too long"),
    "circle": ("circle.py", "Too many levels"),
    "through a file": ("file/x.py", "Not a directory"),
    "dangling": ("dangling.py", "No such file"),
    "no text": ("a\udcff.py", "No such file"),
    "colours": ("\x1b[31mred.py", "No such file"),
}
#: What is said instead where Markdown is looked for, and where flags are.
_SAID = {
    "import": dict.fromkeys(KINDS, "no Markdown file") | {"long": "File name too long"},
    "flag file": {"zeros": "", "nothing": ""},
}
_SAID |= {"traces": {"bytes": "truncated"}, "faults": {"bytes": "truncated"}, "plot": {"bytes": "truncated"}}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, content in (("file", b"x"), ("empty.py", b""), ("bytes.py", b"\xff\xfe\xff"), ("zeros.py", bytes(2000))):
        Path(name).write_bytes(content)
    for name in ("folder", "library"):
        Path(name).mkdir()
    os.mkfifo("pipe")
    os.symlink("circle.py", "circle.py")
    os.symlink("gone", "dangling.py")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
    traced = Handmade()
    traced.add(traced.draft_calls(close="EMPTY_GRASP"))
    write_traces("t.msgpack", traced.build(engine="native", device="cpu"))
    Path("lemon.bddl").write_bytes((Path(__file__).parent / "worlds" / "bddl" / "butter.bddl").read_bytes())
    return tmp_path


@pytest.fixture
def answer(folder, capfd):
    """Calls a command; its exit code, and what it says on standard error. One that hangs fails."""

    def hangs(number, frame):
        raise AssertionError("hangs")

    def call(main: Command | Callable[[list[str]], int], *arguments: str) -> tuple[int, str]:
        before = signal.signal(signal.SIGALRM, hangs)
        signal.alarm(_HANGS)
        try:
            code = main(["command", *arguments])
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)
        return code, capfd.readouterr().err

    return call


@pytest.mark.parametrize("name", PLACES)
def test_every_place_is_answered(name, folder, answer):
    place, wrong = PLACES[name], []
    before = sorted(path.name for path in folder.iterdir())
    for kind, (path, said) in KINDS.items():
        if name == "flag file" and not path:
            continue
        code, error = answer(place.main, *place.before, path, *place.after)
        said = place.fine.get(kind, _SAID.get(name, {}).get(kind, said) if place.reads else "")
        good = code == 2 and error.startswith("error: ")
        if kind in place.fine:
            good = code in (0, 1) or good
        if not good or said not in error or "Traceback" in error or "\x1b" in error:
            wrong.append(f"{kind}: {said!r} is not in {code} {error[:200]!r}")
    for said, extra in ((place.fewer, ()), (place.two, ("no.such", "no.other"))):
        code, error = answer(place.main, *place.before, *extra, *place.after) if said else (2, said)
        if code != 2 or said not in error:
            wrong.append(f"{extra}: {said!r} is not in {code} {error[:200]!r}")
    assert not wrong, "\n".join(wrong)
    after = sorted(path.name for path in folder.iterdir())
    assert after == before


@pytest.mark.parametrize("name", ["a.md", "x/SKILL.md", "a.bddl"])
def test_a_pipe_among_the_files_of_a_folder_is_told_and_not_waited_for(name, answer):
    Path("things/x").mkdir(parents=True)
    os.mkfifo(f"things/{name}")
    if name.endswith("bddl"):
        code, error = answer(worlds, "list", "--bddl=things")
    else:
        code, error = answer(skills, "import", "things", "--library=library")
    assert code and f"{name}:1: " in error and "a device or a pipe" in error


@pytest.mark.parametrize("name", ["config.json", "events.jsonl", "heldout.jsonl"])
def test_a_pipe_in_a_run_directory_is_told_and_not_waited_for(name, answer):
    with RunDirectory(Path("run"), {}, resume=False):
        pass
    Path("run", name).unlink(missing_ok=True)
    os.mkfifo(f"run/{name}")

    def resume(arguments: list[str]) -> int:
        with pytest.raises(RunDirectoryError, match="a device or a pipe"):
            RunDirectory(Path("run"), {}, resume=True)
        return 2

    assert answer(resume)[0] == 2
