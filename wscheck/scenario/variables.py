"""The variables of a scenario, ``${…}``: checked when it is read, before anything opens."""

from __future__ import annotations

import re
from typing import Any

from wscheck.document import Document
from wscheck.pointer import join
from wscheck.scenario.captured import Captured, read_captured
from wscheck.scenario.fill import fill
from wscheck.schema.explanation import near
from wscheck.text import safe, shorten

KNOWN = ("nonce", "uuid", "session.identity")
"""The variables that every session has."""

_IN_STEP = re.compile(r"/sessions/([^/]+)/steps/([0-9]+)/(send|text|where|request)(/|$)")
_CAPTURING = ("send", "text", "expect", "request")


def check_variables(document: Document) -> None:
    """Raise the document's error where a string holds a variable that there is not, or is not there yet."""
    sessions = document.value["sessions"]
    ids = {name: _capturing(script) for name, script in sessions.items()}

    def check(name: str, path: str) -> str:
        captured = read_captured(name)
        if not name.startswith("env.") and name not in KNOWN:
            if captured is None or not any(captured.step in known for known in ids.values()):
                raise document.fail(_unknown(name, [*KNOWN, *(each for known in ids.values() for each in known)]), path)
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


def _check_captured(document: Document, captured: Captured, ids: dict[str, dict[str, int]], path: str) -> None:
    shown = f"`${{{shorten(safe(captured.written), 80)}}}`"
    place = _IN_STEP.match(path)
    if place is None:
        raise document.fail(
            f"{shown} is a captured value, and can stand only in a step's `send`, `text`, `where` or `request`", path
        )
    mine = ids[place[1]]
    if captured.step not in mine:
        raise document.fail(f"{shown}: step {captured.step} is another session's; a session has only its own", path)
    if mine[captured.step] >= int(place[2]):
        raise document.fail(
            f"{shown}: step {captured.step} is step {mine[captured.step] + 1} and has captured nothing here yet; "
            "use it in a later step",
            path,
        )


def _nowhere(document: Document) -> Any:
    def refuse(name: str, path: str) -> str:
        shown = shorten(safe(name), 40)
        raise document.fail(
            f"`${{{shown}}}`: a variable stands in `url`, or in a session; a plain `${{` is `$${{`", path
        )

    return refuse


def _unknown(name: str, known: list[str]) -> str:
    step = name.partition(".")[0].partition("#")[0]
    meant = near(name, known) or near(step, known)
    ids = [each for each in known if each not in KNOWN]
    if meant:
        more = name[len(step) :] if meant not in KNOWN and step != name else ""
        hint = f"did you mean `${{{safe(shorten(meant + more, 40))}}}`?"
    else:
        steps = f", and of the steps {', '.join(ids)} as ${{{ids[0]}.NAME}}" if ids else ""
        hint = f"there are {', '.join(KNOWN)} and env.NAME{steps}"
    return f"`${{{shorten(safe(name), 40)}}}` is no variable; {hint}; a plain `${{` is written `$${{`"
