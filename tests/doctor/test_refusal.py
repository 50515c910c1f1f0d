"""Why an opening handshake was refused: every pattern of answers, and what is blamed for it."""

from __future__ import annotations

import pytest

from wscheck.doctor.advice import explain
from wscheck.doctor.model import Trial
from wscheck.doctor.refusal import are_alike, judge_refusal
from wscheck.report.terminal.words import describe_status


def trial(status: int, body: str = "", path: str = "/ws", **more: object) -> Trial:
    answer = "a session opened" if status == 101 else describe_status(status)
    return Trial(way="", path=path, status=status, answer=answer, body=body, **more)  # type: ignore[arg-type]


ROWS: dict[str, tuple[int, int | None, int, str]] = {
    # as given, without credentials (None: there are none), to a path that does not exist: what the sentence must say
    "a token that counts for nothing": (
        403,
        403,
        404,
        "for the credentials, not for the path: without them the answer",
    ),
    "a token that is read": (403, 401, 404, "for the credentials, not for the path: without them the answer is 401"),
    "a token where none is needed": (403, 101, 404, "for the credentials, not for the path: without them a session"),
    "401 everywhere": (401, 401, 401, "for the credentials, not for the path: without them the answer is the same"),
    "401, and unknown paths differ": (401, 401, 404, "for the credentials, not for the path"),
    "a path that wants more than others": (403, 403, 101, "for the credentials, not for the path"),
    "a path behind a gateway": (403, 401, 403, "for the path, not for the credentials: they count"),
    "403 everywhere": (403, 403, 403, "most likely for the path"),
    "none given, and the path is known": (401, None, 404, "for want of credentials, not for the path"),
    "none given, 401 everywhere": (401, None, 401, "for want of credentials, not for the path"),
    "none given, 403 everywhere": (403, None, 403, "for want of credentials, or for the path"),
    "404 everywhere": (404, 404, 404, "404 Not Found for the path"),
    "404 with the token only": (404, 101, 403, "404 Not Found with these credentials: without them a session opens"),
    "404 here, and 403 elsewhere": (404, 404, 403, "while a path that does not exist is answered otherwise (403"),
    "a page": (200, 200, 404, "200 OK instead of 101"),
    "a page everywhere": (200, 200, 200, "a path that does not exist is answered so too"),
    "no upgrade came through": (426, 426, 426, "426 Upgrade Required: the server saw no upgrade"),
    "a bad request": (400, 400, 404, "400 Bad Request: the server saw no upgrade"),
    "the server fails at the token": (500, 401, 404, "it fails at the credentials: without them the answer is 401"),
    "the backend is down": (502, 502, 502, "502 Bad Gateway: the server, or what is before it, failed"),
    "what nobody expects": (418, 418, 418, "418, where 101 is due"),
}


@pytest.mark.parametrize("name", ROWS)
def test_the_answers_elsewhere_say_what_a_refusal_is_for(name: str) -> None:
    given, without, elsewhere, words = ROWS[name]
    fault = judge_refusal(
        trial(given), None if without is None else trial(without), trial(elsewhere, path="/no-such-path")
    )
    assert words in fault.text
    assert fault.phase == "handshake"
    assert explain(fault).advice[0].endswith(".")


@pytest.mark.parametrize(("status", "code"), [(503, "starting"), (429, "busy")])
def test_who_asks_to_be_left_alone_is_not_compared(status: int, code: str) -> None:
    assert judge_refusal(trial(status), None, None).code == code


def test_a_redirect_names_its_place() -> None:
    fault = judge_refusal(trial(302), None, None, location="wss://elsewhere.example/ws")
    assert "redirects to wss://elsewhere.example/ws" in fault.text
    assert "does not say where to" in judge_refusal(trial(302), None, None).text


def test_a_path_of_its_own_ids_and_times_make_no_difference() -> None:
    one = trial(403, "no /ws at 10:31:07, request 5f3a9b2c-1111", path="/ws")
    assert are_alike(one, trial(403, "no /nowhere at 10:31:09, request 00ffee11-2222", path="/nowhere"))
    assert not are_alike(one, trial(403, "the token is unknown", path="/nowhere"))
    assert not are_alike(one, trial(401, one.body))
    assert not are_alike(trial(401), trial(401, challenge="Bearer"))
    assert not are_alike(trial(101), trial(101, closed=1008))
    assert not trial(101, closed=1008).opened


def test_the_same_status_in_other_words_still_tells_the_path_from_the_credentials() -> None:
    given, without = trial(403, "bad signature"), trial(403, "no token")
    fault = judge_refusal(given, without, trial(403, "no such route", path="/no-such-path"))
    assert "for the credentials, not for the path" in fault.text
    assert "in other words" in fault.text
