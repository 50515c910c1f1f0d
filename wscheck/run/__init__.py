"""Sessions and their checks joined: the one room that knows both the wire and the checker."""

from __future__ import annotations

from pathlib import Path

from wscheck.run.check import check_capture
from wscheck.run.live import LiveRun
from wscheck.run.options import Options, Ran
from wscheck.run.target import load_target
from wscheck.schema import get_ready

__all__ = ["Options", "Ran", "check_capture", "check_scenario", "run_scenario"]


def run_scenario(path: Path, options: Options) -> Ran:
    """Open the sessions of a scenario, play them, capture them and check them.

    Raises UsageError, SecretError, ConfigError, ScenarioError, ContractError or CaptureError before anything is opened.
    """
    target = load_target(path, options)
    get_ready()
    return LiveRun(target, options).go()


def check_scenario(path: Path, options: Options) -> None:
    """Raise what is wrong with a scenario, its contracts or its configuration, without reading any secret."""
    load_target(path, options)
