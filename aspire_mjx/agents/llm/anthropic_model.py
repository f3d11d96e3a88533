"""Claude through the ``anthropic`` package, which reads the key from the environment; it goes nowhere else."""

from __future__ import annotations

import os
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
from aspire_mjx.errors import AspireError

KEYS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
DEFAULT = "claude-sonnet-5-5"  #: model that is asked where none is named
_TIMEOUT = 600.0  # s between two parts of an answer
_CACHE = {"type": "ephemeral"}


class AnthropicModel:
    """One of Anthropic's models, or of a service that speaks its Messages API (``ANTHROPIC_BASE_URL``).

    Args:
        name: of the model.
        timeout: s until a connection that sends nothing is given up.

    Raises:
        ModelError: no key in the environment.
        AspireError: the package is not installed.
    """

    def __init__(self, name: str = DEFAULT, *, timeout: float = _TIMEOUT) -> None:
        try:
            import anthropic
        except ImportError:
            raise AspireError("--agent=claude needs the anthropic package: pip install 'aspire-mjx[agents]'.") from None
        self._secrets = tuple(os.environ.get(key, "") for key in KEYS)
        if not any(self._secrets):
            raise ModelError("no key for Claude: set ANTHROPIC_API_KEY in the environment; it is read nowhere else.")
        self.name, self._sdk = name, anthropic
        self._client = anthropic.Anthropic(max_retries=0, timeout=timeout)

    def complete(self, request: Request) -> Reply:
        """See :class:`aspire_mjx.agents.llm.model.Model`."""
        import httpx2

        try:
            with self._client.messages.stream(**self._arguments(request)) as stream:
                message = stream.get_final_message()
        except self._sdk.APIStatusError as error:
            raise self._of_status(error) from None
        except (self._sdk.APIError, httpx2.TransportError) as error:
            raise ModelBusy(self._words(error)) from None
        except ValueError as error:  # arguments of a tool that are no JSON
            raise ModelBusy(self._words(error), wait=0.0) from None
        if message.stop_reason is None:
            raise ModelBusy("the answer ends in its middle")
        used = message.usage
        tokens = Tokens(
            fresh=used.input_tokens or 0,
            written=used.cache_creation_input_tokens or 0,
            recalled=used.cache_read_input_tokens or 0,
            output=used.output_tokens or 0,
        )
        content = tuple(block.to_dict(mode="json", warnings=False) for block in message.content)
        return Reply(tuple(map(_sendable, content)), str(message.stop_reason), tokens)

    def _arguments(self, request: Request) -> dict[str, Any]:
        """The question in the words of the API: what stays the same is kept ready up to its last part."""
        system: list[dict[str, Any]] = [{"type": "text", "text": text} for text in request.system]
        system[-1]["cache_control"] = _CACHE
        return {
            "model": self.name,
            "max_tokens": request.max_tokens,
            "system": system,
            "messages": _kept_ready([dict(message) for message in request.messages]),
            "tools": [self._tool(tool) for tool in request.tools],
            "tool_choice": {"type": "tool", "name": request.tool} if request.tool else {"type": "auto"},
        }

    def _tool(self, tool: ToolSpec) -> dict[str, Any]:
        if not tool.strict:
            return {"name": tool.name, "description": tool.description, "input_schema": dict(tool.input_schema)}
        schema = self._sdk.transform_schema(dict(tool.input_schema))
        return {"name": tool.name, "description": tool.description, "input_schema": schema, "strict": True}

    def _of_status(self, error: Any) -> Exception:
        status, words = error.status_code, self._words(error)
        if passes_by_itself(status) or status < 400:  # below 400: an error in the middle of an answer
            return ModelBusy(words, wait=_seconds(error.response.headers.get("retry-after")))
        return ModelError(f"model {self.name!r}: {words}")

    def _words(self, error: Exception) -> str:
        return without_secrets(f"{type(error).__name__}: {error}"[:500], *self._secrets)


def _kept_ready(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Messages of which all but what comes next are kept ready for the next question of the conversation."""
    *before, last = messages
    blocks = [dict(block) for block in last["content"]]
    blocks[-1]["cache_control"] = _CACHE
    return [*before, {**last, "content": blocks}]


def _sendable(block: dict[str, Any]) -> dict[str, Any]:
    """A block of an answer as it goes back in the next question: without what only answers have."""
    return {key: value for key, value in block.items() if value is not None and key not in ("parsed_output",)}


def _seconds(text: str | None) -> float | None:
    try:
        return max(0.0, float(text)) if text is not None else None
    except ValueError:
        return None
