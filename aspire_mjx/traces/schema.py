"""The columns of a trace: type and meaning, declared once."""

from __future__ import annotations

from typing import NamedTuple

TEXT = "text"  #: marks a column of interned strings

#: Width of the packed numeric ``inputs`` and ``outputs`` columns.
PACKED = 16


class Column(NamedTuple):
    """``kind`` is a numpy dtype, or "text" for int32 indices into the string table; ``unit`` is "" for none.

    ``shape`` is that of one row: () for a single number.
    """

    kind: str
    meaning: str
    unit: str = ""
    shape: tuple[int, ...] = ()

    @property
    def dtype(self) -> str:
        """Of its array."""
        return "int32" if self.kind == TEXT else self.kind


CALLS: dict[str, Column] = {
    "rollout": Column("int32", "row of the rollout"),
    "call": Column("int16", "0, 1, ... within the rollout"),
    "line": Column("int32", "source line of the call, from 1"),
    "primitive": Column(TEXT, "name"),
    "path": Column(TEXT, "strand path: `function:line` joined by `>`, e.g. `pick:31>retry:12`"),
    "text": Column(TEXT, "the text argument, e.g. what to look for"),
    "status": Column("int16", "code of `aspire_mjx.status.Status`"),
    "t_start": Column("float32", "simulated time at the start", "s"),
    "t_end": Column("float32", "simulated time at the end", "s"),
    "ticks": Column("int32", "control ticks used"),
    "inputs": Column("float32", "numeric arguments, flattened in declared order, NaN padded", shape=(PACKED,)),
    "outputs": Column(
        "float32", "numeric fields of the result, flattened in declared order, NaN padded", shape=(PACKED,)
    ),
    "residual_m": Column("float32", "distance from the asked fingertip point", "m"),
    "residual_rad": Column("float32", "angle from the asked orientation", "rad"),
    "width": Column("float32", "distance between the fingertips at the end", "m"),
    "peak_force": Column("float32", "largest contact force on the hand and fingers", "N"),
    "peak_torque": Column("float32", "largest joint torque", "Nm"),
    "contact_a": Column(TEXT, "part of the hand that touched at the largest force"),
    "contact_b": Column(TEXT, "what it touched"),
    "slip": Column("float32", "change of the gripper's width while closed", "m"),
    "message": Column(TEXT, "what the primitive said beyond its status"),
}  #: one row a primitive call

ROLLOUTS: dict[str, Column] = {
    "rollout": Column("int32", "the row itself"),
    "program": Column("int16", "index into `programs`"),
    "task": Column(TEXT, "suite and index, e.g. `libero_object_swap/3`"),
    "definition": Column(TEXT, "JSON object: the task, so that the rollout can run again"),
    "language": Column(TEXT, "the instruction"),
    "target": Column(TEXT, "object category that the goal moves"),
    "container": Column(TEXT, "category of where it belongs"),
    "seed": Column("int32", "seed of the world"),
    "label": Column(TEXT, "given by whoever asked for the rollout"),
    "tunables": Column(TEXT, "JSON object: settings of the program's tunables"),
    "factors": Column(TEXT, "JSON object: perturbation factors of the world"),
    "outcome": Column(
        "int16",
        "code of the compiler's `Outcome`: DONE, PROGRAM_ERROR, OUT_OF_STEPS, OUT_OF_INSTRUCTIONS, DIVERGED",
    ),
    "error_line": Column("int32", "source line of the error, 0 for none"),
    "error": Column(TEXT, "its message"),
    "prints": Column(TEXT, "what the program printed"),
    "benchmark": Column("bool", "the benchmark's verdict"),
    "strict": Column("bool", "the verdict after release and settling"),
    "margin": Column("float32", "signed distance to the boundary of the goal, positive inside", "m"),
    "ticks": Column("int32", "control ticks of the rollout"),
}  #: one row a rollout
