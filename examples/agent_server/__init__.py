"""The reference agent server: speaks agent events, version 1, 2 or both mixed, well, or badly in one named way.

Use it in a test or a demonstration::

    async with serve(version="1", faults=["duplicate:agent_completed"]) as server:
        ...  # connect to server.url with a token from mint_token("ada-0001")

or on the command line: ``python -m examples.agent_server --help``.
"""

from __future__ import annotations

from .checks import AUDIENCE, ISSUER
from .faults import FAULTS, Fault, FaultError
from .login import DEMO_BYPASS_KEY
from .server import MAX_MESSAGE_SIZE, Server, serve
from .story import RUN_EVENTS
from .tokens import DEMO_KEY, mint_token

__all__ = [
    "AUDIENCE",
    "DEMO_BYPASS_KEY",
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
