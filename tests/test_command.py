"""What all commands share."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from aspire_mjx.command import Command
from tests.support.paths import ROOT


def test_help_into_a_pipe_that_nobody_reads_is_no_error():
    command = [sys.executable, "-m", "aspire_mjx.compiler", "--help"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == "" and process.wait() == 0


def run(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if name not in ("HOME", "PYTHONIOENCODING")}
    command = command.replace("python", sys.executable)
    return subprocess.run(["bash", "-c", command], env=kept | environment, capture_output=True, timeout=120)


@pytest.mark.parametrize("redirection", [">&-", ">&- 2>&-", ">/dev/null", "| head -1"])
def test_closed_and_short_outputs_are_no_error(redirection):
    done = run(f"set -o pipefail; python -m aspire_mjx.compiler reach {redirection}")
    assert done.returncode == 0 and done.stderr == b""


def test_a_full_disk_is_one_line():
    done = run("python -m aspire_mjx.compiler reach > /dev/full")
    assert done.returncode == 2 and done.stderr.startswith(b"error: No space left on device")
    assert done.stderr.count(b"\n") == 1


FINISHED = """
from aspire_mjx.command import Command, telling_of
def main(options, arguments, console):
    with telling_of("runs/x"):
        print("done")
raise SystemExit(Command(main, lambda flags: None, usage=None)(["c"]))
"""


def test_a_finished_run_whose_output_fails_says_where_its_results_are(tmp_path):
    (tmp_path / "c.py").write_text(FINISHED)
    done = run(f"PYTHONPATH={ROOT} python {tmp_path / 'c.py'} > /dev/full")
    assert done.returncode == 2 and done.stderr == (
        b"error: what the command says cannot be written (No space left on device); the run is finished, and its "
        b"results are in runs/x.\n"
    )
    assert run(f"PYTHONPATH={ROOT} python {tmp_path / 'c.py'}").stdout == b"done\n"


def test_an_ascii_output_gets_escapes(tmp_path):
    (tmp_path / "p.py").write_text("print('\u00e4')\nprnt('\u00e4')\n", encoding="utf-8")
    done = run(f"python -m aspire_mjx.compiler {tmp_path / 'p.py'}", PYTHONIOENCODING="ascii")
    assert done.returncode == 1 and b"prnt" in done.stdout and done.stderr == b""


def test_ctrl_c_is_one_line(capsys):
    def stopped(options, arguments, console):
        raise KeyboardInterrupt

    assert Command(stopped, lambda flags: None, usage=None)(["c"]) == 130
    assert capsys.readouterr().err == "stopped by Ctrl-C.\n"


def test_sigterm_is_one_line_and_ends_nothing_else(capsys):
    def stopped(options, arguments, console):
        signal.raise_signal(signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    assert Command(stopped, lambda flags: None, usage=None)(["c"]) == 143
    assert capsys.readouterr().err == "stopped by SIGTERM.\n" and signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("driver", ["nothing", "osmesa", "egl"])
def test_a_graphics_driver_that_is_not_there_stops_nothing(driver):
    done = run("python -m aspire_mjx.worlds show libero_goal/3 --seed=1", MUJOCO_GL=driver)
    assert done.returncode == 0 and b"Traceback" not in done.stderr
    if driver == "nothing":
        assert b"MUJOCO_GL=nothing: MuJoCo cannot load it" in done.stderr


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("make_picture.py one two three", "give a run directory"),
        ("make_picture.py none 1", "name a finished run"),
        ("make_contact_sheets.py --help", ""),
        ("make_contact_sheets.py none", "unknown suite 'none'"),
        ("make_report_picture.py none", "name the directory of a run"),
    ],
)
def test_the_scripts_of_the_documents_are_commands(script, said):
    done = run(f"python {ROOT / 'docs'}/{script}", PYTHONPATH=str(ROOT))
    assert done.returncode == (2 if said else 0) and said in done.stderr.decode() and b"Traceback" not in done.stderr
