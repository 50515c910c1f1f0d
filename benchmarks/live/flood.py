"""A server that floods whoever comes: `python -m benchmarks.live.flood TEXTS CORE` prints its port.

It sends each line of TEXTS as a message, as fast as they are taken, and closes with 1000. The frames are made before
anybody comes, and the server stays away from the core that its clients are measured on: it is never what is waited for.
"""

from __future__ import annotations

import os
import select
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

_CHUNK = 64 * 1024
_PATIENCE = 60.0


def main() -> None:
    """Serve one client after the other, for ever."""
    texts, core = sys.argv[1:]
    _stay_away_from(core)
    chunks = list(_chunks(Path(texts).read_bytes().splitlines()))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            peer, _ = listener.accept()
            peer.settimeout(_PATIENCE)
            with peer:
                try:
                    _serve(peer, chunks)
                except OSError as error:  # that one gets less than was due, and will say so; the next one may do better
                    print(f"flood: {error}", file=sys.stderr, flush=True)


def _stay_away_from(core: str) -> None:
    if core != "any" and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, os.sched_getaffinity(0) - {int(core)})


def _chunks(texts: list[bytes]) -> Iterator[bytes]:
    """Yield all messages as unmasked frames (RFC 6455, section 5.2), many at once and each whole."""
    chunk = bytearray()
    for text in texts:
        chunk += Frame(Opcode.TEXT, text).serialize(mask=False)
        if len(chunk) >= _CHUNK:
            yield bytes(chunk)
            chunk.clear()
    yield bytes(chunk)


def _serve(peer: socket.socket, chunks: list[bytes]) -> None:
    protocol = ServerProtocol()
    while protocol.state is State.CONNECTING:
        _hear(peer, protocol)
        for event in protocol.events_received():
            if isinstance(event, Request):
                protocol.send_response(protocol.accept(event))
        _tell(peer, protocol)
    for chunk in chunks:
        peer.sendall(chunk)
        while select.select([peer], [], [], 0)[0] and _hear(peer, protocol):  # a ping, which gets its pong
            _tell(peer, protocol)
    protocol.send_close(1000)
    _tell(peer, protocol)
    while protocol.close_rcvd is None and _hear(peer, protocol):  # to end TCP earlier could lose what is on its way
        pass


def _hear(peer: socket.socket, protocol: ServerProtocol) -> bool:
    """Take in what came; return whether there may be more."""
    data = peer.recv(_CHUNK)
    if data:
        protocol.receive_data(data)
    else:
        protocol.receive_eof()
    return bool(data)


def _tell(peer: socket.socket, protocol: ServerProtocol) -> None:
    for data in protocol.data_to_send():
        if data:
            peer.sendall(data)


if __name__ == "__main__":
    main()
