"""Read a trace file, and look at its rollouts: ``python -m aspire_mjx.traces FILE``.

python -m aspire_mjx.traces FILE                               a summary of the file
python -m aspire_mjx.traces FILE --failed --status=EMPTY_GRASP the rollouts that match, one line each
python -m aspire_mjx.traces FILE --rollout=17                  one rollout, call by call, and why it failed
python -m aspire_mjx.traces FILE --rollout=17 --call=3 --out=picture.png --video=video.gif
                                                               pictures, made by running the rollout again

FILE may be a folder, such as a run's traces/: then its files are one, rollouts numbered in the order of their names.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from absl import flags
from rich.console import Console

from aspire_mjx.command import Command, Options, define_number
from aspire_mjx.errors import TraceError, UnknownNameError
from aspire_mjx.faults.fault import find_faults
from aspire_mjx.faults.statistics import clustered
from aspire_mjx.files import check_writable
from aspire_mjx.primitives.perception import CAMERAS
from aspire_mjx.primitives.registry import Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.traces import reader, store
from aspire_mjx.traces.columns import TraceBatch, packed_names
from aspire_mjx.traces.schema import CALLS, PACKED, ROLLOUTS, Column

_MOST = 10**9  # rollouts of a file, calls of a rollout
_HEAD = """# Trace columns

