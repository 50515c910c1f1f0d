"""The whole way to a session, gone once: from the name to the closing handshake, up to what is broken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from wscheck.doctor.chart import Chart
from wscheck.doctor.credentials import note_credentials
from wscheck.doctor.handshake import Door
from wscheck.doctor.model import BrokenError, Diagnosis, StepName
from wscheck.doctor.reach import break_at, reach
from wscheck.doctor.subject import Subject, find_target, make_redactor, prepare_subject, with_credential
from wscheck.doctor.talking import talk_through
from wscheck.errors import SecretError, UsageError
from wscheck.run.interruptible import do
from wscheck.run.options import Options
from wscheck.run.secrets import hiding
from wscheck.run.signals import Stop, noting_signals
from wscheck.text import safe
from wscheck.wire.address import check_handshake
from wscheck.wire.failures import Failure, StoppedError
from wscheck.wire.loop import Loop

_GOODBYE = 0.2
"""How long TCP may take to end, in seconds, once all is said."""


def visit(text: str, options: Options) -> Diagnosis:
    """Go the way to a session of the target ``text``. Raises as wscheck.doctor.diagnose does."""
    target, named = find_target(text, options)
    redactor = make_redactor(target)
    told: list[Mapping[str, object]] = []
    with hiding(redactor):
        subject = prepare_subject(
            target, options, redactor, named=named, tell=lambda event, facts: told.append({"event": event, **facts})
        )
        chart = Chart(redactor.sentence)
        way = _Way(subject, chart, told)
        with noting_signals() as stop:
            way.go(stop)
        url, environment = subject.booking.handshake.url, subject.target.environment
        return Diagnosis(
            target=safe(redactor.uri(text)),
            url=safe(redactor.uri(url)),
            environment=environment.name if environment else None,
            session=subject.session,
            steps=chart.steps,
            trials=chart.trials,
            step=chart.step,
            fault=chart.fault,
            interrupted=stop.number,
        )


class _Way:
    """The way to one session. ``told`` is what the HTTP calls of its readiness tell."""

    def __init__(self, subject: Subject, chart: Chart, told: list[Mapping[str, object]]) -> None:
        self._subject = subject
        self._chart = chart
        self._told = told
        self._start = time.monotonic()
        self._address = check_handshake(subject.booking.handshake)

    def go(self, stop: Stop) -> None:
        """Go as far as it leads; ``stop`` breaks it off."""
        with asyncio.Runner(loop_factory=Loop) as runner:
            runner.run(do(self._go(), stop))

    async def _go(self) -> None:
        try:
            await self._reach()
            await self._get_ready()
            await self._settle_credentials()
            door = Door(self._subject, self._address, self._chart, self._clock)
            opening = await door.open()
            try:
                await talk_through(opening, self._subject, self._chart, self._clock)
            except BrokenError as broken:
                if broken.step == "welcome" and broken.closed is not None:
                    await door.compare_closed(opening, broken.closed)
                raise
            finally:
                await opening.session.connection.leave(_GOODBYE)
            await door.compare_opened(opening)
        except BrokenError:
            return  # the chart has it

    async def _reach(self) -> None:
        target, chart = self._subject.target, self._chart
        if self._subject.booking.proxy is None:
            chart.note("proxy", "passed over", "none is used")
            await reach(self._address, deadlines=target.deadlines, tls=target.tls, chart=chart, clock=self._clock)
        else:
            chart.note("name", "passed over", "the proxy looks it up")
            chart.note("tcp", "passed over", "the proxy connects")

    async def _get_ready(self) -> None:
        chart, checks, began = self._chart, len(self._subject.target.ready), self._clock()
        if not checks:
            chart.note("readiness", "passed over", "the target names no URL that must be ready")
            return
        try:
            await self._subject.errands.get_ready()
        except StoppedError as stopped:
            step: StepName = "proxy" if stopped.failure.phase == "proxy" else "readiness"
            raise break_at(chart, step, stopped.failure, seconds=self._clock() - began) from None
        seconds = self._clock() - began
        met = [one for one in self._told if one["event"] == "ready"]
        shown = self._subject.redactor.uri
        details = {shown(str(one["url"])): f"met at look {one['looks']}" for one in met}
        chart.note("readiness", "well", f"{checks} of {checks} met", seconds=seconds, details=details)

    async def _settle_credentials(self) -> None:
        """Log in where that is due, and say what the token says. Raises BrokenError where it cannot serve."""
        subject, began = self._subject, self._clock()
        credential = subject.credential
        if credential is not None and credential.login is not None and credential.token is None:
            settled = await subject.errands.log_in(subject.name, credential)
            seconds = self._clock() - began
            if isinstance(settled, Failure):
                raise break_at(self._chart, "credentials", settled, seconds=seconds)
            try:
                self._subject = with_credential(subject, settled)
            except (SecretError, UsageError) as error:  # what was handed out cannot go the way that it is to go
                failure = Failure(phase="auth", cause="token-service-refused", text=str(error))
                raise break_at(self._chart, "credentials", failure, seconds=seconds) from None
        note_credentials(self._subject, self._chart, seconds=self._clock() - began)

    def _clock(self) -> float:
        return time.monotonic() - self._start
