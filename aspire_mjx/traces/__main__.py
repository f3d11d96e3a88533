"""Read a trace file, and look at its rollouts.

``python -m aspire_mjx.traces FILE [--rollout N [--call C] [--out PICTURE] [--video FILE]] [--failed] [--status S]``
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from aspire_mjx.errors import AspireError, TraceError
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.traces import reader, store, tables
from aspire_mjx.traces.columns import TraceBatch


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a summary of a trace file, a list of rollouts, or one rollout; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m aspire_mjx.traces",
        description="Without options: a summary of the file. With a filter: the rollouts that match, one line each. "
        "Pictures and videos are made by running the rollout again.",
    )
    parser.add_argument("file", nargs="?", help="a trace file (.msgpack) of a run's traces/ folder")
    parser.add_argument("--rollout", type=int, metavar="N", help="print rollout N call by call, and why it failed")
    parser.add_argument("--call", type=int, metavar="C", help="with --out: the call before and after which to look")
    parser.add_argument(
        "--out", metavar="FILE", help="with --rollout: write a picture of its first and last state, .png"
    )
    parser.add_argument("--camera", default="agentview", help="with --out: agentview (the default) or wrist")
    parser.add_argument("--video", metavar="FILE", help="with --rollout: write a video, .gif, .webp or .mp4 (ffmpeg)")
    parser.add_argument("--failed", action="store_true", help="list failed rollouts only")
    parser.add_argument("--status", metavar="STATUS", help="list rollouts with such a call, e.g. EMPTY_GRASP")
    parser.add_argument("--task", metavar="TASK", help="list rollouts of a task: its key, or words of its language")
    parser.add_argument(
        "--schema", action="store_true", help="print the columns of trace files (docs/trace_columns.md)"
    )
    options = parser.parse_args(arguments)
    try:
        answer = tables.schema_page(ROBOT_API).removesuffix("\n") if options.schema else _answer(options)
        print(answer, flush=True)
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

    if options.file is None:
        raise TraceError("give a trace file (.msgpack) of a run's traces/ folder")
    batch = store.read_traces(options.file)
    if options.rollout is None and (options.call is not None or options.out or options.video):
        raise TraceError("--call, --out and --video are about one rollout; say which with --rollout N")
    if options.call is not None and not options.out:
        raise TraceError("--call says what --out shows; add --out picture.png")
    if options.out or options.video:
        return _look(batch, options)
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


def _look(batch: TraceBatch, options: argparse.Namespace) -> str:
    """Writes what is asked for and says what it is."""
    from aspire_mjx.jax_setup import enable_compilation_cache
    from aspire_mjx.reports.keyframe import keyframe
    from aspire_mjx.reports.video import STRIDE, video
    from aspire_mjx.traces.replay import replay

    enable_compilation_cache()
    film, said = replay(batch, options.rollout, stride=STRIDE), []
    try:
        if options.out:
            keyframe(batch, film, options.rollout, options.call, Path(options.out), camera=options.camera)
            said.append(f"wrote {options.out}")
        if options.video:
            said.append(f"wrote {options.video}: {video(film, Path(options.video))} pictures")
    except (OSError, ValueError) as error:  # a folder that is not there, a kind of picture that nobody writes
        raise TraceError(f"cannot write the picture: {error}") from None
    return "\n".join(said)


if __name__ == "__main__":
    sys.exit(main())
