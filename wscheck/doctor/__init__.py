"""Which step on the way to a session is broken, why, and what to try next: one look at one target."""

from __future__ import annotations

from wscheck.doctor.model import Diagnosis
from wscheck.run.options import Options

__all__ = ["Diagnosis", "diagnose"]


def diagnose(target: str, options: Options) -> Diagnosis:
    """Go the way to a session of ``target`` step by step, and say how far it leads.

    ``target`` is an environment of wscheck.toml, a scenario's file or a URL. Raises UsageError, SecretError,
    ConfigError, ScenarioError or ContractError before anything is opened.
    """
    # A fifth of a second of websockets and asyncio, which no other command is to cost.
    from wscheck.doctor.visit import visit  # noqa: PLC0415

    return visit(target, options)
