"""The GraphQL server: strawberry on uvicorn, which lets in whoever shows a token in its connection_init."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import jwt
import uvicorn
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.types.unset import UnsetType

from .schema import build_schema

DEMO_KEY = "graphql-demo-key-that-everybody-knows"
"""The key that tokens are verified with where no other is given. Public: good for loopback and nothing else."""

KEY_VARIABLE = "GRAPHQL_JWT_KEY"
"""The environment variable that the key is read from, here and in the scenarios."""

AUDIENCE = "graphql"
INIT_TIMEOUT = 2.0
"""How long the server waits for a connection_init, in seconds."""


class App(GraphQL[dict[str, Any], None]):
    """The ASGI application: ``/graphql`` or any other path, for whoever has a token signed with ``key``."""

    def __init__(self, *, key: str, init_timeout: float) -> None:
        super().__init__(build_schema(), connection_init_wait_timeout=timedelta(seconds=init_timeout))
        self._key = key

    async def on_ws_connect(self, context: dict[str, Any]) -> UnsetType | dict[str, object] | None:
        """Verify the token; raise ConnectionRejectionError, which closes with 4403, where it does not hold."""
        given = context["connection_params"].get("Authorization", "")
        scheme, _, token = str(given).partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise jwt.InvalidTokenError("no bearer token")
            jwt.decode(token, self._key, algorithms=["HS256"], audience=AUDIENCE, options={"require": ["sub", "exp"]})
        except jwt.PyJWTError as error:
            raise ConnectionRejectionError({"reason": type(error).__name__}) from error
        return await super().on_ws_connect(context)


@asynccontextmanager
async def serve(
    *, host: str = "127.0.0.1", port: int = 0, key: str = DEMO_KEY, init_timeout: float = INIT_TIMEOUT
) -> AsyncIterator[str]:
    """Serve as long as the context lasts; the value is the URL. ``port`` 0 takes a free one. Raises OSError."""
    with socket.create_server((host, port)) as listener:
        config = uvicorn.Config(
            App(key=key, init_timeout=init_timeout), log_level="warning", lifespan="off", timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"ws://{host}:{listener.getsockname()[1]}/graphql"
        finally:
            server.should_exit = True
            await serving
