"""An open session, from its welcome to its closing handshake: what comes, and what breaks it off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wscheck.checker.account import REJECTING
from wscheck.doctor.chart import Chart
from wscheck.doctor.model import BrokenError, Fault, StepName
from wscheck.event import Observation
from wscheck.finding import Verdict
from wscheck.record import Closed, Cut, Message, Note, Phase, Pong, Record, Violation
from wscheck.report.terminal.words import CLOSE_CODES
from wscheck.scenario import Call, Close, Drop, GiveUp, Player, Send, Unsent, Wait
from wscheck.text import safe, shorten
from wscheck.wire.connection import Connection

LONGEST_PONG = 5.0
"""How long a pong may take, in seconds, where the scenario allows no less silence."""

LONGEST_CLOSING = 2.0
"""How long a close frame may stay unanswered, in seconds, where the scenario allows no less silence."""

UNASKED_WELCOME = 1.0
"""How long a first message is waited for where nothing says that one is due, in seconds."""

_MOST_SAID = 160
_MEND_FRAMES = "Let a WebSocket library write the server's frames, and look for what changes them on their way."


class Talk:
    """One open session. ``observe`` is given each record and returns the events in it, redacted, for the player.

    Every step raises BrokenError where the session does not outlast it.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        chart: Chart,
        clock: Callable[[], float],
        observe: Callable[[Record], tuple[Record, Sequence[Observation]]],
        expires: float | None,
    ) -> None:
        self._connection = connection
        self._chart = chart
        self._clock = clock
        self._observe = observe
        self._expires = expires
        self._step: StepName = "welcome"
        self._began = clock()
        self._said: list[str] = []
        self._latency: float | None = None
        self._ending: Closed | Cut | None = None
        self._unanswered = ""

    async def welcome(self, player: Player, *, due: str | None, within: float | None) -> None:
        """Wait for the welcome: for what ``player`` awaits, where that is ``due``, else for any first message.

        ``within`` says how long, in seconds, where any message is due; None: none is, and none is missed.
        """
        self._begin("welcome")
        while True:
            action = player.act(self._clock())
            match action:
                case Send(text=text, binary=binary):
                    self._connection.send_message(text, binary)
                case Wait(until=until):
                    player.see(await self._hear(until - self._clock()), self._clock())
                case GiveUp(step=missed):
                    raise self._miss(missed.text, unmet=missed.outcome == "unmet")
                case Unsent():
                    pass
                case Close() | Call() | Drop():  # of these no step but the last asks: the welcome came
                    break
        if due is None:
            await self._wait_for_any(within)
        else:
            self._well(f"{due} came", self._details())

    async def ping(self, within: float) -> None:
        """Send a ping, and wait for its pong. A standstill of ours is not counted."""
        self._begin("ping")
        payload = self._connection.send_ping()
        while self._connection.awaits_pong(payload):
            now = self._clock()
            since = self._connection.silent_since
            if since is None or now - since >= within or now - self._began >= 3 * within:
                came = ", though messages came" if since is None or now - since < within else ", and nothing else came"
                raise self._break("open", "unresponsive", f"a ping was not answered within {within:g} s{came}")
            await self._hear(min(since + within, self._began + 3 * within) - now)
        took = "" if self._latency is None else f" after {self._latency * 1000:.1f} ms"
        self._well(f"the pong came{took}")

    async def close(self, within: float) -> None:
        """Close with 1000, and wait for the answer. A server that gives none is only doubtful."""
        self._begin("closing handshake")
        self._connection.send_close(1000, "")
        while self._ending is None and self._clock() - self._began < within:
            await self._hear(self._began + within - self._clock())
        ending, taken = self._ending, self._clock() - self._began
        if ending is None or self._unanswered:
            seen = self._unanswered or f"our close frame was not answered within {within:g} s"
            self._chart.note("closing handshake", "doubtful", seen, seconds=taken)
        elif isinstance(ending, Closed) and ending.initiator == "tool":
            self._well("closed with 1000")
        else:
            raise self._end(ending)

    def _begin(self, step: StepName) -> None:
        self._step, self._began = step, self._clock()

    def _well(self, text: str, details: Mapping[str, str] | None = None) -> None:
        self._chart.note(self._step, "well", text, seconds=self._clock() - self._began, details=details)

    async def _wait_for_any(self, within: float | None) -> None:
        until = self._began + (UNASKED_WELCOME if within is None else within)
        while not self._said and self._clock() < until:
            await self._hear(until - self._clock())
        if self._said:
            self._well("a first message came", self._details())
        elif within is None:
            text = f"nothing came within {UNASKED_WELCOME:g} s, and nothing says that something is due"
            self._chart.note("welcome", "passed over", text, seconds=self._clock() - self._began)
        else:
            raise self._miss(f"no message came within {within:g} s")

    async def _hear(self, seconds: float) -> list[Observation]:
        """Take in what comes, waiting at most ``seconds`` for it. Raises BrokenError where it ends the session."""
        await self._connection.inbox.wait(min(max(seconds, 0.0), 60.0))
        observations: list[Observation] = []
        while True:
            if self._connection.fault is not None:
                raise self._connection.fault
            record = self._connection.inbox.take()
            if record is None:
                return observations
            kept, made = self._observe(record)
            observations += made
            self._take(kept)

    def _take(self, record: Record) -> None:
        match record:
            case Message(direction="received", text=text, binary=binary):
                self._said.append(text if text is not None else f"{len(binary or b'')} bytes, binary")
            case Pong(latency=latency):
                self._latency = latency
            case Violation(code=code, text=text):
                raise self._break("open", code, text, verdict=Verdict.FAIL, advice=(_MEND_FRAMES,))
            case Note(code="close-unanswered", text=text):
                self._unanswered = text
            case Closed() | Cut() as ending if self._step == "closing handshake":
                self._ending = ending
            case Closed() | Cut() as ending:
                raise self._end(ending)
            case _:
                pass

    def _end(self, ending: Closed | Cut) -> BrokenError:
        if isinstance(ending, Cut):
            return self._break("open", ending.cause, ending.text, verdict=Verdict.INCONCLUSIVE)
        before = {"welcome": "before any welcome", "ping": "while a ping was under way"}.get(self._step, "as it closed")
        said = f"; before that it said {shorten(self._said[-1], _MOST_SAID)}" if self._said else ""
        text = f"{_tell_closing(ending)} {before}{said}"
        if self._expires is not None and self._clock() >= self._expires:
            return self._break("open", "auth-expired", f"{text}; the token had expired by then")
        phase: Phase = "welcome" if self._step == "welcome" else "open"
        if ending.code in REJECTING:
            told = f"the credentials were turned away: {text}"
            return self._break(phase, "auth-rejected", told, closed=ending.code)
        advice = _ADVICE.get(ending.code, "Look at the server's log at that moment: it is the server that ended it.")
        usual = _USUAL.get(ending.code, "")
        return self._break(phase, "closed", text, usual=usual, advice=(advice,), closed=ending.code)

    def _miss(self, text: str, *, unmet: bool = False) -> BrokenError:
        """Say that the welcome did not come; ``unmet``: something came, but not as the scenario wants it."""
        said = f"; what came last is {shorten(self._said[-1], _MOST_SAID)}" if self._said else ""
        if unmet:
            return self._break("welcome", "expect", f"{text}{said}", verdict=Verdict.FAIL)
        return self._break("welcome", "silent", f"the welcome never came: {text}{said}")

    def _break(
        self,
        phase: Phase,
        code: str,
        text: str,
        *,
        verdict: Verdict = Verdict.ERROR,
        usual: str = "",
        advice: tuple[str, ...] = (),
        closed: int | None = None,
    ) -> BrokenError:
        fault = Fault(phase=phase, code=code, text=text, verdict=verdict, usual=usual, advice=advice)
        self._chart.stop(self._step, fault, seconds=self._clock() - self._began, details=self._details())
        return BrokenError(self._step, fault, closed=closed)

    def _details(self) -> dict[str, str]:
        return (
            {"first message": self._said[0], "last message": self._said[-1]}
            if len(self._said) > 1
            else ({"message": self._said[0]} if self._said else {})
        )


