"""The command itself, driven by the official client over standard streams and over HTTP, on the native engine."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.types import TextContent

from aspire_mjx.agents.mcp.__main__ import main
from aspire_mjx.shipped import SKILLS

KEY = "libero_object_swap/0"
COMMAND = [sys.executable, "-m", "aspire_mjx.agents.mcp", "--tasks=0,1", f"--library={SKILLS}"]
LONG = """found = get_object_pose("basket")
for _ in range(int(tunable("waits", 1.0, low=1.0, high=150.0))):
    wait(1.0)
"""  # 150 s of simulation; each wave is short
WAIT = "wait(0.02)\n"
SOON = 2.0  # s


def text_of(result) -> str:
    (block, *_) = result.content
    assert isinstance(block, TextContent)
    return block.text


async def cancelled_batch(client: Client) -> tuple[asyncio.Task, float]:
    """Begins a long batch, cancels it once its short rollouts have finished; how soon others get the lanes, at best."""
    soonest, batch = float("inf"), None
    for attempt in range(3):  # a machine that is busy with other things is given another try
        begun = asyncio.Event()

        async def heard(progress: float, total: float | None, message: str | None, begun=begun) -> None:
            assert message == f"{progress:g} of {total:g} rollouts" == "2 of 4 rollouts"
            begun.set()

        asked = {"source": f"{LONG}# {attempt}\n", "task": KEY, "seeds": "51-52", "tunables": [{}, {"waits": 150.0}]}
        batch = asyncio.create_task(client.call_tool("run_program", asked, progress_callback=heard))
        await asyncio.wait([asyncio.create_task(begun.wait()), batch], return_when=asyncio.FIRST_COMPLETED)
        at = time.monotonic()
        batch.cancel()
        await asyncio.gather(batch, return_exceptions=True)
        answer = await client.call_tool("run_program", {"source": f"{WAIT}# {attempt}\n", "task": KEY, "seeds": "51"})
        assert not answer.is_error, text_of(answer)
        soonest = min(soonest, time.monotonic() - at)
        if soonest < SOON:
            break
    assert batch is not None
    return batch, soonest


def test_over_standard_streams(tmp_path):
    server = StdioServerParameters(
        command=COMMAND[0], args=[*COMMAND[1:], f"--out={tmp_path / 'run'}"], env=dict(os.environ)
    )

    async def ask():
        async with Client(server, mode="legacy") as client:  # as today's coding agents connect
            assert len((await client.list_tools()).tools) == 16
            batch, soonest = await cancelled_batch(client)
            wrong = await client.call_tool("run_program", {"source": 3, "task": KEY})
            found = text_of(
                await client.call_tool("search_skills", {"query": "close_gripper/grasp/EMPTY_GRASP/-/target"})
            )
            return batch.cancelled(), soonest, wrong, found

    cancelled, soonest, wrong, found = asyncio.run(ask())
    assert cancelled and soonest < SOON
    assert wrong.is_error and "source: 3 is not of type 'string'" in text_of(wrong)
    assert "grasp-deeper" in found or "check-and-redo" in found
    events = (tmp_path / "run" / "events.jsonl").read_text(encoding="utf-8")
    assert '"edit"' in events and len(list((tmp_path / "run" / "traces").iterdir())) >= 1


@pytest.mark.parametrize("end", ["closed input", "SIGTERM"])
def test_standard_output_carries_the_protocol_alone_and_the_server_ends_when_told(tmp_path, end):
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    source = 'print("out")\nfrom os import *\n'
    messages = [
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "list_tasks", "arguments": {"limit": 1}}},
        {"id": 3, "method": "tools/call", "params": {"name": "validate", "arguments": {"source": source, "task": KEY}}},
    ]
    lines = "".join(json.dumps({"jsonrpc": "2.0", **message}) + "\n" for message in messages)
    out = tmp_path / "run"
    with subprocess.Popen(
        [*COMMAND, f"--out={out}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(lines)
        process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for _ in range(3)]
        if end == "SIGTERM":
            process.send_signal(signal.SIGTERM)
        else:
            process.stdin.close()
        assert process.stdout.read() == "" and process.wait(timeout=60) == (143 if end == "SIGTERM" else 0)
        said, *rest = process.stderr.read().splitlines()
        assert said == f"Run directory: {out}" and len(rest) == (end == "SIGTERM")
        assert all(line.startswith("error: stopped by SIGTERM;") for line in rest)
    found = {answer["id"]: answer["result"] for answer in answers}
    assert found[1]["serverInfo"]["name"] == "aspire_mjx" and "Seeds have roles" in found[1]["instructions"]
    assert KEY in found[2]["content"][0]["text"] and not found[2].get("isError")
    assert found[3]["isError"] and "program.py:2: [" in found[3]["content"][0]["text"]


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[subprocess.Popen, str, Path]]:
    """A server over HTTP: its process, address and run directory."""
    out = tmp_path_factory.mktemp("http") / "run"
    command = [*COMMAND, f"--out={out}", "--transport=http", "--port=0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        lines = [process.stderr.readline() for _ in range(2)]
        yield process, lines[1].split()[-1], out
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 143
        assert "--resume to go on" in process.stderr.read()


def test_over_http_a_batch_is_cancelled_and_two_clients_are_served(served):
    _, address, out = served
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/mcp", address)

    async def ask():
        async with Client(address) as one, Client(address) as other:
            batch, soonest = await cancelled_batch(one)
            asked = [{"source": f"{WAIT}# {k}\n", "task": KEY, "seeds": "51-52"} for k in (7, 8, 7, 8)]
            clients = (one, one, other, other)
            calls = [client.call_tool("run_program", each) for client, each in zip(clients, asked, strict=True)]
            return batch.cancelled(), soonest, await asyncio.gather(*calls)

    cancelled, soonest, answers = asyncio.run(ask())
    assert cancelled and soonest < SOON
    first, second, third, fourth = map(text_of, answers)
    assert not any(answer.is_error for answer in answers)
    assert (first, second) == (third, fourth) and first != second, "equal calls of both clients give equal batches"
    assert (out / "config.json").exists()


def test_a_thousand_calls_leave_memory_flat(served):
    process, address, _ = served

    def resident() -> int:
        """MB that the server holds."""
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(process.pid)], capture_output=True, text=True, check=True)
        return int(told.stdout) // 1024

    calls = [
        ("list_tasks", {"limit": 1}),
        ("robot_api", {"offset": 19_000}),
        ("fault_report", {"batch": "batch-0"}),
        ("search_skills", {"query": "grasp"}),
    ]

    async def ask():
        async with Client(address) as client:
            held = []
            for count in (200, 400, 400):
                for k in range(count):
                    name, arguments = calls[k % len(calls)]
                    assert (await client.call_tool(name, arguments)).is_error is (name == "fault_report")
                held.append(resident())
            return held

    _, before, after = asyncio.run(ask())
    assert after - before < 8


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--transport=pigeon"], "unknown transport 'pigeon'"),
        (["--heldout_seeds=1-55"], "seeds 51-55 are for debugging and validation"),
        (["pick_and_place"], "takes flags only"),
        (["--tasks=99"], "unknown"),
    ],
)
def test_flags_that_ask_for_what_there_is_not(flags, message, capsys, tmp_path):
    assert main(["mcp", f"--out={tmp_path / 'run'}", *flags]) == 2
    assert message in capsys.readouterr().err


def test_a_port_in_use_is_said(served, capsys, tmp_path):
    _, address, _ = served
    port = re.findall(r":(\d+)/", address)[0]
    assert main(["mcp", f"--out={tmp_path / 'run'}", "--transport=http", f"--port={port}"]) == 2
    assert f"--port={port}: 127.0.0.1:{port} cannot be had" in capsys.readouterr().err


def test_the_package_does_not_need_the_protocols_library():
    code = "import sys, aspire_mjx, aspire_mjx.agents.mcp.__main__; sys.exit('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
