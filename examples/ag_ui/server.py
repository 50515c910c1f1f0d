"""AG-UI over a WebSocket: a RunAgentInput in each text message of the client, an event in each of the server.

AG-UI leaves a transport of one's own to its author, who is to say how it works. Here: authorisation is a bearer token
in the opening handshake, which is refused with 401 without it. Inputs are answered one after the other, in their order.
A stream ends with the run's last event; the session stays open for the next input. What is no RunAgentInput is refused
before any event, by close code 1007; a binary message by 1003.
"""

from __future__ import annotations

import hmac
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from pydantic import ValidationError
from pydantic_ai.ui.ag_ui import AGUIAdapter
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from .agent import Trip, agent

PATH = "/runs"
_NO_TEXT, _NO_INPUT = 1003, 1007  # RFC 6455, section 7.4.1


@contextmanager
def serving(token: str, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve from a thread until the block is left, and give the URL; port 0 takes a free one. Raises OSError."""
    with socket.create_server((host, port)) as listener:
        # Not "error": uvicorn takes a refused opening handshake for an error of the application.
        server = uvicorn.Server(uvicorn.Config(_make_app(token), log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"ws://{host}:{listener.getsockname()[1]}{PATH}"
        finally:
            server.should_exit = True
            thread.join()


def _make_app(token: str) -> Starlette:
    async def converse(websocket: WebSocket) -> None:
        if not hmac.compare_digest(websocket.headers.get("authorization", "").encode(), f"Bearer {token}".encode()):
            await websocket.send_denial_response(PlainTextResponse("a bearer token is needed", status_code=401))
            return
        await websocket.accept()
        try:
            while await _answer_next(websocket):
                pass
        except WebSocketDisconnect:
            pass

    return Starlette(routes=[WebSocketRoute(PATH, converse)])


async def _answer_next(websocket: WebSocket) -> bool:
    """Hear one input and answer it; say whether the session goes on."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        return False
    if message.get("text") is None:
        await websocket.close(_NO_TEXT, "one RunAgentInput a text message, please")
        return False
    try:
        run_input = AGUIAdapter.build_run_input(message["text"].encode())
    except ValidationError:
        await websocket.close(_NO_INPUT, "this is no RunAgentInput")
        return False
    adapter = AGUIAdapter(agent=agent, run_input=run_input)
    async for event in adapter.run_stream(deps=Trip(state={})):
        await websocket.send_text(event.model_dump_json(by_alias=True))
    return True
