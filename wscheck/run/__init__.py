"""Sessions and their checks joined: the one room that knows both the wire and the checker."""

from __future__ import annotations

from pathlib import Path

from wscheck.redact import Redactor
from wscheck.run.captures import check_capture
from wscheck.run.options import Options, Ran

__all__ = ["Options", "Ran", "check_capture", "check_scenario", "run_scenario"]


def run_scenario(path: Path, options: Options) -> Ran:
    """Open the sessions of a scenario, play them, capture them and check them.

    Raises UsageError, SecretError, ConfigError, ScenarioError, ContractError or CaptureError before anything is opened.
    """
    # A fifth of a second of websockets and asyncio, which the check of a capture does not cost.
    from wscheck.run.live import LiveRun  # noqa: PLC0415
    from wscheck.run.secrets import hiding  # noqa: PLC0415
    from wscheck.run.target import load_target  # noqa: PLC0415
    from wscheck.schema import get_ready  # noqa: PLC0415

    target = load_target(path, options)
    get_ready()
    pointers = [pointer for contract in target.contracts for pointer in contract.redact]
    redactor = Redactor((), pointers, {contract.frame for contract in target.contracts})
    with hiding(redactor):
        return LiveRun(target, options, redactor).go()


def check_scenario(path: Path, options: Options) -> None:
    """Raise what is wrong with a scenario, its contracts or its configuration, without reading any secret."""
    from wscheck.run.target import load_target  # noqa: PLC0415 - as above

    load_target(path, options)
