"""Hold the wheel and the sdist to what must be in them: ``python .ci/contents.py DIST``."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from pathlib import Path

CONTRACTS = (
    "ag-ui/1.0.0",
    "agent-events/1.0.0",
    "agent-events/2.0.0",
    "graphql-transport-ws/6.0.0",
    "jupyter-kernel-channels/5.3.0",
)
LANGUAGES = ("capture", "config", "contract", "report", "scenario")
SHIPPED = (
    *(f"{contract}/contract.yaml" for contract in CONTRACTS),
    *(f"wscheck/{name}-1.schema.json" for name in LANGUAGES),
)
WHEEL = (
    "wscheck/py.typed",
    "wscheck/cli/__init__.py",
    "wscheck/explain/codes.yaml",
    "wscheck/explain/lint.yaml",
    "wscheck/_shipped/examples/agent_server/__init__.py",
    *(f"wscheck/_shipped/schemas/{name}" for name in SHIPPED),
)
SDIST = (
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "Makefile",
    "docs/contract-language.md",
    "examples/agent_server/__init__.py",
    "tests/conftest.py",
    "wscheck/py.typed",
    *(f"schemas/{name}" for name in SHIPPED),
)
FOREIGN = ("__pycache__", "node_modules", ".venv", ".pyc", ".egg-info", ".coverage", ".hypothesis", "_cache/")


def main(folder: Path) -> int:
    """Print what is wrong with the one wheel and the one sdist in ``folder``; return 0 where nothing is."""
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = set(archive.namelist())
    with tarfile.open(sdist) as archive:
        in_sdist = {name.partition("/")[2] for name in archive.getnames()}
    wrong = [f"the wheel lacks {name}" for name in WHEEL if name not in in_wheel]
    wrong += [f"the sdist lacks {name}" for name in SDIST if name not in in_sdist]
    wrong += [f"{name} must not be shipped" for name in in_wheel | in_sdist if any(part in name for part in FOREIGN)]
    wrong += [f"the wheel holds {name}, which is no part of wscheck" for name in in_wheel if not _ours(name)]
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    sys.stdout.write(f"{wheel.name}: {len(in_wheel)} files; {sdist.name}: {len(in_sdist)} entries\n")
    return 1 if wrong else 0


def _ours(name: str) -> bool:
    return name.startswith("wscheck/") or ".dist-info/" in name


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
