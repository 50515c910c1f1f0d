"""A capture of agent events, seeded: `python -m benchmarks.stream CAPTURE` writes one, of any size, as it is made."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import IO

from benchmarks.faults import break_some
from benchmarks.runs import SHORTEST_RUN, SIZES, Sent, draw_length, play_run, welcome
from wscheck.capture import Header
from wscheck.capture.jsonl import End, encode_end, encode_header, encode_record
from wscheck.record import Closed, Opened

CONTRACT = "agent-events@2"
_SECONDS_BETWEEN = 0.0001
_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a stream is to be: ``open_runs`` at the same time, over ``sessions``, with ``faulty`` percent broken events.

    It has ``events`` messages (a broken stream about so many), or, where ``size`` is given, at least so many bytes.
    ``sizes`` are those of a message, in bytes. Without ``asked``, the messages of the client are left out.
    """

    events: int = 200_000
    size: int | None = None
    open_runs: int = 64
    sessions: int = 8
    faulty: float = 0.0
    seed: int = 1
    sizes: tuple[int, int] = SIZES
    asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A capture that was written: its records, how many are messages, how many of those broken, and its bytes."""

    path: Path
    texts: Path | None
    records: int
    events: int
    broken: int
    size: int


def write_stream(wanted: Wanted, path: Path, texts: Path | None = None) -> Made:
    """Write the capture ``path``, and the text of each message, one a line, to ``texts``. Nothing is kept in memory."""
    with ExitStack() as stack:
        out = _Out(
            stack.enter_context(path.open("wb", buffering=_BUFFER)),
            stack.enter_context(texts.open("wb", buffering=_BUFFER)) if texts else None,
        )
        header = Header(tool="wscheck benchmarks", run=f"seed-{wanted.seed}", started="2025-09-08T03:00:00Z")
        out.put(encode_header(header))
        sessions = [_Session(number) for number in range(1, wanted.sessions + 1)]
        random = Random(wanted.seed)
        _open(out, random, sessions, wanted.sizes)
        broken = _interleave(out, random, wanted, sessions)
        for session in sessions:
            closed = Closed(at=out.tick(), session=session.name, code=1000, initiator="tool")
            out.record(encode_record(closed))
        out.put(encode_end(End(records=out.records, sha256=out.digest.hexdigest())))
    return Made(path=path, texts=texts, records=out.records, events=out.messages, broken=broken, size=out.size)


@dataclass(frozen=True, slots=True)
class _Session:
    number: int

    @property
    def name(self) -> str:
        return f"session-{self.number}"

    @property
    def user(self) -> str:
        return f"user-{self.number:04}"


class _Out:
    """The two files and what was counted while they were written. ``size`` in bytes, time in seconds."""

    def __init__(self, capture: IO[bytes], texts: IO[bytes] | None) -> None:
        self._capture = capture
        self._texts = texts
        self.digest = hashlib.sha256()
        self.records = self.messages = self.size = 0

    def tick(self) -> float:
        """Return when the next record comes."""
        return round((self.records + 1) * _SECONDS_BETWEEN, 4)

    def put(self, line: str) -> bytes:
        data = line.encode("ascii") + b"\n"
        self._capture.write(data)
        self.size += len(data)
        return data

    def record(self, line: str) -> None:
        self.digest.update(self.put(line))
        self.records += 1

    def message(self, session: _Session, event: Sent) -> None:
        # As encode_record writes it, but several times faster: a capture may have millions.
        start = f'{{"at":{self.tick()},"session":"{session.name}","kind":"message","direction":"{event.direction}"'
        self.record(f'{start},"text":{json.dumps(event.text)}}}')
        self.messages += 1
        if self._texts:
            self._texts.write(event.text.encode() + b"\n")


def _open(out: _Out, random: Random, sessions: list[_Session], sizes: tuple[int, int]) -> None:
    for session in sessions:
        opened = Opened(
            at=out.tick(),
            session=session.name,
            uri="ws://agents.example/ws",
            subprotocol="jwt-auth",
            offered=("jwt-auth",),
            identity=session.user,
        )
        out.record(encode_record(opened))
        text = welcome(random, session.number, session.user, sizes)
        out.message(session, Sent(direction="received", name="connection_established", text=text))


def _interleave(out: _Out, random: Random, wanted: Wanted, sessions: list[_Session]) -> int:
    """Write the events of all runs, as many at once as wanted; return how many events were broken."""
    broken = 0
    lengths = _lengths(out, wanted)
    going: list[tuple[_Session, Iterator[Sent]]] = []
    for number, length in enumerate(lengths):
        session = sessions[number % len(sessions)]
        run = play_run(wanted.seed, number, session.user, length, wanted.sizes)
        asked, started = next(run), next(run)
        if wanted.asked:  # the answer has five seconds, however many runs are open
            out.message(session, asked)
        out.message(session, started)
        going.append((session, run))
        while len(going) >= wanted.open_runs:
            broken += _step(out, random, wanted.faulty, going)
    while going:
        broken += _step(out, random, wanted.faulty, going)
    return broken


def _lengths(out: _Out, wanted: Wanted) -> Iterator[int]:
    """Yield of how many events each run is, for as long as more are wanted."""
    random = Random(f"{wanted.seed}/lengths")
    if wanted.size is not None:
        while out.size < wanted.size:
            yield draw_length(random)
        return
    rest, unseen = wanted.events - wanted.sessions, 0 if wanted.asked else 1
    while rest > 0:
        length = draw_length(random)
        length = unseen + rest if rest + unseen - length < SHORTEST_RUN else length
        rest -= length - unseen
        yield length


def _step(out: _Out, random: Random, faulty: float, going: list[tuple[_Session, Iterator[Sent]]]) -> int:
    """Write the next event of one of the runs; return whether it was broken."""
    place = random.randrange(len(going))
    session, run = going[place]
    event = next(run, None)
    if event is None:
        going[place] = going[-1]
        going.pop()
        return 0
    instead = break_some(random, faulty, event)
    for given in (event,) if instead is None else instead:
        out.message(session, given)
    return instead is not None


def _read_arguments() -> tuple[Wanted, Path, Path | None]:
    usual = Wanted()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stream", description=__doc__)
    parser.add_argument("capture", type=Path)
    parser.add_argument("--texts", type=Path, help="a file for the messages' texts, one a line")
    parser.add_argument("--events", type=int, default=usual.events)
    parser.add_argument("--size", type=int, help="bytes that the capture has at least, instead of --events")
    parser.add_argument("--open", type=int, default=usual.open_runs, help="runs that are open at the same time")
    parser.add_argument("--sessions", type=int, default=usual.sessions)
    parser.add_argument("--faulty", type=float, default=usual.faulty, help="percent of events that are broken")
    parser.add_argument("--seed", type=int, default=usual.seed)
    given = parser.parse_args()
    wanted = Wanted(
        events=given.events,
        size=given.size,
        open_runs=given.open,
        sessions=given.sessions,
        faulty=given.faulty,
        seed=given.seed,
    )
    return wanted, given.capture, given.texts


if __name__ == "__main__":
    made = write_stream(*_read_arguments())
    print(f"{made.path}: {made.events} events, {made.broken} of them broken, {made.size} bytes")
