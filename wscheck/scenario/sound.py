"""What no schema can say of a session: which members belong together, and which step can follow which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wscheck.document import Document
from wscheck.pointer import join
from wscheck.scenario.credentials import check_auth
from wscheck.schema.words import listed

_STEP_KINDS = ("send", "text", "binary", "expect", "request", "barrier", "close", "pause", "drop", "reconnect")
_MESSAGES = ("send", "text", "binary")
_OWNERS: Mapping[str, Sequence[str]] = {
    "within": ("expect", "request", "barrier"),
    "where": ("expect",),
    "required": ("expect",),
}
_IN_PROBE = (*_MESSAGES, "pause")
_OF_PROBE = {"status": "refused", "code": "closed"}


def check_session(document: Document, script: Any, path: str) -> None:
    """Raise the document's error where the session ``script``, which stands at ``path``, is not sound."""
    if isinstance(script.get("auth"), dict):
        check_auth(document, script["auth"], join(path, "auth"))
    steps = script.get("steps", [])
    ids: dict[str, int] = {}
    for number, step in enumerate(steps):
        here = join(path, "steps", number)
        _check_step(document, step, here)
        if "id" in step and ids.setdefault(step["id"], number) != number:
            raise document.fail(f"the id {step['id']} is step {ids[step['id']] + 1}'s already", join(here, "id"))
    _check_order(document, steps, join(path, "steps"))
    for member, what in (("reply", "a reply"), ("every", "an `every`")):
        for number, each in enumerate(script.get(member, ())):
            _check_one_of(document, each, _MESSAGES, join(path, member, number), what)
    if "probe" in script:
        _check_probe(document, script, path)


def _check_step(document: Document, step: Any, path: str) -> None:
    _check_one_of(document, step, _STEP_KINDS, path, "a step")
    for member, owners in _OWNERS.items():
        if member in step and not any(owner in step for owner in owners):
            due = listed([f"`{owner}`" for owner in owners], "or")
            raise document.fail(f"`{member}` belongs to {due}, and this step has none", join(path, member))
    if step.get("id") in ("nonce", "uuid", "env", "session"):
        raise document.fail(f"no step can have the id {step['id']}: a variable is called so", join(path, "id"))


def _check_one_of(document: Document, value: Any, kinds: Sequence[str], path: str, what: str) -> None:
    given = [f"`{kind}`" for kind in kinds if kind in value]
    if not given:
        raise document.fail(f"{what} is one of {listed(kinds)}, and here is none of them", path)
    if len(given) > 1:
        raise document.fail(f"{what} is one thing, and here are {' and '.join(given)}: make them two", path)


def _check_order(document: Document, steps: Sequence[Any], path: str) -> None:
    """Raise the document's error where a step stands after the end of its connection, or a reconnect before it."""
    ended = ""
    for number, step in enumerate(steps):
        here = join(path, number)
        if ended == "close":
            raise document.fail("nothing can follow `close`: the session is over", here)
        if "reconnect" in step:
            if not ended:
                raise document.fail(
                    "`reconnect` stands after `drop` or `expect: $close`, with at most a `pause` between: here the "
                    "session is still open",
                    here,
                )
            ended = ""
        elif ended == "drop" and "pause" not in step:
            raise document.fail("after `drop` the connection is over: only `pause` and `reconnect` can follow", here)
        elif "close" in step or "drop" in step:
            ended = "close" if "close" in step else "drop"
        elif "pause" not in step:
            ended = "awaited" if step.get("expect") == "$close" else ""


def _check_probe(document: Document, script: Any, path: str) -> None:
    probe = script["probe"]
    for member, owner in _OF_PROBE.items():
        if member in probe and probe["expect"] != owner:
            raise document.fail(f"`{member}` belongs to `expect: {owner}`", join(path, "probe", member))
    for number, step in enumerate(script.get("steps", ())):
        kind = next(kind for kind in _STEP_KINDS if kind in step)
        if kind not in _IN_PROBE:
            raise document.fail(
                f"a probe only waits to be turned away: its steps are {listed([f'`{each}`' for each in _IN_PROBE])}, "
                f"and this is `{kind}`",
                join(path, "steps", number, kind),
            )
