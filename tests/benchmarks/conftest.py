"""What the benchmark's tests share: the rivals' packages under node, installed once."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import node


@pytest.fixture(scope="session")
def packages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where npm installs them: in pytest's own cache where it has one."""
    if request.config.pluginmanager.hasplugin("cacheprovider"):
        return node.install(request.config.cache.mkdir("benchmarks_node"))
    return node.install(tmp_path_factory.mktemp("benchmarks_node"))
