"""A language model on the loopback: an HTTP server that speaks the Messages API and the chat endpoint of OpenAI.

What it answers comes from a function of the question; on chosen requests something goes wrong instead.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Blocks = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Said:
    """An answer: blocks without ids of calls, and why it ended ("" for what its blocks mean)."""

    blocks: Blocks
    stop: str = ""


@dataclass(frozen=True)
class Incident:
    """What goes wrong instead of an answer.

    Attributes:
        status: HTTP status of an error; 0 for a broken or slow connection.
        text: of the error.
        retry_after: its header.
        cut: the connection ends in the middle of the stream.
        short: the stream ends in its middle as if that were its end.
        event: the stream holds an error in its middle.
        wait: s that nothing is sent, in the middle of the stream.
    """

    status: int = 0
    text: str = "overloaded"
    retry_after: str = "0"
    cut: bool = False
    short: bool = False
    event: bool = False
    wait: float = 0.0


@dataclass
class LoopbackModel:
    """The server's state.

    Attributes:
        think: gives the answer to a question, from its body in the form of the Messages API.
        incidents: by number of the request, from 1.
        requests: headers and bodies so far.
    """

    think: Callable[[dict[str, Any]], Said]
    incidents: dict[int, Incident] = field(default_factory=dict)
    requests: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    url: str = ""

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """Bodies of the requests."""
        return [body for _, body in self.requests]


def says(text: str) -> dict[str, Any]:
    """A block of text."""
    return {"type": "text", "text": text}


def calls(name: str, given: Any) -> dict[str, Any]:
    """A block that calls a tool."""
    return {"type": "tool_use", "name": name, "input": given}


@contextmanager
def loopback(think: Callable[[dict[str, Any]], Said], **incidents: Incident) -> Iterator[LoopbackModel]:
    """A server while it is needed; ``incidents`` are named ``at_1``, ``at_2``, ... by the request."""
    state = LoopbackModel(think, {int(name.removeprefix("at_")): incident for name, incident in incidents.items()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(state: LoopbackModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            state.requests.append(({key.lower(): value for key, value in self.headers.items()}, body))
            number = len(state.requests)
            incident = state.incidents.get(number, Incident())
            if incident.status:
                self._error(incident)
            elif self.path.endswith("/chat/completions"):
                self._send(json.dumps(_chat(state.think(body), _turn(body))).encode(), "application/json", incident)
            else:
                said = state.think(body)
                events = list(_events(said, _turn(body), _usage(body, said)))
                if incident.short or incident.event:
                    events = events[: len(events) // 2]
                if incident.event:
                    events.append({"type": "error", "error": {"type": "overloaded_error", "message": "busy"}})
                self._send("".join(_event(event) for event in events).encode(), "text/event-stream", incident)

        def _error(self, incident: Incident) -> None:
            told = json.dumps({"type": "error", "error": {"type": "api_error", "message": incident.text}}).encode()
            self.send_response(incident.status)
            self.send_header("retry-after", incident.retry_after)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def _send(self, content: bytes, kind: str, incident: Incident) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            half = len(content) // 2
            self.wfile.write(content[:half])
            self.wfile.flush()
            if incident.cut:
                self.close_connection = True
                return
            time.sleep(incident.wait)
            with suppress(ConnectionError):  # whoever asked may be gone
                self.wfile.write(content[half:])

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    return Handler


def _event(data: Mapping[str, Any]) -> str:
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n"


def _usage(body: Mapping[str, Any], said: Said) -> dict[str, int]:
    """Tokens as if the texts at the beginning were kept ready within each conversation."""
    system = len(json.dumps(body["system"])) // 4
    before = _turn(body) > 0
    return {
        "input_tokens": len(json.dumps(body["messages"])) // 4,
        "cache_creation_input_tokens": 0 if before else system,
        "cache_read_input_tokens": system if before else 0,
        "output_tokens": len(json.dumps([dict(block) for block in said.blocks])) // 4,
    }


def _turn(body: Mapping[str, Any]) -> int:
    """How many answers the conversation has: what is sent depends on the question alone."""
    return sum(message["role"] == "assistant" for message in body["messages"])


def _events(said: Said, turn: int, usage: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """A message as the events of a stream: texts and arguments come in two pieces."""
    stop = said.stop or ("tool_use" if any(b["type"] == "tool_use" for b in said.blocks) else "end_turn")
    message = {
        "id": f"msg_{turn}",
        "type": "message",
        "role": "assistant",
        "model": "loopback",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**usage, "output_tokens": 1},
    }
    yield {"type": "message_start", "message": message}
    for index, block in enumerate(said.blocks):
        if block["type"] == "text":
            empty, name, text = {"type": "text", "text": ""}, "text", block["text"]
            kind = "text_delta"
        else:
            empty = {"type": "tool_use", "id": f"toolu_{turn}_{index}", "name": block["name"], "input": {}}
            name, text, kind = "partial_json", json.dumps(block["input"]), "input_json_delta"
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        half = len(text) // 2
        for piece in (text[:half], text[half:]):
            yield {"type": "content_block_delta", "index": index, "delta": {"type": kind, name: piece}}
        yield {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": stop, "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": usage["output_tokens"]}}
    yield {"type": "message_stop"}


def _chat(said: Said, turn: int) -> dict[str, Any]:
    """The same answer as the chat endpoint gives it; arguments that are a text stay that text."""
    texts = [block["text"] for block in said.blocks if block["type"] == "text"]
    asked = [
        {
            "id": f"call_{turn}_{index}",
            "type": "function",
            "function": {
                "name": block["name"],
                "arguments": block["input"] if isinstance(block["input"], str) else json.dumps(block["input"]),
            },
        }
        for index, block in enumerate(said.blocks)
        if block["type"] == "tool_use"
    ]
    message = {"role": "assistant", "content": "\n".join(texts) or None, **({"tool_calls": asked} if asked else {})}
    used = {"prompt_tokens": 100, "completion_tokens": 20, "prompt_tokens_details": {"cached_tokens": 60}}
    reason = {"": "tool_calls" if asked else "stop", "max_tokens": "length"}.get(said.stop, said.stop)
    return {"choices": [{"index": 0, "message": message, "finish_reason": reason}], "usage": used}
