"""The HTTP of a run: its readiness, its logins, and the requests of its scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from wscheck.auth import take_token
from wscheck.config import Environment
from wscheck.errors import SecretError, UsageError
from wscheck.redact import Redactor
from wscheck.run.credentials import Credential
from wscheck.run.secrets import Secrets
from wscheck.run.target import Target
from wscheck.scenario import HttpRequest, ReadyCheck, compile_where
from wscheck.scenario.model import RequestStep
from wscheck.text import safe
from wscheck.wire.failures import Failure, StoppedError
from wscheck.wire.http import HttpAnswer, Way, ask, check_request, load
from wscheck.wire.login import log_in
from wscheck.wire.proxy import find_proxy
from wscheck.wire.ready import await_ready

Tell = Callable[[str, Mapping[str, object]], None]


class Errands:
    """Does the HTTP calls of one run, by its target's proxy and authorities.

    ``redactor`` learns the secrets of every URL, and takes secrets out of what a server said before a part is shown.
    """

    def __init__(self, target: Target, secrets: Secrets, *, redactor: Redactor, tell: Tell) -> None:
        self._target = target
        self._secrets = secrets
        self._redactor = redactor
        self._tell = tell
        self._way = Way(proxy=lambda url: find_proxy(url, target.proxy, target.environ), tls=target.tls)
        self._ready = [
            (_know_revision(target, number), compile_where(one.where)) for number, one in enumerate(target.ready)
        ]
        if any(isinstance(step, RequestStep) for script in target.scenario.sessions for step in script.steps):
            load()
        for number, check in enumerate(target.ready):
            with (target.environment or Environment(name="")).at("ready", number, "url"):
                self.check(HttpRequest(url=check.url))

    def check(self, request: HttpRequest) -> None:
        """Raise UsageError or SecretError where ``request`` cannot be sent."""
        check_request(request, self._secrets.fill(request.headers, self._target.folder))
        self._redactor.learn_uri(request.url)
        self._redactor.learn_uri(find_proxy(request.url, self._target.proxy, self._target.environ))

    async def ask(self, request: HttpRequest, within: float) -> HttpAnswer:
        """Send ``request`` and return its answer; raises as wscheck.wire.http.ask does."""
        headers = self._secrets.fill(request.headers, self._target.folder)
        return await ask(request, headers, way=self._way, within=within)

    async def get_ready(self) -> None:
        """Wait until the target is ready: one readiness check after the other. Raises StoppedError where it is not."""
        for check, where in self._ready:
            ready = await await_ready(check, where, ask=self.ask, hide=self._redactor.text)
            self._tell("ready", {"url": check.url, "looks": ready.looks, "seconds": round(ready.waited, 3)})

    async def log_in(self, session: str, credential: Credential) -> Credential | Failure:
        """Return ``credential`` with the token that its login hands out, or why there is none."""
        plan = credential.plan
        assert plan is not None
        assert plan.token is not None
        assert credential.login is not None
        try:
            value = await log_in(credential.login, plan.token, ask=self.ask, hide=self._redactor.text)
            token = take_token(value, "a login")
        except StoppedError as stopped:
            return stopped.failure
        except SecretError as error:
            return Failure(phase="auth", cause="token-service-refused", text=str(error))
        self._tell("logged in", {"session": session})
        return replace(credential, token=token)


def _know_revision(target: Target, number: int) -> ReadyCheck:
    """Return the readiness check ``number`` with the revision that is due, read from the environment where it is there.

    Raises UsageError where the variable is not set: what a deployment is to bring would not be known.
    """
    check = target.ready[number]
    if check.revision is None or check.revision.env is None:
        return check
    due = target.environ.get(check.revision.env, "").strip()
    if not due:
        with (target.environment or Environment(name="")).at("ready", number, "revision"):
            name = safe(check.revision.env)
            raise UsageError(f"the variable {name}, which is to hold the revision that must be deployed, is not set")
    return replace(check, revision=replace(check.revision, due=due))
