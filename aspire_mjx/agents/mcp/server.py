"""The server: tools, resources and prompts in the protocol's terms."""

from __future__ import annotations

import base64
import logging
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from mcp import types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError

from aspire_mjx import __version__
from aspire_mjx.agents.mcp import resources
from aspire_mjx.agents.mcp.desk import Desk
from aspire_mjx.agents.mcp.prompts import PROMPTS, find_prompt
from aspire_mjx.agents.tools.answer import Answer
from aspire_mjx.agents.tools.quoted import RULE, quoted
from aspire_mjx.agents.tools.tool import TOOLS, Tool
from aspire_mjx.errors import AspireError
from aspire_mjx.files import why

PAGE = 100  #: resources, or tools, of one answer
_LOG = logging.getLogger(__name__)
_INSTRUCTIONS = (Path(__file__).parent / "instructions.md").read_text(encoding="utf-8")
_Context = ServerRequestContext[Any]
_Paged = types.PaginatedRequestParams | None
_T = TypeVar("_T")


def make_server(desk: Desk) -> Server[Any]:
    """A server that answers with what a desk does; it may serve any number of clients."""

    async def list_tools(_: _Context, params: _Paged) -> types.ListToolsResult:
        page, cursor = _page(list(TOOLS.values()), params)
        return types.ListToolsResult(tools=[_declared(tool) for tool in page], next_cursor=cursor)

    async def call_tool(context: _Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        async def report(done: int, total: int) -> None:
            await context.session.report_progress(done, total, f"{done} of {total} rollouts")

        try:
            return _result(await desk.call(params.name, params.arguments or {}, report))
        except Exception as error:
            return types.CallToolResult(content=[_text(quoted(_told(params.name, error), "error"))], is_error=True)

    async def list_resources(_: _Context, params: _Paged) -> types.ListResourcesResult:
        page, cursor = _page(await desk.read(lambda: resources.addresses(desk.bench)), params)
        found = [
            types.Resource(uri=uri, name=uri.rpartition("/")[2], description=kind.about, mime_type="text/plain")
            for uri, kind in page
        ]
        return types.ListResourcesResult(resources=found, next_cursor=cursor)

    async def list_templates(_: _Context, params: _Paged) -> types.ListResourceTemplatesResult:
        page, cursor = _page(resources.KINDS, params)
        found = [
            types.ResourceTemplate(uri_template=kind.template, name=kind.name, description=kind.about) for kind in page
        ]
        return types.ListResourceTemplatesResult(resource_templates=found, next_cursor=cursor)

    async def read_resource(_: _Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        text = await _asked(desk.read(lambda: resources.read(desk.bench, params.uri)))
        contents = types.TextResourceContents(uri=params.uri, mime_type="text/plain", text=text)
        return types.ReadResourceResult(contents=[contents])

    async def list_prompts(_: _Context, params: _Paged) -> types.ListPromptsResult:
        page, cursor = _page(list(PROMPTS.values()), params)
        found = [
            types.Prompt(
                name=prompt.name,
                description=prompt.description,
                arguments=[
                    types.PromptArgument(name=name, description=about, required=True)
                    for name, about in prompt.arguments.items()
                ],
            )
            for prompt in page
        ]
        return types.ListPromptsResult(prompts=found, next_cursor=cursor)

    async def get_prompt(_: _Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        def filled() -> types.GetPromptResult:
            prompt = find_prompt(params.name)
            text = prompt.text(desk.bench, params.arguments or {})
            message = types.PromptMessage(role="user", content=_text(text))
            return types.GetPromptResult(description=prompt.description, messages=[message])

        return await _asked(desk.read(filled))

    return Server(
        "aspire_mjx",
        version=__version__,
        instructions=f"{_INSTRUCTIONS}\n{RULE}\n",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
    )


def _declared(tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(
        read_only_hint=tool.read_only, destructive_hint=tool.destructive, open_world_hint=False
    )
    return types.Tool(
        name=tool.name, description=tool.description, input_schema=dict(tool.input_schema), annotations=hints
    )


def _result(answer: Answer) -> types.CallToolResult:
    pictures = [
        types.ImageContent(data=base64.b64encode(picture).decode(), mime_type="image/png")
        for picture in answer.pictures
    ]
    return types.CallToolResult(content=[_text(answer.text), *pictures])


def _text(text: str) -> types.TextContent:
    return types.TextContent(text=text)


def _told(tool: str, error: Exception) -> str:
    """An error in words for a client; what nobody foresaw goes to the log."""
    if isinstance(error, AspireError):
        return str(error)
    if isinstance(error, OSError):
        return f"{tool}: the server's disk does not do it ({why(error)}); nothing of the call is kept."
    if isinstance(error, MemoryError):
        return f"{tool}: the server's memory is used up; ask for fewer rollouts."
    _LOG.error("%s", tool, exc_info=error)
    return f"{tool}: an error of the server ({type(error).__name__}), not of yours; its log has it. Please report it."


async def _asked(answer: Awaitable[_T]) -> _T:
    """An answer, or the protocol's error for a request that names what there is not."""
    try:
        return await answer
    except AspireError as error:
        raise MCPError(types.INVALID_PARAMS, str(error)) from None


def _page(items: Sequence[_T], params: _Paged) -> tuple[Sequence[_T], str | None]:
    """Some of the items, and the cursor of the next ones; None at the end."""
    cursor = (params.cursor if params else None) or "0"
    if not (cursor.isascii() and cursor.isdecimal() and int(cursor[:9]) <= len(items)):
        raise MCPError(
            types.INVALID_PARAMS, f"cursor {cursor!r:.40} was not given by this server; list from the start."
        )
    start = int(cursor)
    end = start + PAGE
    return items[start:end], str(end) if end < len(items) else None
