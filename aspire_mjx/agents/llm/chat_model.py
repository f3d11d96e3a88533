"""Any model behind an OpenAI-compatible chat endpoint, local servers too."""

from __future__ import annotations

import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

from aspire_mjx.agents.llm.model import (
    ModelBusy,
    ModelError,
    Reply,
    Request,
    Tokens,
    ToolSpec,
    passes_by_itself,
    without_secrets,
)

URL, KEY = "OPENAI_BASE_URL", "OPENAI_API_KEY"
_TIMEOUT = 600.0  # s
_STOPS = {"stop": "end_turn", "tool_calls": "tool_use", "length": "max_tokens", "content_filter": "refusal"}


class ChatModel:
    """A model by its name, at the address in ``OPENAI_BASE_URL``; a local server needs no ``OPENAI_API_KEY``.

    Args:
        name: of the model.
        timeout: s until a connection that sends nothing is given up.

    Raises:
        ModelError: no address in the environment, or none of HTTP.
    """

    def __init__(self, name: str, *, timeout: float = _TIMEOUT) -> None:
        self.name, self._timeout = name, timeout
        self._url, self._key = os.environ.get(URL, "").rstrip("/"), os.environ.get(KEY, "")
        if not self._url.startswith(("http://", "https://")):
            raise ModelError(
                f"{URL} is {self._url!r}; set it to the endpoint's address, such as http://localhost:8000/v1."
            )
        if not name:
            raise ModelError("--agent=openai asks for --model, the name of the model at the endpoint.")

    def complete(self, request: Request) -> Reply:
        """See :class:`aspire_mjx.agents.llm.model.Model`."""
        answer = self._post(_body(self.name, request))
        try:
            choice, used = answer["choices"][0], answer.get("usage") or {}
            content = tuple(_blocks(choice["message"]))
            stop = _STOPS.get(choice.get("finish_reason") or "stop", str(choice.get("finish_reason")))
            recalled = int((used.get("prompt_tokens_details") or {}).get("cached_tokens") or 0)
            fresh = int(used.get("prompt_tokens", 0)) - recalled
            return Reply(
                content, stop, Tokens(fresh=fresh, recalled=recalled, output=int(used.get("completion_tokens", 0)))
            )
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            raise ModelBusy(f"an answer that is none: {str(answer)[:200]}") from None

    def _post(self, body: Mapping[str, Any]) -> Any:
        headers = {
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {self._key}"} if self._key else {}),
        }
        asked = urllib.request.Request(f"{self._url}/chat/completions", json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(asked, timeout=self._timeout) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            words = without_secrets(f"{error.code} {error.read(300).decode('utf-8', 'replace')}", self._key)
            if passes_by_itself(error.code):
                wait = error.headers.get("retry-after", "")
                raise ModelBusy(words, wait=float(wait) if wait.isdecimal() else None) from None
            raise ModelError(f"model {self.name!r} at {self._url}: {words}") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ModelBusy(without_secrets(f"{type(error).__name__}: {error}", self._key)) from None


def _body(name: str, request: Request) -> dict[str, Any]:
    messages = [{"role": "system", "content": "\n\n".join(request.system)}]
    choice = {"type": "function", "function": {"name": request.tool}} if request.tool else "auto"
    return {
        "model": name,
        "max_tokens": request.max_tokens,
        "messages": [*messages, *(each for message in request.messages for each in _messages(message))],
        "tools": [_function(tool) for tool in request.tools],
        "tool_choice": choice,
    }


def _function(tool: ToolSpec) -> dict[str, Any]:
    about = {"name": tool.name, "description": tool.description, "parameters": dict(tool.input_schema)}
    return {"type": "function", "function": about}


def _messages(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One of our messages as the endpoint's: results of tools are messages of their own, pictures come after them."""
    parts: list[dict[str, Any]] = []
    calls = []
    for block in message["content"]:
        if block["type"] == "tool_use":
            about = {"name": block["name"], "arguments": json.dumps(block["input"])}
            calls.append({"id": block["id"], "type": "function", "function": about})
        elif block["type"] == "tool_result":
            texts = [each["text"] for each in block["content"] if each["type"] == "text"]
            parts += [_picture(each) for each in block["content"] if each["type"] == "image"]
            yield {"role": "tool", "tool_call_id": block["tool_use_id"], "content": "\n".join(texts)}
        elif block["type"] == "image":
            parts.append(_picture(block))
        else:
            parts.append({"type": "text", "text": block["text"]})
    if calls:
        said = "\n".join(part["text"] for part in parts)
        yield {"role": message["role"], "content": said or None, "tool_calls": calls}
    elif parts:
        texts_only = all(part["type"] == "text" for part in parts)
        content = "\n".join(part["text"] for part in parts) if texts_only else parts
        yield {"role": message["role"], "content": content}


def _picture(block: Mapping[str, Any]) -> dict[str, Any]:
    source = block["source"]
    return {"type": "image_url", "image_url": {"url": f"data:{source['media_type']};base64,{source['data']}"}}


def _blocks(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the endpoint's answer holds, as our blocks; arguments that are no JSON stay text, and are refused later."""
    if message.get("content"):
        yield {"type": "text", "text": str(message["content"])}
    for call in message.get("tool_calls") or ():
        asked = call["function"]
        try:
            given = json.loads(asked["arguments"] or "{}")
        except ValueError:
            given = asked["arguments"]
        yield {"type": "tool_use", "id": str(call["id"]), "name": str(asked["name"]), "input": given}
