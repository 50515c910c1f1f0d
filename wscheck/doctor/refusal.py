"""Why an opening handshake was refused: told from the answers to the same one without credentials and elsewhere."""

from __future__ import annotations

import re

from wscheck.doctor.model import Fault, Trial

_REJECTING = (401, 403)
_ABSENT = (404, 405, 410)
_CAUSES = {401: "unauthorized", 403: "unauthorized", 429: "busy", 503: "starting"}
_PASSING = re.compile(r"[0-9a-fA-F-]{8,}|[0-9]+")

_GIVE = "Give credentials: --auth NAME, --token-env NAME or --token-file PATH."
_LET_UPGRADE = "let the proxy before the server pass on the headers Upgrade and Connection"
_WRONG_PATH = "A typing error in the path, a missing prefix such as /api, or a route that is not deployed."
_BACKEND = {502: "A backend that is down behind its proxy.", 504: "A backend that does not answer its proxy in time."}


def judge_refusal(given: Trial, without: Trial | None, elsewhere: Trial | None, *, location: str = "") -> Fault:
    """Say what is to be mended where ``given`` was answered with another status than 101.

    ``without`` is the same handshake without credentials, None where none are given; ``elsewhere`` goes to a path that
    does not exist, None where that was not tried. ``location`` is where a redirect leads.
    """
    status = given.status
    assert status is not None, "a refusal has a status"
    if elsewhere is not None and status in _REJECTING:
        return _judge_rejection(given, without, elsewhere)
    if elsewhere is not None and status in _ABSENT:
        return _judge_absence(given, without, elsewhere)
    if status in (400, 426):
        text = f"{given.answer}: the server saw no upgrade to WebSocket in what we sent"
        usual = "A proxy or load balancer before the server that passes on neither Upgrade nor Connection."
        return _fault(given, text, usual, f"Go past the proxy to the server itself, or {_LET_UPGRADE}.")
    match status // 100:
        case 2:
            return _judge_page(given, elsewhere)
        case 3:
            return _judge_redirect(given, location)
        case 5 if status != 503:
            return _judge_failure(given, without)
        case _:
            return _fault(given, f"{given.answer}, where 101 is due")


def are_alike(one: Trial, other: Trial) -> bool:
    """Whether two answers are the same, but for their own paths, and for the times and ids in them."""
    return _core(one) == _core(other)


def _judge_rejection(given: Trial, without: Trial | None, elsewhere: Trial) -> Fault:
    """Is it the credentials, or the path? A server that knows the path answers otherwise where there is none."""
    known = not are_alike(given, elsewhere)
    nowhere = f"a path that does not exist is answered {elsewhere.answer}"
    if elsewhere.opened:
        nowhere = "a path that does not exist opens a session"
    elif not known:
        nowhere = "every path is answered so until they serve"
    elif elsewhere.status == given.status:
        nowhere = "a path that does not exist is answered in other words"
    blamed = known or given.status == 401  # which is about credentials by definition: RFC 9110, section 15.5.2
    if without is None:
        return _judge_without_any(given, nowhere, blamed=blamed)
    if blamed:
        return _blame_credentials(given, without, nowhere)
    return _blame_path(given, without)


def _judge_without_any(given: Trial, nowhere: str, *, blamed: bool) -> Fault:
    """Tell of a rejection where no credentials are given."""
    if blamed:
        text = f"{given.answer} for want of credentials, not for the path: none are given, and {nowhere}"
        return _fault(given, text, "A server that wants a token, where nothing says which one to show.", _GIVE)
    text = (
        f"{given.answer} for want of credentials, or for the path: none are given, and a path that does not exist is "
        "answered just the same"
    )
    usual = "A server that wants a token whatever the path is, or a wrong path."
    return _fault(given, text, usual, _GIVE, f"If the answer is the same with them, check the path {given.path}.")


