"""The variables of a scenario, ``${…}``: which there are, where each may stand, and what it stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from wscheck.document import Document
from wscheck.pointer import Pointer, join
from wscheck.redact.private import is_private_header
from wscheck.scenario.template import Captured, fill, read_captured
from wscheck.schema.explanation import near
from wscheck.text import safe, shorten

ANSWERED = "on"
"""In a reply: the event that it answers."""

FRESH = "fresh"
"""An id that is another one in every message."""

RESERVED = ("nonce", "uuid", FRESH, "env", "session", ANSWERED)
"""What no step can have as its id."""

_KNOWN = ("nonce", "uuid", FRESH, "session.identity")
_SENT = re.compile(r"/sessions/[^/]+/(steps/[0-9]+/(send|text|request)|(reply|every)/[0-9]+/(send|text))(/|$)")
_REPLIED = re.compile(r"/sessions/[^/]+/reply/[0-9]+/(send|text)(/|$)")
_IN_STEP = re.compile(r"/sessions/([^/]+)/steps/([0-9]+)/(send|text|where|request)(/|$)")
_CAPTURING = ("send", "text", "expect", "request")
_SECRET_NAME = re.compile(r"key|token|secret|passw|credential|auth|private", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Values:
    """The values of one session's variables. Those that must not be shown are added to ``secrets``."""

    document: Document
    session: str
    seed: int
    env: Mapping[str, str]
    secrets: list[str]
    identity: Any = None

    @property
    def origin(self) -> str:
        """What everything follows from that is made for this session."""
        return f"{self.seed}/{self.session}"

    def put(self, name: str, path: str) -> str | Captured:
        """Return what stands for the variable ``name`` at ``path``. Raises the document's error where nothing does."""
        match name:
            case "nonce":
                return sha256(f"{self.origin}/nonce".encode()).hexdigest()[:16]
            case "uuid":
                return make_uuid(f"{self.origin}/uuid")
            case "fresh":
                return Captured(source=FRESH, pointer=Pointer(""), written=name)
            case "session.identity":
                if self.identity is None:
                    message = "the session has no identity: give it one as `identity`, or a token with a sub"
                    raise self.document.fail(message, path)
                return str(self.identity)
            case _:
                pass
        if name.startswith("env."):
            return self._variable(name.removeprefix("env."), path)
        captured = read_captured(name)
        assert captured is not None, "an unknown variable is refused when the scenario is read"
        return captured

    def _variable(self, name: str, path: str) -> str:
        if name not in self.env:
            raise self.document.fail(f"the environment variable {shorten(safe(name), 80)} is not set; set it", path)
        if _SECRET_NAME.search(name) or _is_private(path):
            self.secrets.append(self.env[name])
        return self.env[name]


def make_uuid(origin: str) -> str:
    """Return a text in the shape of a UUID of version 4 (RFC 9562, section 5.4) that follows from ``origin`` alone."""
    return str(UUID(bytes=sha256(origin.encode()).digest()[:16], version=4))


def check_variables(document: Document) -> None:
    """Raise the document's error where a string holds a variable that there is not, not here, or not yet."""
    sessions = document.value["sessions"]
    ids = {name: _capturing(script) for name, script in sessions.items()}

    def check(name: str, path: str) -> str:
        captured = read_captured(name)
        if name == FRESH:
            _check_fresh(document, path)
        elif captured and captured.source == ANSWERED:
            if not _REPLIED.match(path):
                raise document.fail(f"{_show(name)} is the event that a reply answers, and stands in a reply", path)
        elif not name.startswith("env.") and name not in _KNOWN:
            if captured is None or not any(captured.source in known for known in ids.values()):
                raise document.fail(_unknown(name, [each for known in ids.values() for each in known]), path)
            _check_captured(document, captured, ids, path)
        return ""

    for name, value in document.value.items():
        put = check if name in ("sessions", "url") else _nowhere(document)
        fill(value, join("", name), put, document)


def _capturing(script: Any) -> dict[str, int]:
    """Return the ids of a session's steps that capture something, with the step's number from 0."""
    return {
        step["id"]: number
        for number, step in enumerate(script.get("steps", ()))
        if "id" in step and any(kind in step for kind in _CAPTURING)
    }


def _check_fresh(document: Document, path: str) -> None:
    if not _SENT.match(path):
        raise document.fail(
            "`${fresh}` is another value in every message, and stands in what is sent only; give the step that sends "
            "it an id, and what it was is `${ID.NAME}`",
            path,
        )


def _check_captured(document: Document, captured: Captured, ids: dict[str, dict[str, int]], path: str) -> None:
    shown = _show(captured.written)
    place = _IN_STEP.match(path)
    if place is None:
        raise document.fail(
            f"{shown} is a captured value, and can stand only in a step's `send`, `text`, `where` or `request`", path
        )
    mine = ids[place[1]]
    if captured.source not in mine:
        raise document.fail(f"{shown}: step {captured.source} is another session's; a session has only its own", path)
    if mine[captured.source] >= int(place[2]):
        raise document.fail(
            f"{shown}: step {captured.source} is step {mine[captured.source] + 1} and has captured nothing here yet; "
            "use it in a later step",
            path,
        )


def _nowhere(document: Document) -> Any:
    def refuse(name: str, path: str) -> str:
        raise document.fail(
            f"{_show(name)}: a variable stands in `url`, or in a session; a plain `${{` is `$${{`", path
        )

    return refuse


def _unknown(name: str, ids: list[str]) -> str:
    step = name.partition(".")[0].partition("#")[0]
    meant = near(name, [*_KNOWN, *ids]) or near(step, [*_KNOWN, *ids])
    if step == ANSWERED:
        hint = "in a reply the event that it answers is `${on#}`, and a value of it `${on.NAME}`"
    elif meant:
        more = name[len(step) :] if meant not in _KNOWN and step != name else ""
        hint = f"did you mean {_show(meant + more)}?"
    else:
        steps = f", and of the steps {', '.join(ids)} as ${{{ids[0]}.NAME}}" if ids else ""
        hint = f"there are {', '.join(_KNOWN)} and env.NAME{steps}"
    return f"{_show(name)} is no variable; {hint}; a plain `${{` is written `$${{`"


def _show(name: str) -> str:
    return f"`${{{shorten(safe(name), 80)}}}`"


def _is_private(path: str) -> bool:
    """Whether what stands at ``path`` must not be shown: a private header, or what a login calls like a secret."""
    *_, parent, name = ["", *path.split("/")]
    if parent == "headers":
        return is_private_header(name)
    return "/auth/request/json/" in path and bool(_SECRET_NAME.search(name))
