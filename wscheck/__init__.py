"""wscheck tells the truth about a WebSocket event stream: is it in order, is it complete, as its contract says?"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from wscheck.version import __version__

if TYPE_CHECKING:
    from wscheck.checker import Checker
    from wscheck.contract.load import load_contract, parse_contract
    from wscheck.errors import WscheckError
    from wscheck.run import Options, Ran, check_capture, run_scenario

__all__ = [
    "Checker",
    "Options",
    "Ran",
    "WscheckError",
    "__version__",
    "check_capture",
    "load_contract",
    "parse_contract",
    "run_scenario",
]

_HOMES = {
    "Checker": "wscheck.checker",
    "Options": "wscheck.run",
    "Ran": "wscheck.run",
    "WscheckError": "wscheck.errors",
    "check_capture": "wscheck.run",
    "load_contract": "wscheck.contract.load",
    "parse_contract": "wscheck.contract.load",
    "run_scenario": "wscheck.run",
}


def __getattr__(name: str) -> Any:  # half a second of imports, which a command that needs little is not to cost
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