def _tell_closing(ending: Closed) -> str:
    if ending.code == 1006:
        return "the server ended TCP without a close frame (1006)"
    if ending.code == 1005:
        return "the server closed with a close frame without a code (1005)"
    name = f" ({CLOSE_CODES[ending.code]})" if ending.code in CLOSE_CODES else ""
    reason = f', reason "{safe(ending.reason)}",' if ending.reason else ""
    return f"the server closed with {ending.code}{name}{reason}"


_ADVICE = {
    1001: "Try again in a moment: the server is going away, as in a deployment.",
    1006: "Look at the log of the server, and at what is before it: a proxy's timeout or a crash ends TCP so.",
    1011: "Look at the server's log at that moment: it failed with an internal error, and its reason says in what.",
    1012: "Try again in a moment: the server restarts.",
    1013: "Try again later: the server has too much to do.",
    1014: "Look at what is behind the proxy: it got no proper answer from there.",
}
_USUAL = {
    1001: "A deployment, or a server that shuts down.",
    1006: "A server that crashed, a proxy or load balancer that cuts, or a server that never sends close frames.",
    1011: "An exception in the server's set-up of the session: a database, a dependency, a user that it cannot load.",
    1012: "A deployment.",
    1013: "A limit of connections, or a server that is overloaded.",
    1014: "A backend that is down behind a gateway.",
}
