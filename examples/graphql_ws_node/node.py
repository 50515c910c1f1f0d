"""Node and npm: what is missing of them, and the server's packages installed once into a folder of their own."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

HERE = Path(__file__).parent
KEY_VARIABLE = "GRAPHQL_JWT_KEY"
"""The environment variable that the key for tokens is read from, by the server and by the scenarios."""

DEMO_KEY = "graphql-demo-key-that-everybody-knows"
"""The key where that is not set. Public: good for loopback and nothing else."""

LEAST_NODE = 20
_GREETING = "graphql server on "


class NodeError(Exception):
    """The server cannot be installed or started; ``str()`` says why."""


def find_missing() -> str | None:
    """Say what is missing to run the server; None where nothing is."""
    for command in ("node", "npm"):
        if shutil.which(command) is None:
            return f"{command} is not installed, or not on the path"
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    version = re.match(r"v(\d+)", said)
    if version is None or int(version[1]) < LEAST_NODE:
        return f"node {LEAST_NODE} or newer is due, and here is {said or 'one that does not say'}"
    return None


def find_cache() -> Path:
    """Return where the packages are kept where nothing else is asked for: in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wscheck" / "graphql_ws_node"


def install(cache: Path) -> Path:
    """Install what package.json asks for into a folder in ``cache``, once, and return the folder. Raises NodeError.

    Another package.json means another folder. Several may do so at once: it is filled aside, and then put in its place.
    """
    package = (HERE / "package.json").read_bytes()
    folder = cache / hashlib.sha256(package).hexdigest()[:12]
    if not (folder / "node_modules").is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as made:
            aside = Path(made) / "packages"
            aside.mkdir()
            (aside / "package.json").write_bytes(package)
            _run_npm(aside)
            try:
                aside.rename(folder)
            except OSError as error:
                if not (folder / "node_modules").is_dir():
                    raise NodeError(f"{folder} cannot be made: {error}") from error
    return folder


@asynccontextmanager
async def serve(folder: Path, *, key: str = DEMO_KEY, port: int = 0) -> AsyncIterator[str]:
    """Serve as long as the context lasts, with the packages in ``folder``; the value is the URL. Raises NodeError."""
    script = folder / "server.mjs"
    source = (HERE / "server.mjs").read_bytes()
    if not script.is_file() or script.read_bytes() != source:
        script.write_bytes(source)  # node looks for packages beside the script
    process = await asyncio.create_subprocess_exec(
        "node", str(script), str(port), env={**os.environ, KEY_VARIABLE: key}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        line = (await process.stdout.readline()).decode().strip()
        if not line.startswith(_GREETING):
            raise NodeError(f"node {script} said {line!r} instead of where it serves")
        yield line.removeprefix(_GREETING)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _run_npm(folder: Path) -> None:
    # No lock file: it would name the registry that this machine happens to use.
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    except subprocess.TimeoutExpired as error:
        raise NodeError("npm install took more than two minutes") from error
    if ran.returncode:
        raise NodeError(f"npm install failed: {ran.stderr.strip() or ran.stdout.strip()}")
