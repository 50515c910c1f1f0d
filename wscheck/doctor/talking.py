"""What an open session is put through: its subprotocol, the welcome, a ping, the closing handshake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from wscheck.checker import MAX_OPEN
from wscheck.doctor.chart import Chart
from wscheck.doctor.handshake import Opening
from wscheck.doctor.model import BrokenError, Fault
from wscheck.doctor.subject import Subject
from wscheck.doctor.talk import LONGEST_CLOSING, LONGEST_PONG, Talk
from wscheck.event import Observation
from wscheck.finding import Verdict
from wscheck.record import Opened, Record
from wscheck.run.captures import choose_checker
from wscheck.scenario import Player


async def talk_through(opening: Opening, subject: Subject, chart: Chart, clock: Callable[[], float]) -> None:
    """Put an open session through its steps. Raises BrokenError at the first that it does not outlast."""
    hold_subprotocol(opening.opened, subject, chart)
    observe = _observe_by(subject)
    observe(opening.opened)
    talk = Talk(opening.session.connection, chart=chart, clock=clock, observe=observe, expires=opening.opened.expires)
    welcome, deadlines = subject.welcome, subject.target.deadlines
    due = None if welcome is None else welcome.name
    await talk.welcome(_make_player(subject), due=due, within=_find_patience(subject))
    await talk.ping(min(deadlines.silence, LONGEST_PONG))
    await talk.close(min(deadlines.silence, LONGEST_CLOSING))


def hold_subprotocol(opened: Opened, subject: Subject, chart: Chart) -> None:
    """Hold the subprotocol that was selected to what was offered (RFC 6455, section 4.1) and what a contract asks for.

    Raises BrokenError where a contract asks for another one.
    """
    selected, real = opened.subprotocol, subject.booking.handshake.subprotocols
    offered = ", ".join(opened.offered or ())
    asked = {contract.select.subprotocol for contract in subject.contracts}
    told = "no subprotocol" if selected is None else f"the subprotocol {selected}"
    if asked and None not in asked and selected not in asked:
        due = " or ".join(sorted(name for name in asked if name))
        text = f"the server selected {told}, where the contract asks for {due}"
        fault = Fault(
            phase="handshake", code="subprotocol", text=text, verdict=Verdict.FAIL,
            usual="A server of another version, one that knows no subprotocols, or a proxy that drops the header.",
            advice=(f"Let the server select {due}, or take the contract of the version that it speaks.",),
        )  # fmt: skip
        chart.stop("subprotocol", fault, details={"offered": offered})
        raise BrokenError("subprotocol", fault)
    if selected is not None and selected not in real:  # it was redacted
        chart.note("subprotocol", "doubtful", "the server selected the token itself, which every log then holds")
    elif selected is not None:
        chart.note("subprotocol", "well", f"{selected}, of {offered}")
    elif offered:
        text = f"none was selected of {offered}: a browser ends such a session at once"
        chart.note("subprotocol", "doubtful", text)
    else:
        chart.note("subprotocol", "passed over", "none was offered")


def _make_player(subject: Subject) -> Player:
    """Return what plays the session up to its welcome, and answers what the scenario answers meanwhile."""
    booking, welcome = subject.booking, subject.welcome
    return Player(
        replace(booking.script, steps=() if welcome is None else (welcome,), probe=None),
        deadlines=subject.target.deadlines,
        scopes=subject.target.scopes,
        first=booking.handshake.first,
        hide=subject.redactor.text,
    )


def _find_patience(subject: Subject) -> float | None:
    """Return how long a first message may take, where an environment says that one is due; None where nothing does."""
    environment = subject.target.environment
    return environment.deadlines.get("welcome") if environment is not None and subject.session is None else None


def _observe_by(subject: Subject) -> Callable[[Record], tuple[Record, Sequence[Observation]]]:
    """Return what redacts a record, and says which events of the contract are in it."""
    judge = choose_checker(subject.contracts, MAX_OPEN) if subject.contracts else None

    def observe(record: Record) -> tuple[Record, Sequence[Observation]]:
        kept = subject.redactor.record(record)
        return kept, () if judge is None else judge.observe(kept)

    return observe
