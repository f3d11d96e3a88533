"""A language model as this package sees it: messages and tools in, blocks of content and the tokens used out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from aspire_mjx.errors import AspireError

#: ``{"type": "text", "text"}``, ``{"type": "tool_use", "id", "name", "input"}``, ``{"type": "tool_result",
#: "tool_use_id", "content", "is_error"}``, ``{"type": "image", "source"}``; others go back as they came.
Block = Mapping[str, Any]

_TRIES = 8
_PASSING = (408, 409, 429)  # of HTTP
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0  # s


@dataclass(frozen=True)
class ToolSpec:
    """A tool as a model is told of it.

    Attributes:
        name: its name.
        description: what it does.
        input_schema: JSON schema of its arguments.
        strict: whether the model must keep to the schema; what it sends is held against the schema in any case.
    """

    name: str
    description: str
    input_schema: Mapping[str, Any]
    strict: bool = False


@dataclass(frozen=True)
class Request:
    """One question to a model.

    Attributes:
        role: what for: "actor", "critic" or "distiller".
        task: key of the task.
        system: texts that stay the same from question to question, which a model may keep ready.
        tools: that it may call.
        messages: ``{"role": "user" or "assistant", "content": [blocks]}``, in turn.
        max_tokens: of the answer, at most.
        tool: name of the tool that it must call; "" where it may choose.
    """

    role: str
    task: str
    system: tuple[str, ...]
    tools: tuple[ToolSpec, ...]
    messages: tuple[Mapping[str, Any], ...]
    max_tokens: int
    tool: str = ""


@dataclass(frozen=True)
class Tokens:
    """Tokens of some answers, by how they are paid for.

    Attributes:
        fresh: read and not kept ready.
        written: read and kept ready for later questions.
        recalled: that were kept ready.
        output: written by the model.
    """

    fresh: int = 0
    written: int = 0
    recalled: int = 0
    output: int = 0

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(*(getattr(self, name) + getattr(other, name) for name in vars(self)))

    @property
    def total(self) -> int:
        """All of them."""
        return self.fresh + self.written + self.recalled + self.output


@dataclass(frozen=True)
class Reply:
    """What a model answered.

    Attributes:
        content: its blocks.
        stop: why it ended: "end_turn", "tool_use", "max_tokens", "refusal", "pause_turn", ...
        tokens: that it took.
    """

    content: tuple[Block, ...]
    stop: str
    tokens: Tokens

    @property
    def calls(self) -> tuple[Block, ...]:
        """The tools that it calls."""
        return tuple(block for block in self.content if block.get("type") == "tool_use")

    @property
    def text(self) -> str:
        """What it says."""
        return "\n".join(str(block["text"]) for block in self.content if block.get("type") == "text")


class Model(Protocol):
    """Whoever answers."""

    @property
    def name(self) -> str:
        """Its name, by which prices are looked up."""
        ...

    def complete(self, request: Request) -> Reply:
        """The answer to a question.

        Raises:
            ModelBusy: it may answer when asked again.
            ModelError: it will not.
        """
        ...


class ModelError(AspireError):
    """A model that does not answer: a wrong key, a question that it refuses to take, a service that is away."""


class ModelBusy(Exception):
    """A model that may answer when it is asked again: too many questions, overload, a broken or slow connection.

    Attributes:
        wait: s until then, where it said so.
    """

    def __init__(self, why: str, *, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


@dataclass(frozen=True)
class PatientModel:
    """A model that is asked again while it is busy, after waits that double from 1 s to 60 s, or as long as it says.

    Attributes:
        model: who answers.
        sleep: waits.
    """

    model: Model
    sleep: Callable[[float], None] = time.sleep

    @property
    def name(self) -> str:
        """See :class:`Model`."""
        return self.model.name

    def complete(self, request: Request) -> Reply:
        """See :class:`Model`; a busy model is a :class:`ModelError` after eight tries."""
        for attempt in range(_TRIES):
            try:
                return self.model.complete(request)
            except ModelBusy as busy:
                why = str(busy)
                wait = min(_FIRST_WAIT * 2**attempt, _LONGEST_WAIT) if busy.wait is None else busy.wait
            if attempt < _TRIES - 1:
                self.sleep(min(wait, _LONGEST_WAIT))
        raise ModelError(
            f"model {self.name!r} did not answer in {_TRIES} tries; the last: {why}. What is finished is kept: give "
            "the same command with --resume later."
        )


def passes_by_itself(status: int) -> bool:
    """Whether a service that answered with a status of HTTP may answer otherwise when it is asked again."""
    return status in _PASSING or status >= 500


def without_secrets(text: str, *secrets: str) -> str:
    """A text in which keys are written as ``[key]``."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "[key]")
    return text
