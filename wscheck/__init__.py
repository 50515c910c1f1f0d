"""wscheck tells the truth about a WebSocket event stream: is it in order, is it complete, as its contract says?"""

from __future__ import annotations

from wscheck.checker import Checker
from wscheck.contract.load import load_contract, parse_contract
from wscheck.errors import WscheckError
from wscheck.run import Options, Ran, check_capture, run_scenario
from wscheck.version import __version__

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
