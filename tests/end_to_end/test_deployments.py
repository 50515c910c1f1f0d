"""Fifty deployments by chance: what is unavailable is never reported as nonconforming, and what is broken always is."""

from __future__ import annotations

from pathlib import Path

from tests.soak.deployments import soak_deployments

NUMBER = 50
SEED = 5


async def test_what_is_being_deployed_is_never_reported_as_nonconforming(tmp_path: Path) -> None:
    assert await soak_deployments(NUMBER, seed=SEED, folder=tmp_path) == []
