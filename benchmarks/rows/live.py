"""Recording and checking a flood on loopback, beside who only takes it in."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

from benchmarks.line import Bound, Line, compare
from benchmarks.measure import BenchmarkError, Cost, Costs, Subject, find_core, launch, take_turns
from benchmarks.stream import Made, Wanted
from benchmarks.workshop import Workshop, find_command

SCENARIO = Path(__file__).parents[1] / "live" / "flood.yaml"
BARE = "`async for` of websockets, doing nothing"
RECORD = "recording"
RUN = "recording and checking, `wscheck run`"
NODE = "ws, JSON.parse, ajv and an order check, under node"

_SIZES = (500, 500)
_FEW = 40

Client: TypeAlias = Callable[[Workshop, str, Made], Cost]
"""Takes in what comes from a URL, all of it, and says what that took."""


def measure_live(workshop: Workshop) -> list[Line]:
    """Measure each client against the same flood; what it takes before and after is measured by a very small one."""
    flood = workshop.make(Wanted(events=workshop.sizes.flood, sessions=1, sizes=_SIZES, asked=False))
    drop = workshop.make(Wanted(events=_FEW, sessions=1, open_runs=1, sizes=_SIZES, asked=False))
    clients = {name: client for name, client in _CLIENTS.items() if name != NODE or workshop.node}
    with ExitStack() as stack:
        subjects = {}
        for made in (flood, drop):
            url = stack.enter_context(serve_flood(made))
            for name, client in clients.items():
                subjects[name, made] = _subject(client, workshop, url, made)
        costs = take_turns(subjects, workshop.sizes.few_rounds)
    each = {name: costs[name, flood].each(flood.events, less=costs[name, drop]) for name in clients}
    return list(_compare(each))


@contextmanager
def serve_flood(made: Made) -> Iterator[str]:
    """Serve the texts of ``made`` to whoever comes; the value is the URL."""
    command = [sys.executable, "-m", "benchmarks.live.flood", str(made.texts), find_core()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield f"ws://127.0.0.1:{int(server.stdout.readline())}/ws"
        finally:
            server.terminate()


def run_bare(workshop: Workshop, url: str, made: Made) -> Cost:
    """Take in all of it with the library's own loop, and do nothing."""
    cost = launch([sys.executable, "-m", "benchmarks.live.bare", url], workshop.output)
    _hold_to_count(BARE, made, json.loads(workshop.output.read_bytes())["messages"])
    return cost


def run_record(workshop: Workshop, url: str, made: Made) -> Cost:
    """Record all of it."""
    capture = workshop.folder / "recorded.jsonl"
    cost = launch([sys.executable, "-m", "benchmarks.live.record", url, str(capture)], workshop.output)
    _hold_to_count(RECORD, made, _count_messages(capture))
    return cost


def run_wscheck(workshop: Workshop, url: str, made: Made) -> Cost:
    """Record all of it and check it: the real command."""
    capture = workshop.folder / "run.jsonl"
    command = [find_command(), "run", str(SCENARIO), "--url", url, "--save-capture", str(capture), "--overwrite"]
    cost = launch(command, workshop.output)
    _hold_to_count(RUN, made, _count_messages(capture))
    return cost


def run_node(workshop: Workshop, url: str, made: Made) -> Cost:
    """Do in node what a team might write; nothing is recorded."""
    assert workshop.node
    script = [str(shutil.which("node")), str(workshop.node / "session.mjs")]
    cost = launch([*script, str(workshop.schemas), url], workshop.output)
    told = json.loads(workshop.output.read_bytes())
    if told["faults"]:
        raise BenchmarkError(f"{NODE}: {told['faults']} events are faulty, where none is")
    _hold_to_count(NODE, made, told["messages"])
    return cost


_CLIENTS: dict[str, Client] = {RUN: run_wscheck, BARE: run_bare, RECORD: run_record, NODE: run_node}


def _subject(client: Client, workshop: Workshop, url: str, made: Made) -> Subject:
    return lambda: client(workshop, url, made)


def _compare(each: dict[str, Costs]) -> Iterator[Line]:
    rows: Sequence[tuple[str, str, Bound, Bound | None]] = (
        (RECORD, BARE, Bound(least=0.8), Bound(least=0.5)),
        (RUN, BARE, Bound(least=0.5), Bound(least=0.3)),
        (RUN, NODE, Bound(least=1), None),
    )
    for ours, theirs, aim, limit in rows:
        if theirs in each:
            yield compare(f"rate of {ours}", each[ours], theirs, each[theirs], rate=True, aim=aim, limit=limit)


def _hold_to_count(name: str, made: Made, messages: int) -> None:
    if messages != made.events:
        raise BenchmarkError(f"{name}: {messages} messages came of {made.events}")


def _count_messages(capture: Path) -> int:
    with capture.open("rb") as lines:
        return sum(b'"kind":"message","direction":"received"' in line[:200] for line in lines)
