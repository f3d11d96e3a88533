"""Hand-made traces of a small pick-and-place program, for the tests of traces, faults and skills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from aspire_mjx.primitives.registry import Primitive
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import CallRows, RolloutRow, TraceBatch, TraceBuilder
from aspire_mjx.traces.schema import CALLS, EVIDENCE, TEXT
from aspire_mjx.worlds.suites import find_task

DRAFT = Program(
    """\
pick, down = get_object_pose("alphabet soup")
place, _ = get_object_pose("basket")
open_gripper()
goto_pose(pick, down, z_approach=0.1)
close_gripper()
goto_pose(pick + [0.0, 0.0, 0.2], down)
goto_pose(place + [0.0, 0.0, 0.2], down)
open_gripper()
goto_home_joint_position()
""",
    name="draft",
)
TASK = find_task("libero_object", 0)
INSTANCE, HOLDER = "alphabet_soup_1", "basket_1"  # in the task
PICK, PLACE, DOWN = np.array([0.5, 0.1, 0.03]), np.array([0.4, -0.3, 0.05]), np.array([0.0, 1.0, 0.0, 0.0])


def add_call(builder: TraceBuilder, primitive: Primitive, *, rollout: Sequence[int], **columns: Any) -> None:
    """Appends finished calls, of which every column is one value for all or one for each; texts are texts."""
    count = len(rollout)
    given: dict[str, Any] = {"path": "", "ticks": 0, **columns}
    message = given.pop("message", ("",) * count)
    arguments, fields = (given.pop(name, {}) for name in ("arguments", "fields"))
    for name in {"path", "contact_a", "contact_b"} & given.keys():
        given[name] = builder.text(given[name])
    builder.call(
        CallRows(
            primitive=primitive,
            rollout=np.asarray(rollout),
            arguments=arguments,
            fields=fields,
            message=(message,) * count if isinstance(message, str) else tuple(message),
            **{name: np.broadcast_to(np.asarray(value), (count,)) for name, value in given.items()},
        )
    )


class Handmade:
    """Traces written by hand: every call is a dict made with :meth:`call` or one of the named ones below."""

    pick, place, program = PICK, PLACE, DRAFT

    def __init__(self) -> None:
        self.builder = TraceBuilder()
        self._count = 0

    @staticmethod
    def call(
        primitive: str, status: str = "OK", *, line: int, text: str = "", at=None, seen=None, **columns: Any
    ) -> dict[str, Any]:
        """One call; ``at`` is the position it asks for, ``seen`` the one it returns, the rest are trace columns."""
        return {"primitive": primitive, "status": status, "line": line, "text": text, "at": at, "seen": seen, **columns}

    @classmethod
    def draft_calls(cls, **statuses: str) -> list[dict[str, Any]]:
        """The calls of DRAFT with every status OK but those named: look, look_place, open, reach, close, lift,
        carry, release, home."""
        calls = {
            "look": cls.call("get_object_pose", line=1, text="alphabet soup", seen=PICK),
            "look_place": cls.call("get_object_pose", line=2, text="basket", seen=PLACE),
            "open": cls.call("open_gripper", line=3, width=0.08),
            "reach": cls.call("goto_pose", line=4, at=PICK, residual_m=0.002, residual_rad=0.01),
            "close": cls.call("close_gripper", line=5, width=0.06, peak_force=12.0),
            "lift": cls.call("goto_pose", line=6, at=PICK + [0, 0, 0.2], residual_m=0.003),
            "carry": cls.call("goto_pose", line=7, at=PLACE + [0, 0, 0.2], residual_m=0.004),
            "release": cls.call("open_gripper", line=8, width=0.08),
            "home": cls.call("goto_home_joint_position", line=9),
        }
        for name, status in statuses.items():
            calls[name]["status"] = status
        return list(calls.values())

    @staticmethod
    def judged(
        calls: list[dict[str, Any]],
        *,
        held: Sequence[int] = (),
        at: Mapping[int, np.ndarray] | None = None,
        holds: Sequence[int] = (),
    ) -> list[dict[str, Any]]:
        """The calls with what a judge would know of the target, which follows the fingertips while it is held.

        Args:
            calls: of one rollout.
            held: calls at whose end it is in the hand.
            at: where it is from the end of a call on.
            holds: calls at whose end the goal holds.
        """
        thing, hand, known = PICK, np.array([0.4, 0.0, 0.4]), []
        for number, call in enumerate(calls):
            before, hand = thing, hand if call["at"] is None else call["at"]
            thing = (at or {}).get(number, hand if number in held else thing)
            near, point = "", call["seen"] if call["at"] is None else call["at"]
            if point is not None:
                near = min(
                    (INSTANCE, HOLDER), key=lambda n: np.linalg.norm(point - (thing if n == INSTANCE else PLACE))
                )
            shifted = float(np.linalg.norm(thing - before)) if number not in held and number - 1 not in held else 0.0
            known.append(
                {
                    "true_fingertip": hand,
                    "true_held": INSTANCE if number in held else "",
                    "true_moved": INSTANCE if shifted > 0.005 else "",
                    "true_moved_by": shifted or np.nan,
                    "true_near": near,
                    "true_near_offset": point - {INSTANCE: before, HOLDER: PLACE}[near] if near else np.full(3, np.nan),
                    "true_objects": thing,
                    "true_places": PLACE,
                    "true_margins": 0.02 if number in holds else -0.04,
                    **call,
                }
            )
        return known

    def add(
        self, calls: list[dict[str, Any]], *, program: Program = DRAFT, passed: bool = False, **columns: Any
    ) -> int:
        """One rollout of the given calls; each call takes one second."""
        number = self._count
        self._count += 1
        for second, given in enumerate(calls):
            call = dict(given)
            primitive = ROBOT_API[call.pop("primitive")]
            at, seen, text = call.pop("at"), call.pop("seen"), call.pop("text")
            self._tell({name: call.pop(name) for name in EVIDENCE if name in call})
            arguments: dict[str, Any] = {"name": (text,)} if text else {}
            fields: dict[str, Any] = {}
            if at is not None:
                arguments |= {"position": at[None], "quaternion_wxyz": DOWN[None]}
            if seen is not None:
                fields |= {"position": seen[None], "quaternion_wxyz": DOWN[None], "score": np.ones(1)}
            add_call(
                self.builder,
                primitive,
                rollout=[number],
                status=Status[call.pop("status")],
                t_start=float(second),
                t_end=second + 1.0,
                ticks=20,
                arguments=arguments,
                fields=fields,
                **call,
            )
        values: dict[str, Any] = {
            "task": "libero_object/0",
            "language": "pick up the alphabet soup and place it in the basket",
            "target": "alphabet_soup",
            "container": "basket",
            "seed": 51 + number,
            "outcome": Outcome.DONE,
            "benchmark": passed,
            "strict": passed,
            "margin": 0.02 if passed else -0.04,
            "definition": TASK.definition if any("true_objects" in call for call in calls) else "",
            "ticks": 20 * len(calls),
            **columns,
        }
        self.builder.rollout(RolloutRow(rollout=number, program=self.builder.program(program), **values))
        return number

    def _tell(self, known: dict[str, Any]) -> None:
        """The judge's view of one call; of the goal's things that of the first."""
        columns = {}
        for name in EVIDENCE:
            column = np.full((1, *CALLS[name].shape), CALLS[name].missing)
            if name in known:
                value = self.builder.text(known[name]) if CALLS[name].kind == TEXT else known[name]
                column[(0, 0) if name.endswith(("objects", "places", "margins")) else 0] = value
            columns[name] = column
        self.builder.evidence(columns)

    def build(self, **meta: Any) -> TraceBatch:
        return self.builder.build(meta)
