"""What the server can be told to speak: version 1, version 2, or both mixed."""

from __future__ import annotations

from collections.abc import Mapping

from .version import Speech
from .version_1 import VERSION_1
from .version_2 import VERSION_2

SPEECHES: Mapping[str, Speech] = {
    "1": Speech(session=VERSION_1, runs=(VERSION_1,)),
    "2": Speech(session=VERSION_2, runs=(VERSION_2,)),
    # A service half way from one to the other: the session is moved, of the agents every other one is not.
    "mixed": Speech(session=VERSION_2, runs=(VERSION_1, VERSION_2)),
}
