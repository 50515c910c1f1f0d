"""The table of broken targets, by the name of the golden that says what is printed of each."""

from __future__ import annotations

from collections.abc import Mapping

from tests.doctor.targets import (
    BRIEF,
    CONTRACT,
    DOOR,
    EXPIRED,
    READY,
    SCENARIO,
    STARTING,
    Ask,
    Broken,
    answers_no_close,
    closes,
    door,
    expired,
    good,
    here,
    masks_its_frames,
    obey,
    response,
    restarts,
    stays_silent,
    welcomes_and_is_dumb,
    well,
)
from tests.support.raw_server import Peer, sends

FORBIDDEN = response("403 Forbidden")
SESSION = (("trial.yaml", SCENARIO), ("toy.yaml", CONTRACT))
BRIEF_SESSION = (("trial.yaml", SCENARIO + BRIEF), ("toy.yaml", CONTRACT))
AUTHORITY = ("--ca-cert", "authority.pem")
HERE = ("here", "--token-env", "TOKEN")


def elsewhere_404(at_ws: bytes) -> object:
    return lambda asked: at_ws if asked.path == "/ws" else response("404 Not Found", b"no such page")


def reads_token(asked: Ask) -> bytes:
    """A gateway: who shows nothing is 401 everywhere; with any token /ws wants another one, and all else is 404."""
    if not asked.token:
        return response("401 Unauthorized", b"", "WWW-Authenticate: Bearer")
    return FORBIDDEN if asked.path == "/ws" else response("404 Not Found")


def only_ws(asked: Ask) -> bytes | None:
    """A router that answers 403 wherever it knows no path."""
    return None if asked.path == "/ws" and asked.token else FORBIDDEN


def gateway(asked: Ask) -> bytes | None:
    """A gateway before such a router."""
    return only_ws(asked) if asked.token else response("401 Unauthorized", b"", "WWW-Authenticate: Bearer")


def starting(asked: Ask) -> bytes | None:
    ready = response("503 Service Unavailable", STARTING, "Content-Type: application/json")
    return ready if asked.path == "/health" else None


def no_login(asked: Ask) -> bytes | None:
    return response("500 Internal Server Error", b"the user store is away") if asked.path == "/login" else None


async def speaks_no_tls(peer: Peer) -> None:
    await peer.reader.read(1)
    await peer.send(response("400 Bad Request"))


async def breaks_the_handshake(peer: Peer) -> None:
    await peer.accept(key=b"another key")
    await peer.stay()


