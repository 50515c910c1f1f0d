"""A Jupyter Server of this machine's own: loopback, token, one kernel with a known id, nothing outside its folder."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

KERNEL_ID = "6d0f7a52-3c1e-4a8b-9a55-1f5b4be2c1d7"
"""The id of the one kernel: the server takes the one it is given."""

TOKEN = "JUPYTER_TOKEN"
"""The environment variable that holds the server's token; Jupyter Server reads it by itself."""

PATH = f"/api/kernels/{KERNEL_ID}/channels"
"""Where the kernel's channels are, on the server."""

NEEDED = ("jupyter_server", "ipykernel")
"""The packages that the server is made of."""


class ServerError(Exception):
    """The server cannot be started."""


def check_packages() -> None:
    """Raise ServerError, in one sentence, where what the server needs is not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ServerError(
            f"{' and '.join(missing)} cannot be imported, and this example is a real Jupyter Server with its Python "
            "kernel; install both with: pip install -e '.[servers]'"
        )


def serve(folder: Path, *, port: int, started: Callable[[str], None]) -> None:
    """Serve until interrupted or terminated, with everything that is written below ``folder``.

    ``port`` 0 takes a free one; ``started`` is called with the WebSocket URL of the kernel once it runs. Raises
    ServerError.
    """
    check_packages()
    _keep_inside(folder)
    app = _make_app(folder, port)
    app.io_loop.run_sync(lambda: app.kernel_manager.start_kernel(kernel_id=KERNEL_ID, kernel_name="python3"))
    for number in (signal.SIGINT, signal.SIGTERM):  # its own way asks for confirmation first
        signal.signal(number, lambda *_: app.stop(from_signal=True))
    started(f"ws://127.0.0.1:{app.port}{PATH}")
    app.start()


def _keep_inside(folder: Path) -> None:
    """Point every folder that Jupyter and IPython write to into ``folder``. They look when they are imported."""
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        os.environ[f"JUPYTER_{name}"] = str(folder / name.lower())
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    os.environ["JUPYTER_NO_CONFIG"] = "1"


def _make_app(folder: Path, port: int) -> Any:
    root = folder / "root"
    root.mkdir()
    # By name: the package is there only with the extra, and looks at the environment when it is imported.
    app = import_module("jupyter_server.serverapp").ServerApp(
        ip="127.0.0.1",
        port=port,
        open_browser=False,
        root_dir=str(root),
        allow_root=True,  # in a container there is often nobody else
        terminals_enabled=False,
        log_level="ERROR",
    )
    app.config.KernelManager.transport = "ipc"  # no ports but the server's own
    app.initialize(argv=[], find_extensions=False)
    return app
