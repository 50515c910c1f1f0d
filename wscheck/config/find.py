"""Which configuration holds: the nearest one upwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wscheck.config.load import load_config
from wscheck.config.model import Config

NAME = "wscheck.toml"
"""What the file is called; [tool.wscheck] in a pyproject.toml is another place for it."""


def find_config(*folders: Path) -> Config:
    """Return the nearest configuration upwards from the first of ``folders``, else from the next, else an empty one.

    In each folder wscheck.toml comes before pyproject.toml. Raises ConfigError where the nearest cannot be used.
    """
    for path in _candidates(folders):
        config = load_config(path)
        if config is not None:
            return config
    return Config()


def _candidates(folders: tuple[Path, ...]) -> Iterator[Path]:
    seen: set[Path] = set()
    for start in folders:
        nearest = start.absolute()
        for folder in (nearest, *nearest.parents):
            if folder not in seen:
                seen.add(folder)
                yield from (path for path in (folder / NAME, folder / "pyproject.toml") if _may_hold(path))


def _may_hold(path: Path) -> bool:
    """Whether a configuration may stand in ``path``: a pyproject.toml without our name is the business of others."""
    if path.name == NAME:
        return path.is_file()
    try:
        return path.is_file() and b"wscheck" in path.read_bytes()
    except OSError:
        return False