TABLE: Mapping[str, Broken] = {
    "nothing-listens": Broken(
        behave=obey, asked=("ws://127.0.0.1:9/ws",),
        first=("tcp", "refused the connection", "Start the server"),
    ),
    "tls-expired": Broken(
        behave=door(well), tls=expired, asked=("wss://HOST/ws", *AUTHORITY),
        first=("tls", "has expired", "expired 3 days ago", "Renew the server's certificate"),
    ),
    "tls-unknown-issuer": Broken(
        behave=door(well), tls=good, asked=("wss://HOST/ws",),
        first=("tls", "is not trusted", "issued by O=An Authority", "Name the certificate authority"),
    ),
    "not-tls": Broken(
        behave=speaks_no_tls, asked=("wss://HOST/ws", *AUTHORITY),
        first=("tls", "does not speak TLS", "ws:// rather than wss://"),
    ),
    "starting": Broken(
        behave=door(starting), asked=("here",), files=(("wscheck.toml", READY),),
        first=("readiness", "/health", "503", "starting", "Wait until the server is ready"),
    ),
    "login-down": Broken(
        behave=door(no_login), asked=("here",), files=(("wscheck.toml", DOOR),),
        first=("credentials", "the token service failed", "500"),
    ),
    "token-expired": Broken(
        behave=door(well), token=EXPIRED,
        first=("credentials", "token from $TOKEN expired", "get a new one"),
    ),
    "bad-token": Broken(
        behave=door(elsewhere_404(FORBIDDEN)),  # type: ignore[arg-type]
        first=("403 Forbidden for the credentials, not for the path", "as if there were none"),
    ),
    "token-that-is-read": Broken(
        behave=door(reads_token),
        first=("403 Forbidden for the credentials, not for the path", "401 Unauthorized", "reads it"),
    ),
    "no-token": Broken(
        behave=door(elsewhere_404(response("401 Unauthorized"))), asked=("ws://HOST/ws",),  # type: ignore[arg-type]
        first=("401 Unauthorized for want of credentials, not for the path", "--token-env NAME"),
    ),
    "wrong-path": Broken(
        behave=door(only_ws), asked=("ws://HOST/wss", "--token-env", "TOKEN"),
        first=("403 Forbidden, most likely for the path", "Check the path of the target: /wss is answered like one"),
    ),
    "wrong-path-behind-a-gateway": Broken(
        behave=door(gateway), asked=("ws://HOST/wss", "--token-env", "TOKEN"),
        first=("403 Forbidden for the path, not for the credentials", "Check the path of the target: /wss"),
    ),
    "a-page": Broken(
        behave=door(lambda _: response("200 OK", b"<html>\x1b[31mhello</html>", "Content-Type: text/html")),
        first=("200 OK instead of 101", "Check host and path"),
    ),
    "not-rfc-6455": Broken(
        behave=breaks_the_handshake, asked=("ws://HOST/ws",), exit=1,
        first=("opening handshake", "breaks RFC 6455"),
    ),
    "wrong-subprotocol": Broken(
        behave=door(well, headers="Sec-WebSocket-Protocol: toy.v1\r\n"), files=SESSION, exit=1,
        asked=("trial.yaml", "--url", "ws://HOST/ws", "--subprotocol", "toy.v1"),
        first=("subprotocol", "toy.v1", "the contract asks for toy.v2"),
    ),
    "no-welcome": Broken(
        behave=door(well, stays_silent, headers="Sec-WebSocket-Protocol: toy.v2\r\n"), files=BRIEF_SESSION,
        asked=("trial.yaml", "--url", "ws://HOST/ws"),
        first=("welcome", "never came", "Look at the server's log"),
    ),
    "no-welcome-of-an-environment": Broken(
        behave=door(well, stays_silent), files=(("wscheck.toml", here(welcome=0.3)),), asked=HERE,
        first=("welcome", "no message came within 0.3 s"),
    ),
    "no-pong": Broken(
        behave=door(well, welcomes_and_is_dumb), files=(("wscheck.toml", here(silence=0.3)),), asked=HERE,
        first=("ping", "a ping was not answered within 0.3 s", "Look at the server and the network"),
    ),
    "closed-with-1011": Broken(
        behave=door(well, closes(1011, b"the database \x1b is down")), asked=("ws://HOST/ws",),
        first=("welcome", "1011 (internal error)", "the database", "is down", "Look at the server's log"),
    ),
    "closed-over-the-credentials": Broken(
        behave=door(well, closes(1008, b"token unknown")),
        first=("the credentials were turned away", "1008 (policy violation)", "token unknown", "Check the token"),
    ),
    "proxy-refuses": Broken(
        behave=sends(FORBIDDEN), asked=("ws://behind.invalid/ws", "--proxy", "http://HOST"),
        first=("proxy", "answered CONNECT with status 403", "Check the proxy's address"),
    ),
    "closed-at-the-ping": Broken(
        behave=door(well, restarts), asked=("ws://HOST/ws",),
        first=("ping", "1012 (service restart)", "deploying", "the server restarts"),
    ),
    "masked-frames": Broken(
        behave=door(well, masks_its_frames), asked=("ws://HOST/ws",), exit=1,
        first=("welcome", "a server must not mask its frames"),
    ),
    "no-subprotocol": Broken(
        behave=door(well), asked=("ws://HOST/ws", "--subprotocol", "toy.v2"), exit=0,
        first=("WELL, but for subprotocol", "none was selected of toy.v2", "a browser ends such a session"),
    ),
    "close-unanswered": Broken(
        behave=door(well, answers_no_close), files=(("wscheck.toml", here(silence=1.0)),), asked=("here",), exit=0,
        first=("WELL, but for closing handshake", "was not answered"),
    ),
    "well": Broken(
        behave=door(gateway), tls=good, asked=("wss://HOST/ws", "--token-env", "TOKEN", *AUTHORITY), exit=0,
        first=("WELL: every step",),
    ),
    "well-by-a-scenario": Broken(
        behave=door(well, headers="Sec-WebSocket-Protocol: toy.v2\r\n"), files=SESSION, exit=0,
        asked=("trial.yaml", "--url", "ws://HOST/ws"),
        first=("WELL: every step",),
    ),
}  # fmt: skip
