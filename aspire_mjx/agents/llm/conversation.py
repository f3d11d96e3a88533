"""A conversation with a model that calls tools until it gives what was asked for."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aspire_mjx.agents.llm.model import Block, Reply, Request, ToolSpec
from aspire_mjx.agents.tools.answer import Answer
from aspire_mjx.agents.tools.quoted import quoted
from aspire_mjx.agents.tools.tool import check_arguments, find_tool
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.errors import AspireError

_TURNS = 16  # answers of the model
_CUT = ("max_tokens", "model_context_window_exceeded")

#: Takes the arguments of the final tool: None where they are right, else what is wrong with them.
Take = Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True)
class Conversation:
    """What a model is asked, and what it may do before it answers.

    Attributes:
        ask: the model.
        bench: that its tools work on.
        tools: names of the tools that it may use.
        final: the tool that it answers with.
        take: checks the answer; what is wrong goes back to the model.
    """

    ask: Callable[[Request], Reply]
    bench: Workbench
    tools: tuple[str, ...]
    final: ToolSpec
    take: Take

    def run(self, *, role: str, task: str, system: tuple[str, ...], content: Sequence[Block], max_tokens: int) -> bool:
        """Whether the model answered with what was asked for.

        Raises:
            BudgetReached: there is no budget for the next question.
            ModelError: the model does not answer.
        """
        request = Request(
            role=role,
            task=task,
            system=system,
            tools=(*map(spec_of, self.tools), self.final),
            messages=({"role": "user", "content": list(content)},),
            max_tokens=max_tokens,
        )
        for turn in range(_TURNS):
            last = turn == _TURNS - 2  # then there is one more to put it right
            reply = self.ask(replace(request, tool=self.final.name if last else ""))
            if reply.stop == "refusal":
                return False
            answers, done = self._answered(reply)
            if done:
                return True
            said = [_sent_back(block) for block in reply.content] or [text_block("(nothing)")]
            back = [{"role": "assistant", "content": said}]
            if reply.stop != "pause_turn":
                back.append({"role": "user", "content": answers or [text_block(self._reminder(reply))]})
            request = replace(request, messages=(*request.messages, *back))
        return False

    def _answered(self, reply: Reply) -> tuple[list[dict[str, Any]], bool]:
        """Results of the tools that an answer calls, and whether the final one was among them and right."""
        results = []
        for call in reply.calls:
            name, given = str(call["name"]), call["input"]
            try:
                if reply.stop in _CUT:
                    raise AspireError(f"{name}: your answer was cut off at its limit of length; be shorter.")
                if name == self.final.name:
                    check_arguments(name, self.final.input_schema, given)
                    wrong = self.take(given)
                    if wrong is None:
                        return [], True
                    raise AspireError(wrong)
                if name not in self.tools:
                    known = ", ".join((*self.tools, self.final.name))
                    raise AspireError(f"unknown tool {name!r}. Known: {known}.")
                results.append(_result(call, self._done(name, given)))
            except AspireError as error:
                content = [text_block(str(error))]
                results.append({"type": "tool_result", "tool_use_id": call["id"], "content": content, "is_error": True})
        return results, False

    def _done(self, name: str, given: Any) -> Answer:
        """What one of the package's tools answers; what it says is wrong may quote somebody's text."""
        try:
            return find_tool(name).call(self.bench, given)
        except AspireError as error:
            raise AspireError(quoted(str(error), "error")) from None

    def _reminder(self, reply: Reply) -> str:
        cut = "Your answer was cut off at its limit of length; be shorter. " if reply.stop in _CUT else ""
        return f"{cut}Answer with the tool {self.final.name}."


def _sent_back(block: Block) -> dict[str, Any]:
    """A block of an answer for the next question, which takes arguments of calls as maps only."""
    malformed = block.get("type") == "tool_use" and not isinstance(block["input"], Mapping)
    return {**block, "input": {"malformed": str(block["input"])}} if malformed else dict(block)


def spec_of(name: str) -> ToolSpec:
    """One of the package's tools as a model is told of it."""
    tool = find_tool(name)
    return ToolSpec(tool.name, tool.description, tool.input_schema)


def text_block(text: str) -> dict[str, Any]:
    """A text as a block."""
    return {"type": "text", "text": text}


def picture_blocks(pictures: Iterable[bytes]) -> list[dict[str, Any]]:
    """PNG files as blocks."""
    return [
        {
            "type": "image",
            "source": {"type": "base64", "media_type": "image/png", "data": base64.b64encode(picture).decode()},
        }
        for picture in pictures
    ]


def _result(call: Block, answer: Answer) -> dict[str, Any]:
    content = [text_block(answer.text), *picture_blocks(answer.pictures)]
    return {"type": "tool_result", "tool_use_id": call["id"], "content": content}
