"""The opening handshake: gone as a run goes it, and compared with others, so that what turns it away has a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from wscheck.doctor.certificate import read_certificate
from wscheck.doctor.chart import Chart
from wscheck.doctor.model import STEP_OF_PHASE, BrokenError, Fault, State, Trial
from wscheck.doctor.reach import note_certificate, note_no_tls
from wscheck.doctor.refusal import judge_refusal
from wscheck.doctor.subject import Subject
from wscheck.doctor.trials import AS_GIVEN, compare, is_to_be_compared, make_trial, path_of, tell_closed
from wscheck.finding import Verdict
from wscheck.record import Blocked, Opened, Record, Refused, Violation
from wscheck.wire.address import Address
from wscheck.wire.opening import Session, open_session
from wscheck.wire.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An open session, and its record, redacted."""

    session: Session
    opened: Opened


class Door:
    """Where the session of ``subject`` opens, or does not."""

    def __init__(self, subject: Subject, address: Address, chart: Chart, clock: Callable[[], float]) -> None:
        self._subject = subject
        self._address = address
        self._chart = chart
        self._clock = clock
        self._plan = Plan(
            session=subject.name,
            handshake=subject.booking.handshake,
            deadlines=subject.target.deadlines,
            proxy=subject.booking.proxy,
            tls=subject.target.tls,
            hide=subject.redactor.text,
        )

    async def open(self) -> Opening:
        """Open it. Raises BrokenError where no session opens, after the handshakes to compare were tried."""
        outcome = await open_session(self._plan, self._address, self._clock)
        if not isinstance(outcome, Session):
            raise await self._explain(outcome)
        opened = self._subject.redactor.record(outcome.opened)
        assert isinstance(opened, Opened)
        self._note_way(opened, outcome)
        self._note_opened(opened)
        return Opening(session=outcome, opened=opened)

    async def compare_closed(self, opening: Opening, code: int) -> None:
        """Try the handshakes to compare with one that opened a session which the server then closed with ``code``."""
        given = self._make_trial(opening.opened)
        await self._compare(replace(given, closed=code, answer=tell_closed(code)))

    async def compare_opened(self, opening: Opening) -> None:
        """Try the handshakes to compare with one that opened a session, once that is over."""
        without, elsewhere = await self._compare(self._make_trial(opening.opened))
        self._note_opened(
            opening.opened,
            doubtful=without is not None and without.opened,
            every="; a path that does not exist opens a session too" * elsewhere.opened,
        )

    def _note_way(self, opened: Opened, outcome: Session) -> None:
        """Write down the proxy, and the TLS that is spoken through it."""
        if not self._address.secure:
            note_no_tls(self._chart)
        elif self._plan.proxy is not None:
            spoken = outcome.connection.transport.get_extra_info("ssl_object")
            note_certificate(self._chart, read_certificate(spoken), seconds=None)
        self._note_proxy(opened.phases)

    def _note_opened(self, opened: Opened, *, doubtful: bool = False, every: str = "") -> None:
        """Write down that a session opened; ``doubtful``: without credentials one does too."""
        state: State = "doubtful" if doubtful else "well"
        doubt = "; without credentials a session opens too: the opening handshake turns nobody away" * doubtful
        text, details = f"101 Switching Protocols{doubt}{every}", _show_headers(opened.headers)
        self._chart.note("opening handshake", state, text, seconds=_took(opened.phases), details=details)

    async def _explain(self, records: tuple[Record, ...]) -> BrokenError:
        """Write down why no session opened; return what ends the way there."""
        ending = self._subject.redactor.record(records[-1])
        if isinstance(ending, Refused):
            return await self._explain_refusal(ending)
        assert isinstance(ending, Blocked)
        broken = next((one for one in records if isinstance(one, Violation)), None)
        step = STEP_OF_PHASE.get(ending.phase, "opening handshake")
        if step == "opening handshake":
            self._note_proxy(ending.phases)
        verdict, code = (Verdict.ERROR, ending.cause) if broken is None else (Verdict.FAIL, broken.code)
        fault = Fault(phase=ending.phase, code=code, text=ending.text, verdict=verdict)
        self._chart.stop(step, fault, seconds=(ending.phases or {}).get(ending.phase))
        return BrokenError(step, fault)

    async def _explain_refusal(self, refused: Refused) -> BrokenError:
        self._note_proxy(refused.phases)
        given, location = self._make_trial(refused), (refused.headers or {}).get("location", "")
        without: Trial | None = None
        elsewhere: Trial | None = None
        if is_to_be_compared(refused.status):
            without, elsewhere = await self._compare(given)
        location = self._subject.redactor.uri(location)
        fault = judge_refusal(given, without, elsewhere, location=location)
        details = {**_show_headers(refused.headers), "body": refused.body}
        if location:
            details["header location"] = location
        self._chart.stop("opening handshake", fault, seconds=given.seconds, details=details)
        return BrokenError("opening handshake", fault)

    def _make_trial(self, ending: Opened | Refused) -> Trial:
        path = path_of(self._plan.handshake.url)
        return make_trial(AS_GIVEN, ending, path=path, seconds=_took(ending.phases))

    async def _compare(self, given: Trial) -> tuple[Trial | None, Trial]:
        without, elsewhere = await compare(self._subject, self._plan, self._address, self._clock)
        for trial in filter(None, (given, without, elsewhere)):
            self._chart.add(trial)
        return without, elsewhere

    def _note_proxy(self, phases: Mapping[str, float] | None) -> None:
        proxy = self._subject.booking.proxy
        if proxy is not None:
            shown = self._subject.redactor.uri(proxy)
            self._chart.note("proxy", "well", f"{shown} connects", seconds=(phases or {}).get("proxy"))


def _show_headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {f"header {name}": value for name, value in (headers or {}).items()}


def _took(phases: Mapping[str, float] | None) -> float:
    return (phases or {}).get("handshake", 0.0)
