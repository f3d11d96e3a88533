"""``python -m aspire_mjx.compiler``: what it prints, and its exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aspire_mjx.compiler.__main__ import main

GOOD = 'd = tunable("depth", 0.01, low=0.0, high=0.04)\nif open_gripper():\n    wait(d)\nwait(1)\n'


def test_prints_schedule_primitives_and_tunables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "good.py"
    path.write_text(GOOD)
    assert main(["compiler", str(path)]) == 0
    shown, wrong = capsys.readouterr()
    assert not wrong
    assert shown.startswith("module():\n    1      0  TUNABLE")
    assert "  open_gripper               line 2\n  wait                       line 3, 4\n" in shown
    assert "  depth                      default 0.01, low 0, high 0.04  (line 1)\n" in shown
    assert shown.rstrip().endswith("no policy findings")
    assert main(["compiler", str(path), "--brief"]) == 0
    brief = capsys.readouterr().out
    assert "module():" not in brief and shown.endswith(brief)


def test_says_when_there_is_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.py").write_text("")
    assert main(["compiler", str(tmp_path / "empty.py")]) == 0
    assert "primitives: none\ntunables: none\n" in capsys.readouterr().out


def test_prints_all_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.py"
    path.write_text("import os; x = os\n\nopen('x')\nx.__class__\n")
    assert main(["compiler", str(path)]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "program refused:"
    assert [line.partition("]")[0] for line in shown[1:]] == [
        *("bad.py:1: [import", "bad.py:3: [name", "bad.py:4: [dunder"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        (b"\xff\xfe\x00w\x00a", "not UTF-8 text"),
        (b"wait(1)\n" * 9000, "more than 65536 characters"),
        (..., "a folder"),
    ],
)
def test_files_that_cannot_be_read(
    content: object, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "program.py"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        path.mkdir()
    assert main(["compiler", str(path)]) == 2
    shown, wrong = capsys.readouterr()
    assert not shown and len(wrong.splitlines()) == 1
    assert wrong.startswith(f"error: program {str(path)!r}") and says in wrong


def test_a_name_that_no_file_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compiler", "a\0b"]) == 2
    assert "null byte" in capsys.readouterr().err


def test_binary_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "program.py"
    path.write_bytes(b"x = 1\n\x00\n")
    assert main(["compiler", str(path)]) == 1
    assert "program.py:1: [syntax]" in capsys.readouterr().out


def test_files_of_any_editor(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_bytes("\ufeff# déjà vu\r\nwait(1)\r\n".encode())
    assert main(["compiler", str(path)]) == 0


def test_as_a_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "aspire_mjx.compiler"]
    shown = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout
    assert "PROGRAM.py" in shown and "Exit code 0" in shown and "--brief" in shown
    assert subprocess.run(command, capture_output=True).returncode == 2
    path = tmp_path / "bad.py"
    path.write_text("import os\nos")
    assert subprocess.run([*command, str(path)], capture_output=True).returncode == 1
