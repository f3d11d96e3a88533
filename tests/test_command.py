"""What all commands share."""

from __future__ import annotations

import subprocess
import sys


def test_help_into_a_pipe_that_nobody_reads_is_no_error():
    command = [sys.executable, "-m", "aspire_mjx.compiler", "--help"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == "" and process.wait() == 0
