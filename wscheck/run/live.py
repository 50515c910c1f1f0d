"""One live run: every session of a scenario on the one side, one capture and one checker on the other."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from wscheck.capture import CaptureWriter, Header
from wscheck.errors import CaptureError, WscheckError
from wscheck.record import Blocked
from wscheck.redact import Redactor
from wscheck.run.booking import Booking, book
from wscheck.run.captures import choose_checker, make_fresh_path
from wscheck.run.credentials import mint_again, read_credentials, subjects
from wscheck.run.errands import Errands
from wscheck.run.interruptible import do
from wscheck.run.options import Options, Ran
from wscheck.run.secrets import Secrets, hiding
from wscheck.run.signals import Stop
from wscheck.run.sink import Sink
from wscheck.run.target import Target
from wscheck.scenario import HttpRequest, Meetings, Player, Scenario, prepare, prepare_credentials
from wscheck.scenario.model import RequestStep
from wscheck.version import TOOL
from wscheck.wire.bell import Bell
from wscheck.wire.client import Company, hold
from wscheck.wire.endings import interrupted
from wscheck.wire.failures import Failure, StoppedError
from wscheck.wire.loop import Loop
from wscheck.wire.plan import Plan


class LiveRun:
    """One attempt at a scenario. All that can be wrong with it is found, and raised, before anything opens.

    ``redactor`` is the one of the run: it learns of every secret as it is read, before there is any record.
    """

    def __init__(self, target: Target, options: Options, redactor: Redactor) -> None:
        self._target = target
        self._options = options
        self._wall = time.time()
        self._start = time.monotonic()
        self._seed = target.seed if target.seed is not None else uuid.uuid4().int % 2**32
        self._redactor = redactor
        self._secrets = Secrets(options.environ, options.stdin, self._redactor)
        asked = prepare_credentials(target.scenario, seed=self._seed, env=options.environ)
        self._credentials = read_credentials(asked, options, self._secrets, now=self._wall)
        # A login has not said yet whose its token is; what else could be wrong is found out all the same.
        later = dict.fromkeys(self._logins, "")
        self._scenario, self._bookings = self._prepare({**later, **subjects(self._credentials)})
        self._errands = Errands(target, self._secrets, redactor=self._redactor, tell=self._tell)
        for login in self._logins.values():
            self._errands.check(login)
        self._unfinished = [booking.script.name for booking in self._bookings]
        self._waited: dict[str, float] = {}

    def go(self, stop: Stop) -> Ran:
        """Go through it once; ``stop`` breaks it off. Raises CaptureError where no capture can be made."""
        with hiding(self._redactor):
            return self._go(stop)

    def _go(self, stop: Stop) -> Ran:
        options, contracts = self._options, self._target.contracts
        path = options.capture or make_fresh_path(options.keep, self._scenario.name)
        judge = choose_checker(contracts, options.max_open)
        with CaptureWriter(path, self._header(), overwrite=options.overwrite) as writer:
            self._sink = Sink(
                writer=writer, judge=judge, redactor=self._redactor, contracts=contracts, follow=options.follow
            )
            try:
                with asyncio.Runner(loop_factory=Loop) as runner:
                    runner.run(do(self._run(), stop))
                self._sink.finish()
            except CaptureError:
                self._sink.cut(self._unfinished, self._clock())
            except WscheckError:
                if not writer.records:
                    path.unlink(missing_ok=True)  # nothing came of it, and its name is free for the next attempt
                raise
        broken = self._sink.broken
        lost = broken is not None and not self._unfinished
        outcome = judge.conclude(truncated=lost, exercises=self._scenario.exercises, fail_on=self._target.fail_on)
        notes = (*outcome.notes, *((str(broken),) if broken else ()))
        outcome = replace(outcome, capture=str(path), scenario=self._scenario.name, notes=notes)
        return Ran(outcome=outcome, capture=path, fail_on=self._target.fail_on, interrupted=stop.number)

    @property
    def _logins(self) -> dict[str, HttpRequest]:
        """The requests by which sessions log in, by session."""
        return {name: one.login for name, one in self._credentials.items() if one.login is not None}

    def _prepare(self, identities: Mapping[str, object]) -> tuple[Scenario, tuple[Booking, ...]]:
        """Return the scenario with its variables filled, and its sessions ready to be opened."""
        environ, url, learn = self._options.environ, self._target.url, self._redactor.learn
        scenario = prepare(
            self._target.scenario, seed=self._seed, env=environ, identities=identities, url=url, learn=learn
        )
        bookings = book(scenario, self._target, self._credentials, self._secrets, now=time.time())
        for booking in bookings:
            self._redactor.learn(booking.handshake.secrets)
            self._redactor.learn_uri(booking.handshake.url)
            self._redactor.learn_uri(booking.proxy)
            for step in booking.script.steps:
                self._redactor.learn_uri(step.request.url if isinstance(step, RequestStep) else None)
        return scenario, bookings

    def _header(self) -> Header:
        names = self._redactor.names
        if self._logins and "secret" not in names:  # the token that is still to come
            names = (*names[: names.index("jwt") + 1], "secret", *names[names.index("jwt") + 1 :])
        return Header(
            tool=TOOL,
            run=uuid.uuid4().hex,
            started=datetime.fromtimestamp(self._wall, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            redacted=names,
            scenario=self._scenario.name,
            exercises=self._scenario.exercises,
        )

    async def _run(self) -> None:
        """Get ready, log in, and hold every session at the same time; none is left without an ending."""
        self._tell_beginning()
        self._know()
        failures = await self._get_ready()
        meetings = Meetings(self._scenario.sessions)
        company = Company(ask=self._errands.ask, bell=Bell(lambda: meetings.version))
        await _all_of([self._hold(booking, meetings, company, failures) for booking in self._bookings])

    async def _get_ready(self) -> dict[str, Failure]:
        """Wait for the target, and log in who is to; return why sessions cannot be opened, by session."""
        began = self._clock()
        try:
            await self._errands.get_ready()
            failures = await self._log_in()
        except StoppedError as stopped:
            self._waited = {"ready": round(self._clock() - began, 6)}
            return dict.fromkeys(self._unfinished, stopped.failure)
        except asyncio.CancelledError:
            for booking in self._bookings:
                self._sink.take(interrupted(self._plan(booking), self._clock(), "the target's readiness"))
                self._unfinished.remove(booking.script.name)
            raise
        if self._target.ready or self._logins:
            self._credentials = mint_again(self._credentials, self._secrets, now=time.time())
            unknown = dict.fromkeys(failures, "")
            self._scenario, self._bookings = self._prepare({**unknown, **subjects(self._credentials)})
            self._know()
        return failures

    async def _log_in(self) -> dict[str, Failure]:
        """Log in for every session that is to, at the same time; return why that failed, by session."""
        names = list(self._logins)
        done = await asyncio.gather(*(self._errands.log_in(name, self._credentials[name]) for name in names))
        failures = {}
        for name, outcome in zip(names, done, strict=True):
            if isinstance(outcome, Failure):
                failures[name] = outcome
            else:
                self._credentials[name] = outcome
        return failures

    async def _hold(
        self, booking: Booking, meetings: Meetings, company: Company, failures: Mapping[str, Failure]
    ) -> None:
        """Hold one session, or say why it cannot be opened."""
        name, plan = booking.script.name, self._plan(booking)
        player = Player(
            booking.script,
            deadlines=self._target.deadlines,
            scopes=self._target.scopes,
            telling=self._target.telling,
            meetings=meetings,
            first=booking.handshake.first,
            hide=self._redactor.text,
        )
        try:
            if name in failures:
                self._sink.take(self._blocked(booking, failures[name]))
                player.over(self._clock())
                company.bell.look()
            else:
                await hold(plan, player, self._sink.take, self._clock, company)
        finally:
            if not self._sink.broken:
                self._unfinished.remove(name)

    def _plan(self, booking: Booking) -> Plan:
        return Plan(
            session=booking.script.name,
            handshake=booking.handshake,
            deadlines=self._target.deadlines,
            proxy=booking.proxy,
            tls=self._target.tls,
            hide=self._redactor.text,
        )

    def _blocked(self, booking: Booking, failure: Failure) -> Blocked:
        return Blocked(
            at=self._clock(),
            session=booking.script.name,
            phase=failure.phase,
            cause=failure.cause,
            text=failure.text,
            uri=booking.script.url,
            phases=self._waited or None,
        )

    def _know(self) -> None:
        """Let the sink know what is known by now of the sessions."""
        self._sink.know({booking.script.name: booking.mark for booking in self._bookings})

    def _tell(self, event: str, facts: Mapping[str, object]) -> None:
        hidden = {name: self._redactor.uri(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
        self._options.tell(event, hidden)

    def _tell_beginning(self) -> None:
        """Tell what was decided before anything opens."""
        target = self._target
        contracts = ", ".join(f"{contract.name}@{contract.version}" for contract in target.contracts)
        environment = target.environment.name if target.environment else None
        beginning = {"scenario": self._scenario.name, "contract": contracts, "environment": environment}
        self._tell("run", {**beginning, "seed": self._seed, "ready": len(target.ready)})
        for booking in self._bookings:
            facts = {"session": booking.script.name, "url": booking.script.url, "credentials": booking.mark.credentials}
            self._tell("session", {**facts, "proxy": booking.proxy, "probe": bool(booking.script.probe)})

    def _clock(self) -> float:
        return round(time.monotonic() - self._start, 6)


async def _all_of(sessions: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Let ``sessions`` go on to their ends at the same time; where one fails, the others end before that goes on."""
    tasks = [asyncio.ensure_future(session) for session in sessions]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
