"""How clients reach the server: over its own standard streams, or over HTTP on this machine."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator
from typing import Any, cast

import anyio
import uvicorn
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server

from aspire_mjx.errors import AspireError
from aspire_mjx.files import why

_HOST = "127.0.0.1"  # nobody from outside: a client may use up the machine


async def serve_stdio(server: Server[Any]) -> bool:
    """Serves one client over standard input and output, until it closes them; True where SIGTERM came before.

    The signal is the event loop's while it runs: raised as an exception it would end whatever task was at work.
    """
    stdin = cast("anyio.AsyncFile[str]", _lines())  # the library's own could not be stopped while the client is silent
    told = False

    async def obey() -> None:
        nonlocal told
        async for _ in signals:
            told = True
            group.cancel_scope.cancel()

    with anyio.open_signal_receiver(signal.SIGTERM) as signals:
        async with anyio.create_task_group() as group:
            group.start_soon(obey)
            async with stdio_server(stdin) as (read, write):
                await server.run(read, write, server.create_initialization_options())
            group.cancel_scope.cancel()
    return told


async def _lines() -> AsyncIterator[str]:
    """Lines of standard input, read by a thread that does not hold up the end of the process."""
    loop, read = asyncio.get_running_loop(), asyncio.Queue[str]()

    def pump() -> None:
        with open(0, encoding="utf-8", errors="replace", closefd=False) as stream:
            for line in stream:
                loop.call_soon_threadsafe(read.put_nowait, line)
        loop.call_soon_threadsafe(read.put_nowait, "")

    threading.Thread(target=pump, daemon=True).start()
    while line := await read.get():
        yield line


async def serve_http(server: Server[Any], port: int) -> None:
    """Serves any number of clients over streamable HTTP on this machine; 0 is any free port.

    Raises:
        AspireError: the port is in use.
    """
    app = server.streamable_http_app(host=_HOST)
    with _listening(port) as listener:
        print(f"Serving at http://{_HOST}:{listener.getsockname()[1]}/mcp", file=sys.stderr, flush=True)
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2)
        await uvicorn.Server(config).serve(sockets=[listener])


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen()  # who comes before the server is up waits
    except OSError as error:
        listener.close()
        raise AspireError(
            f"--port={port}: {_HOST}:{port} cannot be had ({why(error)}); give another port, or 0 for any free one."
        ) from None
    return listener
