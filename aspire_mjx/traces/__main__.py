"""Read a trace file: ``python -m aspire_mjx.traces FILE [--rollout N] [--failed] [--status S] [--task T]``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from aspire_mjx.errors import AspireError
from aspire_mjx.traces import reader, store


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a summary of a trace file, a list of rollouts, or one rollout; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m aspire_mjx.traces",
        description="Without options: a summary of the file. With a filter: the rollouts that match, one line each.",
    )
    parser.add_argument("file", help="a trace file (.msgpack) of a run's traces/ folder")
    parser.add_argument("--rollout", type=int, metavar="N", help="print rollout N call by call, and why it failed")
    parser.add_argument("--failed", action="store_true", help="list failed rollouts only")
    parser.add_argument("--status", metavar="STATUS", help="list rollouts with such a call, e.g. EMPTY_GRASP")
    parser.add_argument("--task", metavar="TASK", help="list rollouts of a task: its key, or words of its language")
    options = parser.parse_args(arguments)
    try:
        print(_answer(options), flush=True)
    except AspireError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader of a pipe, e.g. head, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _answer(options: argparse.Namespace) -> str:
    # The explanation of a failure is a layer above the traces, so it is imported by this command only.
    from aspire_mjx.faults.fault import find_faults
    from aspire_mjx.faults.statistics import wilson

    batch = store.read(options.file)
    if options.rollout is not None:
        batch.calls_of(options.rollout)  # a clear error for a rollout that is not there
        explanation = None
        if not batch.passes()[options.rollout]:
            fault = find_faults(batch, [options.rollout])[0]
            explanation = reader.Explanation(fault.call, fault.signature.key, fault.sentence)
        return reader.rollout_text(batch, options.rollout, explanation=explanation)
    rows = reader.choose(batch, failed=options.failed, status=options.status, task=options.task)
    if options.failed or options.status or options.task:
        return reader.list_text(batch, rows)
    return reader.summary_text(batch, rows, interval=wilson)


if __name__ == "__main__":
    sys.exit(main())
