"""Several contracts offered: for each connection the one that it speaks is found out, and held."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from wscheck.checker.checker import MAX_OPEN, Checker
from wscheck.checker.merged import merge_outcomes
from wscheck.checker.messages import Namer
from wscheck.checker.unspoken import Unspoken
from wscheck.contract.model import Contract
from wscheck.contract.select import asks_another_subprotocol, why_not_opened, why_not_told
from wscheck.event import Observation
from wscheck.finding import Severity
from wscheck.record import Blocked, Closed, Cut, Message, Opened, Record, Refused
from wscheck.result import Outcome


@dataclass(slots=True, eq=False)
class _Candidate:
    """A contract that is offered. ``spoken``: a session that is no probe has chosen it."""

    contract: Contract
    checker: Checker
    namer: Namer
    spoken: bool = False
    used: bool = False


@dataclass(slots=True)
class _Connection:
    """What is known of a connection. ``held`` are its records, with their places, until the choice is clear."""

    held: list[tuple[int, Record]] = field(default_factory=list)
    opened: Opened | None = None
    fits: set[int] = field(default_factory=set)
    wrong: dict[int, str] = field(default_factory=dict)
    chosen: _Candidate | None = None
    lost: bool = False


class Choice:
    """Holds the records of one run against several contracts: each connection against the one that it speaks.

    That is the first of ``contracts`` whose `select` holds; one without `select` always does. Until that is clear the
    records of a connection are held back, and so are their observations. Where a session ends before an event has told
    and just one contract is left, that one is held; where more are left, or none, no contract is.
    """

    def __init__(self, contracts: Sequence[Contract], *, max_open: int = MAX_OPEN) -> None:
        owned: dict[tuple[str, Hashable], Any] = {}
        checkers = [Checker(each, owned=owned, max_open=max_open) for each in contracts]
        self._candidates = [
            _Candidate(each, checker, Namer(each)) for each, checker in zip(contracts, checkers, strict=True)
        ]
        self._connections: dict[tuple[str, int], _Connection] = {}
        self._unspoken = Unspoken(contracts)
        self._places = count(1)

    def observe(self, record: Record) -> tuple[Observation, ...]:
        """Take one record in, in the order of the capture. Return what was made of its events, once that is known."""
        connection = self._connections.setdefault((record.session, record.connection), _Connection())
        index = next(self._places)
        if connection.chosen:
            return connection.chosen.checker.observe(record, index=index)
        connection.held.append((index, record))
        self._weigh(connection, record)
        self._choose(connection, over=isinstance(record, Closed | Refused | Blocked | Cut))
        return self._release(connection)

    def conclude(
        self, *, truncated: bool = False, exercises: Iterable[str] = (), fail_on: Severity = Severity.ERROR
    ) -> Outcome:
        """Say what the records came to, as a Checker does. The outcome names the contract that was spoken.

        Where sessions spoke different ones its notes say which, and its verdict is the strongest of theirs; it never
        passes where one of them exercised nothing.
        """
        for connection in self._connections.values():
            if not connection.chosen:
                self._choose(connection, over=True)
                self._release(connection)
        wanted = list(exercises)
        used = [each for each in self._candidates if each.spoken] or [each for each in self._candidates if each.used]
        outcomes = [
            each.checker.conclude(truncated=truncated, exercises=self._exercises(each, used, wanted), fail_on=fail_on)
            for each in used
        ]
        places = [each.checker.places() for each in used]
        if self._unspoken or not outcomes:
            outcomes.append(self._unspoken.conclude(truncated=truncated, fail_on=fail_on))
            places.append(self._unspoken.places())
        probed = [each for each in self._candidates if each.used and each not in used]
        aside = [each.checker.conclude(truncated=truncated, fail_on=fail_on) for each in probed]
        places += [each.checker.places() for each in probed]
        return merge_outcomes(outcomes, aside, order=list(self._connections), places=places)

    def _exercises(self, candidate: _Candidate, used: Sequence[_Candidate], wanted: Sequence[str]) -> Sequence[str]:
        # Each contract must exercise what it has of them; what none has is asked of the first, which has not seen it.
        first = candidate is used[0]
        known = {name for each in used for name in each.contract.scopes}
        return [name for name in wanted if name in candidate.contract.scopes or (first and name not in known)]

    def _weigh(self, connection: _Connection, record: Record) -> None:
        match record:
            case Opened():
                connection.opened = record
                for place, candidate in enumerate(self._candidates):
                    self._weigh_opening(connection, place, candidate, record)
            case Message() if connection.opened:
                for place, candidate in enumerate(self._candidates):
                    if place not in connection.wrong and place not in connection.fits:
                        self._weigh_message(connection, place, candidate, record)
            case _:
                pass

    def _weigh_opening(self, connection: _Connection, place: int, candidate: _Candidate, record: Opened) -> None:
        select = candidate.contract.select
        if why := why_not_opened(select, record):
            connection.wrong[place] = why
        elif select.version is None or record.probe:
            connection.fits.add(place)  # a probe is to tell nothing in band

    def _weigh_message(self, connection: _Connection, place: int, candidate: _Candidate, record: Message) -> None:
        told = candidate.contract.select.version
        for named in candidate.namer.name(record):
            if told and named.definition and named.definition.name in told.events:
                if why := why_not_told(told, named.definition.name, named.value):
                    connection.wrong[place] = why
                else:
                    connection.fits.add(place)
                return

    def _choose(self, connection: _Connection, *, over: bool) -> None:
        """Choose the first contract that fits, once none before it still may; where nothing can, none."""
        if not connection.opened:
            connection.lost = over
            if any(isinstance(record, Refused) and record.probe for _, record in connection.held):
                connection.chosen, connection.lost = self._candidates[0], False
            return
        left = [place for place in range(len(self._candidates)) if place not in connection.wrong]
        fitting = [place for place in left if place in connection.fits]
        if fitting and (over or left[0] == fitting[0]):
            connection.chosen = self._candidates[fitting[0]]
        elif over and len(left) == 1:
            connection.chosen = self._candidates[left[0]]
        elif connection.opened.probe:
            connection.chosen = self._candidates[0]
        else:
            connection.lost = over or not left

    def _release(self, connection: _Connection) -> tuple[Observation, ...]:
        """Let what was held back go where it belongs."""
        if not (connection.chosen or connection.lost):
            return ()
        held, connection.held = connection.held, []
        if connection.chosen is None:
            for index, record in held:
                self._unspoken.take(index, record)
            if connection.opened:
                self._unspoken.explain(connection.opened, self._why(connection), wrong=self._asked_in_vain(connection))
            return ()
        checker = connection.chosen.checker
        connection.chosen.used = True
        if connection.opened and not connection.opened.probe:
            connection.chosen.spoken = True
        return tuple(seen for index, record in held for seen in checker.observe(record, index=index))

    def _why(self, connection: _Connection) -> str:
        """Say what each contract wanted and what was seen."""
        reasons = []
        for place, candidate in enumerate(self._candidates):
            told = candidate.contract.select.version
            waited = f"it waited for {told.written} to tell its version, which did not come" if told else ""
            name = f"{candidate.contract.name}@{candidate.contract.version}"
            reasons.append(f"{name} is not it: {connection.wrong.get(place, waited)}")
        return "; ".join(reasons)

    def _asked_in_vain(self, connection: _Connection) -> bool:
        """Whether every contract asks for a subprotocol that the server did not select."""
        opened = connection.opened
        return opened is not None and all(
            asks_another_subprotocol(each.contract.select, opened) for each in self._candidates
        )
