"""Sessions and their checks joined: the one room that knows both the wire and the checker."""

from __future__ import annotations

from pathlib import Path

from wscheck.run.captures import check_capture
from wscheck.run.options import Options, Ran

__all__ = ["Options", "Ran", "check_capture", "learn_scenario", "run_scenario"]


def run_scenario(path: Path, options: Options) -> Ran:
    """Open the sessions of a scenario, play them, capture them and check them; again where ``options`` say so.

    Raises UsageError, SecretError, ConfigError, ScenarioError, ContractError or CaptureError before anything is opened.
    """
    # A fifth of a second of websockets and asyncio, which the check of a capture does not cost.
    from wscheck.run.attempts import run_attempts  # noqa: PLC0415
    from wscheck.run.target import load_target  # noqa: PLC0415
    from wscheck.schema import get_ready  # noqa: PLC0415

    target = load_target(path, options)
    get_ready()
    return run_attempts(target, options)


def learn_scenario(path: Path, options: Options) -> frozenset[str]:
    """Return every secret of a scenario, and raise what run_scenario raises before anything is opened."""
    from wscheck.run.attempts import learn_secrets  # noqa: PLC0415 - as above
    from wscheck.run.target import load_target  # noqa: PLC0415

    return learn_secrets(load_target(path, options), options)
