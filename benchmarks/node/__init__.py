"""Node: what is missing of it, and the rivals' packages installed by name into a folder of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from benchmarks.measure import BenchmarkError

HERE = Path(__file__).parent
PACKAGES = ("ajv", "ajv-formats", "ws")


def find_missing() -> str | None:
    """Say what is missing to run the rivals under node; None where nothing is."""
    return next((f"{command} is not on the path" for command in ("node", "npm") if not shutil.which(command)), None)


def install(folder: Path) -> Path:
    """Put the scripts into ``folder``, and install beside them what they need, once. Raises BenchmarkError."""
    folder.mkdir(exist_ok=True)
    for file in HERE.glob("*.mjs"):  # node looks for packages beside the script
        shutil.copy(file, folder)
    due, there = (HERE / "package.json").read_bytes(), folder / "package.json"
    if (folder / "node_modules").is_dir() and there.is_file() and there.read_bytes() == due:
        return folder
    there.write_bytes(due)
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    except subprocess.TimeoutExpired as error:
        raise BenchmarkError("npm install took more than five minutes") from error
    if ran.returncode:
        raise BenchmarkError(f"npm install failed: {ran.stderr.strip() or ran.stdout.strip()}")
    return folder


def tell_versions(folder: Path) -> Mapping[str, str]:
    """Return the versions of node and of the packages that are installed in ``folder``."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    packages = {
        name: json.loads((folder / "node_modules" / name / "package.json").read_bytes())["version"] for name in PACKAGES
    }
    return {"node": node.removeprefix("v"), **packages}
