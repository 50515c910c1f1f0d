"""The reference agent server: speaks version 2 of agent events over a WebSocket, well, or badly in one named way.

Use it in a test or a demonstration::

    async with serve(faults=["duplicate:agent_completed"]) as server:
        ...  # connect to server.url with a token from mint_token("ada-0001")

or on the command line: ``python -m examples.agent_server --help``.
"""

from __future__ import annotations

from .faults import FAULTS, Fault, FaultError
from .script import RUN_EVENTS
from .server import MAX_MESSAGE_SIZE, Server, serve
from .tokens import AUDIENCE, DEMO_KEY, ISSUER, mint_token

__all__ = [
    "AUDIENCE",
    "DEMO_KEY",
    "FAULTS",
    "ISSUER",
    "MAX_MESSAGE_SIZE",
    "RUN_EVENTS",
    "Fault",
    "FaultError",
    "Server",
    "mint_token",
    "serve",
]
