"""Print pip constraints that pin every runtime dependency to its floor: ``python .ci/lowest.py pyproject.toml``."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_FLOOR = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?>=(?P<version>[0-9.]+)")


def main(pyproject: Path) -> None:
    """Print one ``name==version`` a dependency. Raises ValueError where one has a cap or no floor."""
    for requirement in tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["dependencies"]:
        floor = _FLOOR.fullmatch(requirement)
        if floor is None:
            raise ValueError(f"{requirement!r} in {pyproject} must be NAME>=VERSION and no more")
        sys.stdout.write(f"{floor['name']}=={floor['version']}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
