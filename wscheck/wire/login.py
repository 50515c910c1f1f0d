"""A login: the request that hands out a token, and what its answer is taken for."""

from __future__ import annotations

from collections.abc import Callable

from wscheck.pointer import Pointer
from wscheck.scenario.plans import HttpRequest
from wscheck.text import safe, shorten
from wscheck.wire.failures import Failure, StoppedError
from wscheck.wire.http import Ask, HttpAnswer, NoAnswerError

WITHIN = 30.0
"""How long a login may take, in seconds."""


async def log_in(request: HttpRequest, token: Pointer, *, ask: Ask, hide: Callable[[str], str] = str) -> str:
    """Send the login ``request`` and return the token that its answer holds at ``token``.

    ``hide`` takes secrets out of what the token service said before a sentence shows a part of it. Raises StoppedError:
    ``token-service-down`` where the service could not be asked or failed, ``token-service-refused`` where it said no.
    """
    try:
        answer = await ask(request, WITHIN)
    except NoAnswerError as error:
        if error.failure is not None and error.failure.phase in {"proxy", "tls"}:
            raise StoppedError(error.failure) from None
        raise _stopped("token-service-down", f"the token service could not be asked: {error.text}") from None
    if answer.status >= 500:
        raise _stopped("token-service-down", f"the token service failed: {_show(answer, hide)}")
    if not 200 <= answer.status < 300:
        raise _stopped("token-service-refused", f"the token service gave no token: {_show(answer, hide)}")
    found = token.find(answer.json())
    if not isinstance(found, str) or not found:
        text = f"the token service answered {answer.status}, but with no string at {safe(token.text)}, where the token "
        raise _stopped("token-service-refused", text + "must be; does `token` point to the right member?")
    return found


def _stopped(cause: str, text: str) -> StoppedError:
    down = cause == "token-service-down"
    if down:
        return StoppedError(Failure(phase="auth", cause="token-service-down", text=text))
    return StoppedError(Failure(phase="auth", cause="token-service-refused", text=text))


def _show(answer: HttpAnswer, hide: Callable[[str], str]) -> str:
    said = shorten(safe(hide(answer.text).strip()), 200)
    return f"it answered {answer.status}{f' and {said}' if said else ''}"
