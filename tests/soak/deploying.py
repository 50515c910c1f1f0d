"""A server that is being deployed: it refuses, resets, starts, restarts, and is well, broken or closed in the end."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random

from tests.support.http_server import Asked, Told, http_server
from tests.support.raw_server import CLOSE, TEXT, Peer, close_frame, frame

REVISION = "0f3a9c1d2e4b5a69788796a5b4c3d2e1f0a9b8c7"
ENDS = ("well", "well", "well", "well", "broken", "closed")


@dataclass(frozen=True, slots=True)
class Stage:
    """What the server does at one connection; ``value`` is a status or a close code.

    Of ``refused`` it is the seconds in which nothing listens, whoever comes.
    """

    kind: str
    value: float = 0


STAGES = (
    *(Stage("status", status) for status in (429, 500, 502, 503, 503, 503, 504)),
    *(Stage(kind, code) for kind in ("closed", "restarted") for code in (1012, 1012, 1013, 1014)),
    *map(Stage, ("dropped", "reset", "reset early", "lost", "lost by reset")),
    Stage("closed", 1001),
)
HEALTHS: tuple[Told, ...] = (
    (503, {"status": "starting", "phase": "database"}),
    (503, "", {"Retry-After": "0"}),
    (200, {"status": "starting"}),
    (200, {"status": "healthy", "commit": REVISION, "available": False}),
    (200, {"status": "healthy", "commit": "1234567"}),
    (404, {}),
    b"",
)


@dataclass(slots=True, kw_only=True)
class Deployment:
    """A server at ``port`` that goes through ``stages``, one a connection, and then is at its ``end`` for good.

    ``end`` is "well", "broken" (what it sends breaks the contract) or "closed" (it turns everybody away with 403).
    ``healths`` are the answers of its readiness check before it is healthy, of which there is none where that is None.
    ``at_the_end`` counts the connections that came then.
    """

    stages: list[Stage]
    healths: list[Told] | None
    end: str
    port: int = 0
    health: str = ""
    at_the_end: int = 0
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def refuses(self) -> bool:
        """Whether nothing listens now."""
        return bool(self.stages) and self.stages[0].kind == "refused"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        # Who still came through when nothing is to listen any more is reset.
        early = Stage("reset early") if self.refuses else None
        stage = early or (self.stages.pop(0) if self.stages else None)
        self.moved.set()
        self.at_the_end += stage is None
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await _act(Peer(reader, writer), stage or Stage(self.end))
        finally:
            writer.close()

    def tell_health(self, _: Asked) -> Told:
        """Answer the readiness check."""
        return self.healths.pop(0) if self.healths else (200, {"status": "healthy", "commit": REVISION[:8]})


def make_deployment(random: Random, *, longest: int, refused: float) -> Deployment:
    """Make one by chance: three to ``longest`` stages, and ``refused`` seconds at most in each that nothing listens."""
    stages = random.choices(STAGES, k=random.randint(3, longest))
    for _ in range(random.randint(0, 2)):
        stages.insert(random.randint(0, len(stages)), Stage("refused", random.uniform(0.05, refused)))
    healths = random.choices(HEALTHS, k=random.randint(0, 3)) if random.random() < 0.4 else None
    return Deployment(stages=stages, healths=healths, end=random.choice(ENDS))


@asynccontextmanager
async def deploy(deployment: Deployment) -> AsyncIterator[None]:
    """Let ``deployment`` go its way while this lasts."""
    with socket.socket() as holder:  # its port stays its own while nothing listens there
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        deployment.port = holder.getsockname()[1]
        async with http_server(deployment.tell_health) as health:
            deployment.health = f"{health.url}/health"
            going = asyncio.create_task(_go_on(deployment))
            try:
                yield
            finally:
                going.cancel()
                with suppress(asyncio.CancelledError):
                    await going


async def _go_on(deployment: Deployment) -> None:
    while True:
        if deployment.refuses:
            await asyncio.sleep(deployment.stages[0].value)  # what is looked at
            deployment.stages.pop(0)
            continue
        server = await asyncio.start_server(deployment.serve, "127.0.0.1", deployment.port)
        try:
            while not deployment.refuses:
                deployment.moved.clear()
                await deployment.moved.wait()
        finally:
            server.close()


async def _act(peer: Peer, stage: Stage) -> None:
    match stage.kind:
        case "reset early":
            peer.reset()
        case "reset":
            await peer.reader.readuntil(b"\r\n\r\n")
            peer.reset()
        case "dropped":
            await peer.reader.readuntil(b"\r\n\r\n")
        case "status":
            more = "Retry-After: 0\r\n" if stage.value == 429 else ""
            await peer.answer(f"HTTP/1.1 {stage.value} x\r\nContent-Length: 0\r\n{more}\r\n".encode())
        case "closed" if not stage.value:
            await peer.answer(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        case _:
            await peer.accept()
            await _talk(peer, stage)


async def _talk(peer: Peer, stage: Stage) -> None:
    """Speak the toy protocol in an open session, as far as ``stage`` lets it come."""
    if stage.kind == "closed":
        await _close(peer, stage)
        return
    await _say(peer, type="welcome")
    await peer.read_frame()
    if stage.kind == "broken":
        await _say(peer, type="done", id="x")
    await _say(peer, type="said", id="x")
    match stage.kind:
        case "restarted":
            await _close(peer, stage)
        case "lost":
            return
        case "lost by reset":
            peer.reset()
        case _:
            await _say(peer, type="done", id="x")
            await _hear_closing(peer)
            await peer.send(close_frame(1000))


async def _say(peer: Peer, **event: str) -> None:
    await peer.send(frame(TEXT, json.dumps(event).encode()))


async def _close(peer: Peer, stage: Stage) -> None:
    await peer.send(close_frame(int(stage.value), b"deploying"))
    await _hear_closing(peer)


async def _hear_closing(peer: Peer) -> None:
    while (await peer.read_frame())[0] != CLOSE:
        pass