The columns of a [trace file](formats.md). This page is written by
`python -m aspire_mjx.traces --schema > docs/trace_columns.md` from `aspire_mjx/traces/data/columns.json` and the
declarations of the robot API; a test compares them. NaN means "not measured"; a *text* column is int32 indices into the
file's table of strings, -1 for the empty text.
"""


def schema_page(registry: Registry) -> str:
    """The columns of calls and rollouts, and what the packed numbers of each primitive are; Markdown."""
    lines = [_HEAD, "## Calls\n", "One row a primitive call, sorted by rollout, then by order of the call.\n"]
    lines += [_table(CALLS), "\n## Rollouts\n", "One row a rollout, in job order.\n", _table(ROLLOUTS)]
    lines += ["\n## Packed numbers\n", f"What the first of the {PACKED} numbers of `inputs` and `outputs` are.\n"]
    lines += ["| Primitive | `inputs` | `outputs` |", "|---|---|---|"]
    for primitive in registry:
        held = (" ".join(packed_names(declared)) or "-" for declared in (primitive.parameters, primitive.fields))
        lines.append(f"| `{primitive.name}` | {' | '.join(held)} |")
    return "\n".join(lines) + "\n"


def _table(columns: Mapping[str, Column]) -> str:
    rows = ["| Column | Type | Meaning |", "|---|---|---|"]
    for name, column in columns.items():
        wide = "".join(f" [{size}]" for size in column.shape)
        unit = f", {column.unit}" if column.unit else ""
        rows.append(f"| `{name}` | {column.kind}{wide}{unit} | {column.meaning} |")
    return "\n".join(rows)


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    about = "print this rollout call by call, and why it failed"
    define_number("rollout", None, about, low=0, high=_MOST, flag_values=fv)
    about = "with --out: the call before and after which to look"
    define_number("call", None, about, low=0, high=_MOST, flag_values=fv)
    about = "with --rollout: write a picture of its first and last state, .png"
    flags.DEFINE_string("out", "", about, flag_values=fv)
    about = "with --out or --video: agentview, wrist or both"
    flags.DEFINE_string("camera", "agentview", about, flag_values=fv)
    about = "with --out or --video: pixels of a camera's picture, such as 640x480; empty: 480x360, a video's 320x240"
    flags.DEFINE_string("size", "", about, flag_values=fv)
    define_number("fps", 10, "with --video: pictures a second", low=1, high=50, flag_values=fv)
    flags.DEFINE_string("video", "", "with --rollout: write a video, .gif, .webp or .mp4 (ffmpeg)", flag_values=fv)
    flags.DEFINE_boolean("failed", False, "list failed rollouts only", flag_values=fv)
    flags.DEFINE_string("status", None, "list rollouts with such a call, e.g. EMPTY_GRASP", flag_values=fv)
    flags.DEFINE_string("task", None, "list rollouts of a task: its key, or words of its language", flag_values=fv)
    about = "print the columns of trace files (docs/trace_columns.md)"
    flags.DEFINE_boolean("schema", False, about, flag_values=fv)


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if options["schema"]:
        print(schema_page(ROBOT_API), end="")
    elif len(arguments) != 1:
        raise TraceError("give a trace file (.msgpack) of a run's traces/ folder, or the folder for all of them")
    else:
        print(_answer(options, store.read_any(arguments[0])))


def _answer(options: Options, batch: TraceBatch) -> str:
    rollout, call = options["rollout"], options["call"]
    if rollout is None and (call is not None or options["out"] or options["video"]):
        raise TraceError("--call, --out and --video are about one rollout; say which with --rollout N")
    if call is not None and not options["out"]:
        raise TraceError("--call says what --out shows; add --out picture.png")
    if options.given & {"camera", "size"} and not (options["out"] or options["video"]):
        raise TraceError("--camera and --size say how --out or --video looks; add --out picture.png")
    if "fps" in options.given and not options["video"]:
        raise TraceError("--fps is about --video; add --video video.gif")
    if rollout is not None and options.given & {"failed", "status", "task"}:
        raise TraceError("--failed, --status and --task list rollouts; leave them out with --rollout")
    if options["out"] or options["video"]:
        return _look(batch, options)
    if rollout is not None:
        batch.calls_of(rollout)  # a clear error for a rollout that is not there
        if batch.passes()[rollout]:
            return reader.rollout_text(batch, rollout)
        (fault,) = find_faults(batch, [rollout])
        why = (f"fault  {fault.signature}", f"why    {fault.sentence}")
        return reader.rollout_text(batch, rollout, blamed=fault.call, why=why)
    rows = reader.choose(batch, failed=options["failed"], status=options["status"], task=options["task"])
    if options["failed"] or options["status"] or options["task"]:
        return reader.list_text(batch, rows)
    return reader.summary_text(batch, rows, interval=clustered)


def _look(batch: TraceBatch, options: Options) -> str:
    """Writes what is asked for and says what it is."""
    from matplotlib.backend_bases import FigureCanvasBase

    from aspire_mjx.reports.keyframe import draw_keyframe
    from aspire_mjx.reports.video import stride_of, video, video_kind
    from aspire_mjx.traces.replay import replay

    if options["camera"] not in (*CAMERAS, "both"):
        raise UnknownNameError("camera", options["camera"], (*CAMERAS, "both"))
    look: dict[str, Any] = {"cameras": CAMERAS if options["camera"] == "both" else (options["camera"],)}
    if "size" in options.given:
        look["size"] = ImageSize.parse(options["size"])
    kinds = FigureCanvasBase.filetypes
    if options["out"] and (ending := Path(options["out"]).suffix[1:]) not in kinds:
        raise UnknownNameError("ending of --out", ending, kinds)
    for flag in ("out", "video"):
        if options[flag]:
            check_writable(options[flag], flag)
    if options["video"]:
        video_kind(Path(options["video"]))
    film, said = replay(batch, options["rollout"], stride=stride_of(options["fps"])), []
    try:
        if options["out"]:
            figure = draw_keyframe(batch, film, options["rollout"], options["call"], **look)
            figure.savefig(options["out"], dpi=100)
            said.append(f"wrote {options['out']}")
        if options["video"]:
            verdict = reader.verdict_of(batch, options["rollout"]).upper()
            count = video(film, Path(options["video"]), verdict=verdict, fps=options["fps"], **look)
            said.append(f"wrote {options['video']}: {count} pictures")
    except (OSError, ValueError) as error:  # a folder that is not there, a kind of picture that nobody writes
        raise TraceError(f"cannot write the picture: {error}") from None
    return "\n".join(said)


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