def _blame_credentials(given: Trial, without: Trial, nowhere: str) -> Fault:
    text = f"{given.answer} for the credentials, not for the path"
    if without.opened:
        return _fault(
            given,
            f"{text}: without them a session opens, and {nowhere}",
            "A token that is broken, expired or for another environment, where none is needed.",
            "Leave the credentials out, or mend them: without any a session opens.",
        )
    if are_alike(given, without):
        return _fault(
            given,
            f"{text}: without them the answer is the same, and {nowhere}",
            "A token for another environment (see its aud and iss), signed with another key, revoked, or sent in "
            "another way than the server reads.",
            "Check the token and how it is sent (`via`): the server answers as if there were none.",
        )
    return _fault(
        given,
        f"{text}: {_tell_without(without)}, and {nowhere}",
        "A token that the server reads and does not take: expired, for another environment, or without the right.",
        "Check what the token says and may do: the server reads it, and turns it away.",
    )


def _blame_path(given: Trial, without: Trial) -> Fault:
    advice = f"Check the path of the target: {given.path} is answered like one that does not exist."
    if not are_alike(given, without):
        text = (
            f"{given.answer} for the path, not for the credentials: they count ({_tell_without(without)}), and with "
            "them a path that does not exist is answered just the same"
        )
        return _fault(given, text, _WRONG_PATH, advice)
    return _fault(
        given,
        f"{given.answer}, most likely for the path: one that does not exist is answered just the same, with "
        "credentials and without",
        "A wrong path on a server that answers so wherever it knows none; or a bad token, where it answers that alike.",
        advice,
        "If the path is right, this server hides it from whom it does not know: check the token then.",
    )


def _judge_absence(given: Trial, without: Trial | None, elsewhere: Trial) -> Fault:
    advice = f"Check the path of the target: {given.path}."
    if are_alike(given, elsewhere):
        text = f"{given.answer} for the path: one that does not exist is answered just the same"
        return _fault(given, text, _WRONG_PATH, advice)
    if without is not None and not are_alike(given, without):
        text = f"{given.answer} with these credentials: {_tell_without(without)}"
        usual = "A server that hides from a token what it may not see."
        return _fault(given, text, usual, "Check what the token may see.", advice)
    text = f"{given.answer}, while a path that does not exist is answered otherwise ({elsewhere.answer})"
    return _fault(given, text, "", f"Look at the server's log, and check the path: {given.path}.")


def _judge_page(given: Trial, elsewhere: Trial | None) -> Fault:
    text = f"{given.answer} instead of 101: what answers at {given.path} is a web page or an API, not WebSocket"
    if elsewhere is not None and elsewhere.status == given.status:
        usual = "The host of a web front end, or a proxy that sends to one whatever it does not know."
        advice = "Check host and path: what answers here answers so wherever one asks."
        return _fault(given, f"{text}; a path that does not exist is answered so too", usual, advice)
    usual = "A path of the HTTP API, or a proxy that does not pass on the upgrade."
    return _fault(given, text, usual, f"Check the path {given.path}, or {_LET_UPGRADE}.")


def _judge_redirect(given: Trial, location: str) -> Fault:
    usual = "A path that has moved, a missing slash at its end, http:// to https://, or a login page."
    if not location:
        return _fault(given, f"{given.answer}, and it does not say where to", usual, "Look at the server's routes.")
    text = f"{given.answer}: the server redirects to {location}, and redirects are never followed"
    return _fault(given, text, usual, f"Give {location} as the target, if you trust it.")


def _judge_failure(given: Trial, without: Trial | None) -> Fault:
    text = f"{given.answer}: the server, or what is before it, failed at the opening handshake"
    if without is not None and not are_alike(given, without):
        text = f"{text}, and it fails at the credentials: {_tell_without(without)}"
    usual = _BACKEND.get(given.status or 0, "An exception in the server's code for the opening handshake.")
    return _fault(given, text, usual, "Look at the server's log at that moment, and at that of the proxy before it.")


def _tell_without(without: Trial) -> str:
    return "without them a session opens" if without.opened else f"without them the answer is {without.answer}"


def _fault(given: Trial, text: str, usual: str = "", *advice: str) -> Fault:
    code = _CAUSES.get(given.status or 0, "endpoint")
    return Fault(phase="handshake", code=code, text=text, usual=usual, advice=advice)


def _core(trial: Trial) -> tuple[object, ...]:
    """Return an answer without what may differ from one to the next."""
    body = trial.body.replace(trial.path, "/…") if len(trial.path) > 1 else trial.body
    return trial.status, trial.closed, trial.challenge, _PASSING.sub("#", body).strip()
