"""Transcripts: every question and answer of a run as JSON lines, and models that answer from them.

A text, tool or message that was sent stands in the file once, under its hash; a question lists the hashes. So one that
differs from the recorded question is found, and the part of it named.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aspire_mjx.agents.llm.model import Model, Reply, Request, Tokens, without_secrets
from aspire_mjx.agents.llm.spending import BudgetReached, Spending
from aspire_mjx.errors import AspireError
from aspire_mjx.files import check_regular_file, whole_lines

FORMAT, SCHEMA = "aspire_mjx.transcript", 1
_LARGEST = 2_000_000_000  # bytes
_SHOWN = 6  # lines of a difference


class TranscriptError(AspireError):
    """A transcript that cannot be read, or that does not hold the answer to a question."""


class Transcript:
    """Questions and answers in a file, those of each task in their own order.

    Args:
        path: of the file; made when the first answer comes.
        read_only: nothing is written.

    Attributes:
        model: name of the model that answered; "" while nothing is recorded.

    Raises:
        TranscriptError: a file that is no transcript.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path, self.model = path, ""
        self._read_only = read_only
        self._parts: dict[str, Any] = {}
        self._recorded: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._asked: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()  # several actors write
        if read_only or path.exists():
            self._read()

    def recorded(self, request: Request) -> dict[str, Any] | None:
        """The entry of the task's next question, or None where no more are recorded.

        Raises:
            TranscriptError: another question is recorded there; what differs is named.
        """
        known, number = self._recorded[request.task], self._asked[request.task]
        if number >= len(known):
            return None
        self._asked[request.task] += 1
        entry = known[number]
        _, wanted = _parts_of(request)
        differing = next((name for name in wanted if wanted[name] != entry.get(name)), "")
        if differing:
            raise TranscriptError(self._difference(request, number, entry, wanted, differing))
        return entry

    def record(self, request: Request, answer: Mapping[str, Any], *, model: str, secrets: tuple[str, ...] = ()) -> None:
        """Writes a question and what came of it."""
        if self._read_only:
            return
        parts, question = _parts_of(request)
        with self._lock:
            lines = [] if self.model else [{"format": FORMAT, "schema": SCHEMA, "model": model}]
            self.model = self.model or model
            for key, value in parts.items():
                if key not in self._parts:
                    self._parts[key] = value
                    lines.append({"part": key, "value": value})
            self._asked[request.task] += 1
            lines.append({"call": self._asked[request.task], **question, **answer})
            text = "".join(without_secrets(json.dumps(line), *secrets) + "\n" for line in lines)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())

    def _read(self) -> None:
        check_regular_file(self.path, f"transcript {str(self.path)!r}", most=_LARGEST, error=TranscriptError)
        for number, line in enumerate(whole_lines(self.path, read_only=self._read_only), start=1):
            try:
                self._take(json.loads(line), first=number == 1)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise TranscriptError(
                    f"{self.path}, line {number}: no entry of a transcript: {line[:80]!r}. Name a transcript.jsonl of "
                    "a run with a language model."
                ) from None

    def _take(self, line: dict[str, Any], *, first: bool) -> None:
        if first:
            if (line["format"], line["schema"]) != (FORMAT, SCHEMA):
                raise ValueError("another format")
            self.model = str(line["model"])
        elif "part" in line:
            self._parts[line["part"]] = line["value"]
        else:
            if "stopped" not in line:
                reply_of(line)
            self._recorded[line["task"]].append(line)

    def _difference(
        self, request: Request, number: int, entry: Mapping[str, Any], wanted: Mapping[str, Any], name: str
    ) -> str:
        """What differs, in words: the part of the question, and the first lines that are others."""
        where, then, now = name, entry.get(name), wanted[name]
        if isinstance(now, list) and isinstance(then, list):
            at = next((k for k, pair in enumerate(zip(then, now, strict=False)) if pair[0] != pair[1]), -1)
            at = at if at >= 0 else min(len(then), len(now))
            parts, _ = _parts_of(request)
            where = f"{name} {at + 1}"
            then = self._parts.get(then[at], "nothing") if at < len(then) else "nothing"
            now = parts[now[at]] if at < len(now) else "nothing"
        lines = [text if isinstance(text, str) else json.dumps(text, indent=1) for text in (then, now)]
        changed = [
            line[:200]
            for line in difflib.unified_diff(lines[0].splitlines(), lines[1].splitlines(), lineterm="", n=0)
            if line[:1] in "+-" and line[:3] not in ("+++", "---")
        ]
        more = f"\n  and {len(changed) - _SHOWN} more lines" if len(changed) > _SHOWN else ""
        return (
            f"{self.path}: question {number + 1} on {request.task} ({request.role}) differs from the recorded one in "
            f"{where}:\n" + "\n".join(f"  {line}" for line in changed[:_SHOWN]) + more + "\n"
            "A transcript answers the same questions only: give the flags, skills and version that it was made with."
        )


def _parts_of(request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parts of a question by hash, and the question with hashes in their place."""
    parts: dict[str, Any] = {}

    def key(value: Any) -> str:
        name = hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
        parts[name] = value
        return name

    question = {
        "task": request.task,
        "role": request.role,
        "tool": request.tool,
        "max_tokens": request.max_tokens,
        "system": [key(text) for text in request.system],
        "tools": [key(json.loads(json.dumps(asdict(tool)))) for tool in request.tools],
        "messages": [key(json.loads(json.dumps(message))) for message in request.messages],
    }
    return parts, question


def reply_of(entry: Mapping[str, Any]) -> Reply:
    """The answer of an entry."""
    reply = entry["reply"]
    return Reply(tuple(dict(block) for block in reply["content"]), str(reply["stop"]), Tokens(**reply["tokens"]))


class RecordedModel:
    """Answers what is recorded, and asks a model the rest, within the limits of spending.

    Args:
        transcript: what is recorded, and where new answers go.
        spending: counts everything, recorded answers too.
        live: who answers what is not recorded; None where nobody does.
        secrets: that never go into the file.
    """

    def __init__(
        self, transcript: Transcript, spending: Spending, live: Model | None, *, secrets: tuple[str, ...] = ()
    ) -> None:
        self._transcript, self._live, self._secrets = transcript, live, secrets
        self.spending = spending

    def complete(self, request: Request) -> Reply:
        """The answer to a question.

        Raises:
            BudgetReached: the question might cost more than is left, now or when it was recorded.
            TranscriptError: another question is recorded, or none and nobody answers.
            ModelError: the model does not answer.
        """
        entry = self._transcript.recorded(request)
        if entry is not None and "stopped" in entry:
            raise BudgetReached(str(entry["stopped"]))
        if entry is not None:
            reply = reply_of(entry)
            self.spending.enter(request, reply.tokens)
            return reply
        if self._live is None:
            raise TranscriptError(
                f"{self._transcript.path} holds no more answers for {request.task} ({request.role}); it was made by a "
                "shorter run. Give the flags that it was made with, or --agent=claude to go on from it."
            )
        try:
            with self.spending.asking(request):
                reply = self._live.complete(request)
        except BudgetReached as reached:
            self._transcript.record(request, {"stopped": str(reached)}, model=self._live.name, secrets=self._secrets)
            raise
        answer = {"content": [dict(b) for b in reply.content], "stop": reply.stop, "tokens": asdict(reply.tokens)}
        self._transcript.record(request, {"reply": answer}, model=self._live.name, secrets=self._secrets)
        self.spending.enter(request, reply.tokens)
        return reply
