"""Trace batches as text for a person: a summary of a file, and one rollout call by call."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.machine.output import Outcome
from aspire_mjx.primitives.registry import Primitive
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.printable import source_lines
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import VERDICTS, TraceBatch
from aspire_mjx.traces.schema import packed_places

#: (verdicts ``[B]``, seeds ``[B]``) -> (low, high) of the pass rate.
IntervalOf = Callable[[list[bool], list[int]], tuple[float, float]]


def choose(
    batch: TraceBatch, *, failed: bool = False, status: str | None = None, task: str | None = None
) -> np.ndarray:
    """Rows of the rollouts that failed, made a call with a status, or belong to a task (key, or text within it).

    Raises:
        UnknownNameError: no such status; no rollout of such a task. The known ones are listed.
    """
    keep = np.ones(len(batch), bool)
    if failed:
        keep &= ~batch.passes()
    if status is not None:
        if status.upper() not in Status.__members__:
            raise UnknownNameError("status", status, Status.__members__)
        rows = batch.calls["rollout"][batch.calls["status"] == Status[status.upper()]]
        keep &= np.bincount(rows, minlength=len(batch)).astype(bool)
    if task is not None:
        tasks, languages = batch.rollout_text("task"), batch.rollout_text("language")
        mine = tasks == task
        if task.strip() and not mine.any():
            mine = np.array(
                [task.lower() in f"{key} {said}".lower() for key, said in zip(tasks, languages, strict=True)]
            )
        if not mine.any():
            raise UnknownNameError("task of this file", task, sorted(set(tasks.tolist())))
        keep &= mine
    return np.flatnonzero(keep)


def summary_text(batch: TraceBatch, rows: np.ndarray, *, interval: IntervalOf) -> str:
    """One line a (task, program, label): rollouts, pass rates with interval, outcomes; then the totals."""
    tasks, labels = batch.rollout_text("task").tolist(), batch.rollout_text("label").tolist()
    groups: dict[tuple[str, str, str], list[int]] = {}
    for row in rows.tolist():
        digest, name, _ = batch.programs[batch.rollouts["program"][row]]
        groups.setdefault((tasks[row], f"{name} ({digest})", labels[row]), []).append(row)
    table = [("task", "program", "label", "rollouts", "pass", "95%", "strict", "outcomes")]
    table += [(*key, *_counts(batch, members, interval)) for key, members in groups.items()]
    if len(groups) > 1:
        table.append(("all", "", "", *_counts(batch, rows.tolist(), interval)))
    calls = np.isin(batch.calls["rollout"], rows).sum()
    made = "  ".join(f"{key}={value}" for key, value in batch.meta.items() if isinstance(value, (str, int, float)))
    return "\n".join([f"{len(rows)} rollouts, {calls} calls" + (f"  {made}" if made else ""), *_aligned(table)])


def _counts(batch: TraceBatch, rows: list[int], interval: IntervalOf) -> tuple[str, ...]:
    passes = batch.rollouts["benchmark"][rows].tolist()
    low, high = interval(passes, batch.rollouts["seed"][rows].tolist())
    outcomes = Counter(Outcome(code).name for code in batch.rollouts["outcome"][rows].tolist())
    rate = f"{sum(passes) / len(rows):.2f}" if rows else "-"
    return (
        str(len(rows)),
        rate,
        f"{low:.2f}-{high:.2f}",
        str(int(batch.rollouts["strict"][rows].sum())),
        ", ".join(f"{name} {count}" for name, count in outcomes.most_common()),
    )


def list_text(batch: TraceBatch, rows: np.ndarray) -> str:
    """One line a rollout: number, task, seed, program, verdict, margin, outcome, statuses that were not OK, error."""
    tasks, primitives = batch.rollout_text("task").tolist(), batch.call_text("primitive")
    table = [("rollout", "task", "seed", "program", "verdict", "margin m", "outcome", "what was not OK")]
    errors = batch.rollout_text("error").tolist()
    for row in rows.tolist():
        part = batch.calls_of(row)
        not_ok = [
            f"{name}:{Status(code).name}"
            for name, code in zip(primitives[part], batch.calls["status"][part].tolist(), strict=True)
            if code
        ]
        if errors[row]:
            not_ok.append(f"line {batch.rollouts['error_line'][row]}: {errors[row]}")
        table.append(
            (
                str(row),
                tasks[row],
                str(batch.rollouts["seed"][row]),
                batch.programs[batch.rollouts["program"][row]].name,
                verdict_of(batch, row),
                f"{batch.rollouts['margin'][row]:+.3f}",
                Outcome(int(batch.rollouts["outcome"][row])).name,
                ", ".join(not_ok),
            )
        )
    return "\n".join(_aligned(table))


def verdict_of(batch: TraceBatch, row: int) -> str:
    """Both verdicts of a rollout in words: "pass", "pass (not strict)" or "fail"."""
    passed, strict = bool(batch.rollouts["benchmark"][row]), bool(batch.rollouts["strict"][row])
    return ("pass" if strict else "pass (not strict)") if passed else "fail"


def rollout_text(batch: TraceBatch, rollout: int, *, blamed: int | None = None, why: Sequence[str] = ()) -> str:
    """One rollout as a person reads it: header, every call with its source line and measures, prints, why it failed.

    Args:
        batch: where it is in.
        rollout: its number.
        blamed: row of the batch's call that is marked with ">>>".
        why: lines that say why it failed.

    Raises:
        TraceError: no such rollout; the message names the range.
    """
    part = batch.calls_of(rollout)
    text = {name: batch.rollout_text(name)[rollout] for name in ("prints", "error")}
    lines = _header(batch, rollout)
    source = source_lines(batch.programs[batch.rollouts["program"][rollout]].text)
    lines += ["", "call  time s         what the program asked and what came back"]
    names = _texts(batch)
    for row in range(part.start, part.stop):
        lines += _call(batch, row, names, source, blamed=row == blamed)
    if part.start == part.stop:
        lines.append("      (the program called no primitive)")
    error_line = int(batch.rollouts["error_line"][rollout])
    if text["error"]:
        where = f" at line {error_line}: {_source(source, error_line)}" if error_line else ""
        lines += ["", f"error{where}", f"  {text['error']}"]
    if text["prints"]:
        lines += ["", "prints", *(f"  {line}" for line in text["prints"].splitlines())]
    if why:
        lines += ["", *why]
    return "\n".join(line.rstrip() for line in lines)


def _header(batch: TraceBatch, rollout: int) -> list[str]:
    values = {name: column[rollout] for name, column in batch.rollouts.items()}
    text = {name: batch.rollout_text(name)[rollout] for name in ("task", "language", "label")}
    program = batch.programs[values["program"]]
    label = f"  label {text['label']}" if text["label"] else ""
    verdicts = ", ".join(f"{name} {'pass' if values[name] else 'fail'}" for name in VERDICTS)
    lines = [
        f"rollout {rollout}: {verdict_of(batch, rollout).upper()}",
        f"task      {text['task']}  {text['language']}",
        f"program   {program.name} ({program.hash}){label}",
        f"seed      {values['seed']}",
        f"outcome   {Outcome(int(values['outcome'])).name} after {values['ticks']} ticks",
        f"verdicts  {verdicts}, margin {values['margin']:+.3f} m",
    ]
    for name, settings in (("tunables", batch.tunables(rollout)), ("factors", batch.factors(rollout))):
        if settings:
            lines.append(f"{name:<9} " + "  ".join(f"{k}={v:.4g}" for k, v in settings.items()))
    return lines


def _call(
    batch: TraceBatch, row: int, text: dict[str, np.ndarray], source: list[str], *, blamed: bool = False
) -> list[str]:
    """Two lines a call: what was asked and answered; the source line and the measures."""
    calls, words = batch.calls, _call_words(batch, row, text, source)
    start, end = float(calls["t_start"][row]), float(calls["t_end"][row])
    span = f"{start:6.2f}" + (f"-{end:<6.2f}" if end > start else " " * 7)
    message = f"; {words.message}" if words.message else ""
    status = words.status
    answer = status.name + (f": {status.reason}{message}" if status is not Status.OK else message)
    mark = ">>> " if blamed else "    "
    path = f"  [{text['path'][row]}]" if ">" in text["path"][row] else ""
    lines = [
        f"{calls['call'][row]:>3} {mark[:3]}{span}  {words.asked} -> {answer}",
        f"{'':>7}line {words.line}{path}: {words.source}",
    ]
    if words.measures:
        lines.append(f"{'':>7}" + ", ".join(words.measures))
    return lines


class CallWords(NamedTuple):
    """One call in words: what was asked, what came back, the source line, and what the robot measured."""

    asked: str
    status: Status
    message: str
    line: int
    source: str
    measures: list[str]


def call_words(batch: TraceBatch, rollout: int) -> list[CallWords]:
    """Every call of a rollout, in order."""
    part, text = batch.calls_of(rollout), _texts(batch)
    source = source_lines(batch.programs[batch.rollouts["program"][rollout]].text)
    return [_call_words(batch, row, text, source) for row in range(part.start, part.stop)]


def _call_words(batch: TraceBatch, row: int, text: dict[str, np.ndarray], source: list[str]) -> CallWords:
    calls, name = batch.calls, text["primitive"][row]
    primitive = ROBOT_API[name] if name in ROBOT_API.names else None
    line = int(calls["line"][row])
    return CallWords(
        asked=f"{name}({', '.join(_arguments(primitive, calls['inputs'][row], text['text'][row]))})",
        status=Status(int(calls["status"][row])),
        message=text["message"][row],
        line=line,
        source=_source(source, line),
        measures=[*_numbers(primitive, calls["outputs"][row]), *_measures(batch, row, text)],
    )


def heading(batch: TraceBatch, rollout: int) -> str:
    """A rollout in one line: number, verdict, task, seed, program."""
    task, language = (batch.rollout_text(name)[rollout] for name in ("task", "language"))
    program = batch.programs[batch.rollouts["program"][rollout]].name
    seed = batch.rollouts["seed"][rollout]
    return f"rollout {rollout}: {verdict_of(batch, rollout).upper()}  {task} {language!r}, seed {seed}, {program}"


def call_text(batch: TraceBatch, row: int) -> list[str]:
    """One call (a row of the batch's calls) as lines: asked and answered, its source line, what was measured."""
    rollout = int(batch.calls["rollout"][row])
    source = source_lines(batch.programs[batch.rollouts["program"][rollout]].text)
    return _call(batch, row, _texts(batch), source)


def call_values(batch: TraceBatch, row: int, *, arguments: bool = False) -> dict[str, np.ndarray]:
    """The numbers of one call by name: the fields of its result, or its arguments; those not measured are left out."""
    primitive = ROBOT_API[str(batch.call_text("primitive")[row])]
    declared = primitive.parameters if arguments else primitive.fields
    found = _named(declared, batch.calls["inputs" if arguments else "outputs"][row])
    return {name: np.array(numbers) for name, numbers in found.items()}


def _texts(batch: TraceBatch) -> dict[str, np.ndarray]:
    return {name: batch.call_text(name) for name in ("primitive", "text", "contact_a", "contact_b", "message", "path")}


def _source(source: list[str], line: int) -> str:
    return source[line - 1].strip() if 0 < line <= len(source) else "(no such line)"


def _arguments(primitive: Primitive | None, inputs: np.ndarray, text: str) -> list[str]:
    """``name=value`` of every argument; without the declaration, the bare numbers."""
    if primitive is None:
        return [repr(text)] * bool(text) + [_number(v) for v in inputs.tolist() if not math.isnan(v)]
    named, text_left = _named(primitive.parameters, inputs), text
    arguments = []
    for parameter in primitive.parameters:
        if parameter.shape is None:
            arguments += [f"{parameter.name}={text_left!r}"]
            text_left = ""
        elif parameter.name in named and not (not parameter.required and named[parameter.name] == [parameter.default]):
            arguments.append(f"{parameter.name}={_value(named[parameter.name])}")
    return arguments


def _numbers(primitive: Primitive | None, outputs: np.ndarray) -> list[str]:
    """``name=value`` of the result's fields that no column of their own shows."""
    if primitive is None:
        return []
    own = {"position_error", "rotation_error", "peak_force", "peak_torque", "slip", "seconds"}
    named = _named(primitive.fields, outputs)
    return [f"{name}={_value(numbers)}" for name, numbers in named.items() if name not in own and name != "width"]


def _named(declared: Sequence, packed: np.ndarray) -> dict[str, list[float]]:
    """Packed numbers by declared name; names that are NaN throughout are left out."""
    named = {}
    for item, place in packed_places(declared):
        values = packed[place].tolist()
        if not all(math.isnan(v) for v in values):
            named[item.name] = values
    return named


def _value(numbers: list[float]) -> str:
    return _number(numbers[0]) if len(numbers) == 1 else f"({', '.join(map(_number, numbers))})"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 1e4 else f"{value:.4g}"


def _measures(batch: TraceBatch, row: int, text: dict[str, np.ndarray]) -> list[str]:
    shown = (
        ("position off by", "residual_m", ".3f", "m"),
        ("rotation off by", "residual_rad", ".3f", "rad"),
        ("width", "width", ".4f", "m"),
        ("peak force", "peak_force", ".1f", "N"),
        ("peak torque", "peak_torque", ".1f", "Nm"),
        ("slip", "slip", ".3f", "m"),
    )
    parts = []
    for label, name, form, unit in shown:
        value = float(batch.calls[name][row])
        if not math.isnan(value):
            parts.append(f"{label} {value:{form}} {unit}")
    pair = [text[name][row] for name in ("contact_a", "contact_b") if text[name][row]]
    return [*parts, "contact " + " / ".join(pair)] if pair else parts


def _aligned(table: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
