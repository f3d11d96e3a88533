"""Every flag of every command, with every kind of wrong value: one clear paragraph and exit code 2, or it goes on.

The flags are asked of the commands. Numbers and switches are tried by what they say they take; any other flag needs a
row in :data:`VALUES`, and one without fails here. A value that is right is shown to be by what is refused after it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aspire_mjx.command import Command, NumberParser
from aspire_mjx.compiler.__main__ import main as compiler
from aspire_mjx.experiments.admit_skill import main as admit_skill
from aspire_mjx.experiments.benchmark import main as benchmark
from aspire_mjx.experiments.compare import main as compare
from aspire_mjx.experiments.libero_pro import main as libero_pro
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

LONG = "n" * 300  # longer than a file's name may be
GOES_ON = None  #: in place of what is said: the value is right


@dataclass(frozen=True)
class Use:
    """How a command is called here.

    Attributes:
        main: the command.
        arguments: positional ones, in the test's folder.
        given: other flags; the one under test takes their place.
        end: of them, the one that is refused when everything else was right, and what is said then.
    """

    main: Command
    arguments: tuple[str, ...] = ()
    given: dict[str, str] = field(default_factory=dict)
    end: tuple[str, str] | None = None


_RUN = {"out": "file/run", "engine": "native"}
_WIND = ("perturb", "unknown perturbation factor 'wind'")
USES = {
    "compiler": Use(compiler, ("reach",)),
    "primitives": Use(primitives, (), {"prompt": "true"}),
    "skills export": Use(skills, ("export",), {"library": "library", "out": "file/skills"}, ("out", "file/skills")),
    "skills import": Use(skills, ("import", "none"), {"library": "library"}),
    "traces": Use(traces, ("t.msgpack",)),
    "traces look": Use(
        traces, ("t.msgpack",), {"rollout": "0", "out": "p.png", "video": "file/v.gif"}, ("video", "file/v.gif")
    ),
    "worlds show": Use(worlds, ("show", "libero_goal/3"), {"out": "w.xml", "perturb": "wind:1"}, _WIND),
    "worlds render": Use(worlds, ("render", "libero_goal/3"), {"out": "w.png", "perturb": "wind:1"}, _WIND),
    "run_program": Use(run_program, ("reach",), {**_RUN, "seeds": "51"}, ("out", "file/run")),
    "compare": Use(compare, ("reach", "push"), {**_RUN, "seeds": "51"}, ("out", "file/run")),
    "faults": Use(faults, ("t.msgpack",)),
    "plot": Use(plot, ("tasks", "t.msgpack"), {"out": "file/p.png"}, ("out", "file is not a folder")),
    "libero_pro": Use(
        libero_pro,
        (),
        {**_RUN, "tasks": "0", "debug_seeds": "51", "validation_seeds": "66", "heldout_seeds": "1"},
        ("out", "file/run"),
    ),
    "admit_skill": Use(
        admit_skill,
        ("notes-look-first",),
        {"library": "library", "seeds": "51", "engine": "none"},
        ("engine", "'none'"),
    ),
    "benchmark": Use(benchmark, (), {"out": "file/x.jsonl"}, ("out", "file/x.jsonl")),
    "studies": Use(studies, (), {"out": "file/x.jsonl"}, ("out", "file/x.jsonl")),
    "gpu_check": Use(gpu_check, (), {"out": "file/x.jsonl"}, ("out", "file/x.jsonl")),
}

_ENGINE = [("", "unknown engine ''"), ("cuda", "Known: "), ("Native", "Did you mean 'native'"), (LONG, "unknown")]
_SEEDS = [
    ("", "numbers from 0"),
    ("a", "numbers from 0"),
    ("-1", "numbers from 0"),
    ("1.5", "numbers from 0"),
    ("9-1", "write '1-9'"),
    ("1,1", "named twice"),
    ("1-3,2", "named twice"),
    ("0-899999,899999", "899999 is named twice"),
    ("0-9999999", "more than 1000000 seeds"),
    ("9999999999", "numbers from 0"),
    ("\u0665", "numbers from 0"),
]
_OWN_SEEDS = [*_SEEDS, ("51-65", GOES_ON)]
_LEARNING = [(value, said) for value, said in _SEEDS if value != "1,1"]
_API = [("panda", "unknown API profile 'panda'"), (LONG, "Known: ")]
_FILE = [
    ("file/x", "file is not a folder"),
    ("none/x", "none is not a folder"),
    ("folder", "is a folder"),
    (LONG, "File name too long"),
    ("/sys/kernel/x", "cannot be written"),
]
_FOLDER = [
    ("file", "File exists"),
    ("file/x", "Not a directory"),
    ("/dev/null", "File exists"),
    (LONG, "File name too long"),
    ("/sys/kernel/x", "Operation not permitted"),
    ("\0", "null byte"),
    ("library", "not empty and is not a run directory"),
]
_PROGRAM = [
    ("", "cannot be read"),
    ("nothing", "unknown shipped program"),
    ("nothing.py", "No such file"),
    ("folder", "a folder"),
    ("/dev/zero", "a device"),
    ("bytes", "not UTF-8"),
    (LONG + ".py", "File name too long"),
    ("\0.py", "null byte"),
]
_PERTURB = [
    ("wind:3", "unknown perturbation factor 'wind'"),
    ("noise", "noise"),
    ("noise:", "noise"),
    ("noise:nan", "noise"),
    ("noise:-1", "noise"),
    ("noise:1e99", "noise"),
    ("noise:1,noise:2", "noise"),
    (":", "''"),
    (",", "''"),
]
_BDDL = [("none", "neither a task file nor a folder"), ("/dev/zero", "neither"), ("bytes", "bytes:1: not UTF-8")]
_BDDL += [("file", "file:1: "), (LONG, "File name too long"), ("folder", "neither")]
_TASK = [("", "unknown task"), ("-1", "Known: "), ("99", "unknown task"), (LONG, "unknown task"), ("1", GOES_ON)]
_ROOT = [("folder", "--geometry=original only"), (LONG, "--geometry=original only")]
_LIBRARY = [("file", "a file, not a folder"), ("/dev/null", "not a folder"), (LONG, "File name too long")]
_LANES = [("", "--lanes="), ("0", "1 to 65536"), ("-1", "1 to"), ("a,8", "1 to"), ("999999999", "1 to"), ("8", GOES_ON)]
_LANES += [("8,", "1 to"), ("\u00b2", "1 to")]
_SIZE = [("", "WIDTHxHEIGHT"), ("0x0", "from 16"), ("-1x8", "WIDTHx"), ("99999x9", "to 2048"), ("160x120", GOES_ON)]
_CASES = [("", "is empty"), ("speed", "unknown case 'speed'"), (",", "unknown case ''")]
#: Flag, or command and flag, to values and what is said of each.
VALUES: dict[str, Sequence[tuple[str, str | None]]] = {
    "api": [*_API, ("capx", GOES_ON)],
    "compare api": [*_API, ("native", GOES_ON)],
    "primitives api": [*_API, ("", "unknown API profile"), ("capx", GOES_ON)],
    "engine": [*_ENGINE, ("native", GOES_ON)],
    "admit_skill engine": _ENGINE,
    "against": [("other.msgpack", "other.msgpack"), ("", GOES_ON)],
    "budget": [("10", "add --forks")],
    "camera": _SIZE,
    "traces camera": [("wrist", "add --out picture.png")],
    "size": [("64x48", "add --out picture.png")],
    "traces look size": _SIZE,
    "fps": [("5", "add --video video.gif")],
    "traces look fps": [("0", "1 to 50"), ("51", "1 to 50"), ("a", "fps"), ("5", GOES_ON)],
    "traces look camera": [("", "unknown camera"), ("side", "Known: "), ("wrist", GOES_ON)],
    "suite": [("", "unknown suite"), ("libero", "Known: "), (LONG, "unknown suite"), ("libero_goal", GOES_ON)],
    "geometry": [("", "unknown geometry"), ("orignal", "Did you mean 'original'"), ("original", "--libero_root=PATH")],
    "language": [("", "unknown language"), ("fil", "file")],
    "libero_root": _ROOT,
    "studies libero_root": [("none", GOES_ON)],
    "bddl": _BDDL,
    "perturb": [*_PERTURB, ("noise:0..1", "--sweep=latin"), ("noise:2", GOES_ON)],
    "worlds show perturb": [*_PERTURB, ("noise:0..1", "noise")],
    "worlds render perturb": [*_PERTURB, ("noise:0..1", "noise")],
    "sweep": [("latin", "needs a range"), ("sobol", "needs a range")],
    "task": _TASK,
    "traces task": [("", "unknown task"), ("tidy the room", "Known: "), ("soup", GOES_ON)],
    "traces look task": [("soup", "leave them out with --rollout")],
    "tasks": [*_TASK[:-1], ("3-1", "falls"), ("0-999999", "unknown task"), ("0,,1", "unknown task"), ("all", GOES_ON)],
    "seeds": [*_SEEDS, ("1-3", GOES_ON)],
    "admit_skill seeds": [*_LEARNING, ("1-50", "seed 1 is a held-out seed"), ("52", GOES_ON)],
    "debug_seeds": [*_LEARNING, ("66", "validation seed"), ("1", "held-out seed"), ("52", GOES_ON)],
    "validation_seeds": [*_LEARNING, ("81", "held-out seed"), ("51", "stand in --debug_seeds"), ("67", GOES_ON)],
    "heldout_seeds": [*_SEEDS, ("51", "a seed has one role"), ("60-66", "a seed has one role"), ("2", GOES_ON)],
    "agent": [
        ("", "unknown agent"),
        ("no_such:X", "cannot be loaded"),
        ("math:pi", "name a class"),
        ("gpt", "scripted"),
        ("replay", "needs --transcript=FILE"),
        ("openai", "OPENAI_BASE_URL"),
        ("scripted", GOES_ON),
    ],
    "strategy": [("", "unknown strategy"), ("all", "Known: blind"), ("traces", GOES_ON)],
    **{name: [("x", f"--{name} is for agents that ask")] for name in ("model", "transcript", "prices")},
    "program": [*_PROGRAM, ("reach", GOES_ON)],
    "admit_skill program": _PROGRAM,
    "skills": [("none", "is not a folder"), ("file", "is not a folder"), (LONG, "name too long"), ("shipped", GOES_ON)],
    "library": [*_LIBRARY, ("none", "no such folder")],
    "admit_skill library": [*_LIBRARY, ("none", "unknown skill")],
    "skills import library": [*_LIBRARY, ("none", "no Markdown file")],
    "replaces": [("", "replaces"), ("grasp_it", "choose another --replaces"), (LONG, "--replaces")],
    "cases": [*_CASES, ("loop,loop", "named twice"), ("loop", GOES_ON)],
    "studies cases": [*_CASES, ("words,words", "named twice"), ("parity", "--libero_root"), ("words", GOES_ON)],
    "lanes": _LANES,
    "programs": [("", "--programs is empty"), ("none", GOES_ON)],
    "status": [("", "unknown status"), ("FINE", "Known: OK"), ("EMPTY_GRASP", GOES_ON)],
    "traces look status": [("OK", "leave them out with --rollout")],
    "factor": [("noise", "belongs to dose"), (LONG, "belongs to dose"), ("", GOES_ON)],
    "verdict": [("", "unknown verdict"), ("both", "Known: benchmark, strict"), ("strict", GOES_ON)],
    "video": [("v.gif", "say which with --rollout"), ("v.txt", "say which with --rollout")],
    "traces look video": [("v.avi", "a video is one of"), *_FILE],
    "out": _FILE,
    "run_program out": _FOLDER,
    "compare out": _FOLDER,
    "libero_pro out": _FOLDER,
    "skills export out": [("", "--out is empty"), ("file/x", "Not a directory"), (LONG, "name too long")],
    "skills import out": [("x", "--out is no flag of import")],
    "traces out": [("p.png", "say which with --rollout")],
    "traces look out": [*[(f"{name}.png", said) for name, said in _FILE], ("p.txt", "unknown ending of --out 'txt'")],
    "plot out": [*[(f"{name}.png", said) for name, said in _FILE], ("p.txt", "a plot is one of"), ("p", "a plot is")],
    "worlds show out": [*[(f"{name}.xml", said) for name, said in _FILE], ("w.png", ".xml"), ("w.xml", GOES_ON)],
    "worlds render out": [*[(f"{name}.png", said) for name, said in _FILE], ("w.xml", ".png"), ("w.png", GOES_ON)],
}
_OTHERS = {"help"}


def cases() -> Iterator[tuple[str, str, str, str | None]]:
    """Name of a use, flag, argument, what is said."""
    for name, use in USES.items():
        defined = use.main.flags()
        for flag in (flag for flag in defined if len(flag) > 1 and flag not in _OTHERS):
            parser = defined[flag].parser
            if isinstance(parser, NumberParser):
                wrong = ["", "many", "1e99", "nan", "-inf", "9" * 5000, f"{parser.low - 1}", f"{parser.high + 1}"]
                wrong += ["1.5"] if parser.kind is int else []
                rows = [(value, f"--{flag}={value[:40]}") for value in wrong]
            elif defined[flag].boolean:
                yield name, flag, f"--no{flag}=3", f"write --{flag} or --no{flag}"
                rows = [("3", f"write --{flag} or --no{flag}"), ("", f"write --{flag} or --no{flag}")]
            else:
                rows = VALUES[f"{name} {flag}"] if f"{name} {flag}" in VALUES else VALUES[flag]
            yield from ((name, flag, f"--{flag}={value}", said) for value, said in rows)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The test's folder, with a file, an empty folder, bytes that are no text, a trace and a library."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x")
    for name in ("folder", "folder.xml", "folder.png"):
        (tmp_path / name).mkdir()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\xff")
    traced = Handmade()
    traced.add(traced.draft_calls(close="EMPTY_GRASP"))
    write_traces("t.msgpack", traced.build(engine="native", device="cpu"))
    notes = "# Look first\n\nLook before a grasp.\n\n```python\ndef look():\n    return get_observation()\n```\n"
    (tmp_path / "notes.md").write_text(notes)
    assert skills(["skills", "import", "notes.md", "--library=library"]) == 0
    return tmp_path


def arguments(use: Use, flag: str, *own: str) -> list[str]:
    others = [f"--{name}={value}" for name, value in use.given.items() if name != flag]
    return ["command", *use.arguments, *others, *own]


def test_every_flag_is_tried():
    missing = []
    for name, use in USES.items():
        defined = use.main.flags()
        texts = [flag for flag in defined if len(flag) > 1 and not defined[flag].boolean]
        texts = [flag for flag in texts if not isinstance(defined[flag].parser, NumberParser)]
        missing += [f"{name} --{flag}" for flag in texts if f"{name} {flag}" not in VALUES and flag not in VALUES]
        assert use.end is None or use.end[0] in use.given.keys() & defined
    assert not missing, "give these flags rows in VALUES; numbers are defined with define_number"
    unused = {row for row in VALUES if row.rpartition(" ")[0] not in ("", *USES)}
    assert not unused


@pytest.mark.parametrize("name", USES)
def test_wrong_values_are_answered_and_right_ones_go_on(name, folder, capsys):
    """In one test a command, for each case takes a few milliseconds: what is wrong is told together."""
    use, wrong = USES[name], []
    capsys.readouterr()
    before = sorted(path.name for path in folder.iterdir())
    for _, flag, argument, said in (case for case in cases() if case[0] == name):
        code = use.main(arguments(use, flag, argument))
        shown, error = capsys.readouterr()
        shown_argument = f"{argument[:60]!r} ({len(argument)} characters)"
        if said is GOES_ON and use.end:
            if code != 2 or use.end[1] not in error:
                wrong.append(f"{shown_argument}: {use.end[1]!r} is not in {code} {error!r}")
        elif said is GOES_ON:
            if code != 0 or not shown or error:
                wrong.append(f"{shown_argument}: {code} {error!r}")
        elif code != 2 or said not in error or "Traceback" in error or shown:
            wrong.append(f"{shown_argument}: {said!r} is not in {code} {shown[:200]!r} {error[:300]!r}")
        if not error.startswith("error: ") and code == 2:
            wrong.append(f"{shown_argument}: begins with {error[:30]!r}")
    assert not wrong, "\n".join(wrong)
    assert sorted(path.name for path in folder.iterdir()) == before, "nothing is left behind"


@pytest.mark.parametrize("name", USES)
def test_unknown_flags_and_flags_given_twice_are_named(name, folder, capsys):
    use = USES[name]
    capsys.readouterr()
    for flag in (flag for flag in use.main.flags() if len(flag) > 1 and flag not in _OTHERS):
        defined = use.main.flags()[flag]
        value = f"={math.ceil(defined.parser.low)}" if isinstance(defined.parser, NumberParser) else "=1"
        own = f"--{flag}{'' if defined.boolean else value}"
        assert use.main(arguments(use, flag, own, own)) == 2
        assert f"--{flag} is given 2 times" in capsys.readouterr().err
    for stray in ("--no_such_flag=1", "--no_such_flag"):
        assert use.main(arguments(use, "", stray)) == 2
        assert "no_such_flag" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "must be UTF-8"),
        (b"--no_such\n", "no_such"),
        (b"--flagfile=/dev/zero\n", "a device"),
        (None, "No"),
    ],
)
def test_a_flag_file_that_cannot_be_read_is_named(folder, capsys, content, said):
    if content is not None:
        Path("flags").write_bytes(content)
    assert compiler(["compiler", "reach", "--flagfile=flags"]) == 2
    error = capsys.readouterr().err
    assert said in error and error.startswith("error: ")


def test_a_flag_file_is_read(folder, capsys):
    Path("flags").write_text("--brief\n")
    assert compiler(["compiler", "reach", "--flagfile=flags"]) == 0
    assert "instructions; program" in capsys.readouterr().out
