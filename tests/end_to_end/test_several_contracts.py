"""Several contracts offered by one scenario: the one that the server speaks is held, live and from the capture."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tests.end_to_end.runs import Finished, wscheck

VERSIONS = {"1": ("id", ">=1 <2"), "2": ("task", ">=2 <3")}
CONTRACT = """
wscheck: 1
name: tasks
version: "{version}.0.0"
event_name: /type
select: {{event: welcome, at: /protocol, range: "{range}"}}
events: {{welcome: , start: {{from: client}}, done: }}
scopes:
  connection: {{order: "$open, welcome, task*, $close"}}
  task: {{key: /{key}, order: "start, done"}}
"""
SCENARIO = """
wscheck: 1
scenario: one-task
contract: [v1.yaml, v2.yaml]
exercises: [task]
sessions:
  ada:
    steps:
      - {expect: welcome, within: 1}
      - send: {type: start, id: 7, task: 7}
      - {expect: task, within: 1}
"""


@asynccontextmanager
async def serve_tasks(protocol: str, answer: dict[str, Any]) -> AsyncIterator[str]:
    """Tell the version ``protocol``, and give ``answer`` to each task."""

    async def hold(connection: ServerConnection) -> None:
        await connection.send(json.dumps({"type": "welcome", "protocol": protocol}))
        async for _ in connection:
            await connection.send(json.dumps({"type": "done", **answer}))

    async with serve(hold, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/"


# The version that the server tells, its answer; the exit code, the contract held, the findings.
ROWS: list[tuple[str, dict[str, Any], tuple[int, str | None, list[str]]]] = [
    ("1.4.0", {"id": 7}, (0, "1.0.0", [])),
    ("2.0.1", {"task": 7}, (0, "2.0.0", [])),
    ("2.0.1", {"task": 8}, (1, "2.0.0", ["orphan", "expect", "incomplete", "incomplete"])),
    ("3.0.0", {"task": 7}, (4, None, [])),
]


@pytest.mark.parametrize(("protocol", "answer", "due"), ROWS)
async def test_the_contract_is_chosen_by_the_version_that_the_server_tells(
    protocol: str, answer: dict[str, Any], due: tuple[int, str | None, list[str]], tmp_path: Path
) -> None:
    code, version, failing = due
    for number, (key, versions) in VERSIONS.items():
        (tmp_path / f"v{number}.yaml").write_text(CONTRACT.format(version=number, key=key, range=versions))
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    options = ("--format", "json", "--save-capture", "c.jsonl")
    async with serve_tasks(protocol, answer) as url:
        live = await wscheck("run", "scenario.yaml", "--url", url, *options, folder=tmp_path)
    offline = await wscheck("check", "v1.yaml", "--or", "v2.yaml", "c.jsonl", "--format", "json", folder=tmp_path)
    assert _findings(offline) == _findings(live)
    assert (live.code, offline.code) == (code, code), live.said
    assert [finding["code"] for finding in _findings(live) if finding["severity"] == "error"] == failing
    (capture,) = json.loads(live.out)["captures"]
    if version is None:
        assert "3.0.0" in capture["why"]
    else:
        assert capture["contract"]["version"] == version


def _findings(done: Finished) -> Any:
    return json.loads(done.out)["findings"]
