"""nginx and haproxy in front of a server: unprivileged, on a socket that the test opened, so no port is guessed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PASS_ON = "proxy_pass http://BACKEND;"
"""nginx's directive for HTTP, as everybody has it."""

UPGRADE = (
    f"{PASS_ON} proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;"
)
"""What nginx needs to pass a WebSocket on."""

_BESIDE = ("/usr/sbin", "/usr/local/sbin")
"""Where Debian keeps servers: not on everybody's path."""

_NGINX = """
daemon off;
USER
error_log stderr;
pid FOLDER/nginx.pid;
worker_shutdown_timeout 100ms;
events { worker_connections 64; }
http {
  access_log FOLDER/access.txt;
  client_body_temp_path FOLDER/body;
  proxy_temp_path FOLDER/proxy;
  fastcgi_temp_path FOLDER/fastcgi;
  uwsgi_temp_path FOLDER/uwsgi;
  scgi_temp_path FOLDER/scgi;
  HTTP
  server {
    listen ADDRESS TLS;
    SERVER
  }
}
"""

_HAPROXY = """
GLOBAL
defaults
  mode http
  timeout connect 100ms
  timeout client 10s
  timeout server 10s
frontend front
  bind fd@NUMBER
  FRONT
  default_backend back
backend back
  BACK
  server one BACKEND
"""


def find_program(name: str) -> str | None:
    """Return where a program is, None where it is not."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *_BESIDE]))


def find_missing(*names: str) -> str:
    """Return the names of the programs that are not here, an empty text where none is missing."""
    return ", ".join(name for name in names if find_program(name) is None)


@contextmanager
def nginx(folder: Path, backend: str, *, server: str, http: str = "", tls: str = "") -> Iterator[str]:
    """Run nginx with the directives ``server`` in its one server, ``http`` before it; gives HOST:PORT.

    BACKEND, a HOST:PORT, and FOLDER are put in. ``tls`` is "ssl" where it speaks TLS. In ``folder``, access.txt holds
    what it was asked, and nginx.pid its process; who has a session may be cut off 100 ms after it reads its file anew.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = _name(listener)
        user = "user root;" if os.geteuid() == 0 else ""  # else it would go on as one who may read nothing of this
        parts = {"USER": user, "HTTP": http, "TLS": tls, "SERVER": server, "ADDRESS": address}
        path = _fill(folder / "nginx.conf", _NGINX, {**parts, "BACKEND": backend, "FOLDER": str(folder)})
        # This is how one nginx hands its sockets to the next, when the program itself is replaced.
        environ = {**os.environ, "NGINX": f"{listener.fileno()};"}
        with _running(["nginx", "-p", folder, "-e", "stderr", "-c", path], listener, environ):
            yield address


@contextmanager
def haproxy(folder: Path, backend: str, *, front: str = "", back: str = "", of_all: str = "") -> Iterator[str]:
    """Run haproxy before ``backend``, HOST:PORT; gives HOST:PORT. The rest are lines of the sections of its file."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = _name(listener)
        parts = {"GLOBAL": of_all, "FRONT": front, "NUMBER": str(listener.fileno()), "BACKEND": backend}
        path = _fill(folder / "haproxy.cfg", _HAPROXY, {"BACK\n": f"{back}\n", **parts})
        with _running(["haproxy", "-f", path], listener, os.environ):
            yield address


def _fill(path: Path, text: str, parts: Mapping[str, str]) -> Path:
    for name, part in parts.items():
        text = text.replace(name, part)
    path.write_text(text, encoding="utf-8")
    return path


def _name(listener: socket.socket) -> str:
    host, port = listener.getsockname()
    return f"{host}:{port}"


@contextmanager
def _running(command: list[str | Path], listener: socket.socket, environ: Mapping[str, str]) -> Iterator[None]:
    """Run a server on ``listener``: who comes before it is up waits in the socket's queue."""
    program = find_program(str(command[0]))
    assert program
    said = Path(command[-1]).with_suffix(".txt")
    with said.open("wb") as output:
        process = subprocess.Popen(
            [program, *command[1:]], env=environ, pass_fds=[listener.fileno()], stdout=output, stderr=output
        )
        listener.close()  # so that, where it does not come up, who comes is refused and waits for nobody
        try:
            yield
            assert process.poll() is None, said.read_text(encoding="utf-8")
        finally:
            process.terminate()
            process.wait(timeout=10)
