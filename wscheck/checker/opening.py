"""The opening of a session, held against the subprotocol that was asked for."""

from __future__ import annotations

from typing import Any

from wscheck.checker.stream import Stream
from wscheck.event import Event
from wscheck.record import Opened


def opening_value(record: Opened) -> dict[str, Any]:
    """Return the value of the `$open` event: what a `match` of it sees."""
    return {
        "code": 101,
        "reason": "",
        "initiator": "tool",
        "subprotocol": record.subprotocol,
        "offered": None if record.offered is None else list(record.offered),
        "uri": record.uri,
    }


def hold_subprotocol(stream: Stream, record: Opened, event: Event) -> None:
    """Report a selected subprotocol that is not the contract's, or that was not offered (RFC 6455, section 4.1)."""
    asked = stream.plan.contract.select.subprotocol
    selected = record.subprotocol
    if asked is not None and selected != asked:
        stream.report(
            "subprotocol",
            f"the server selected {'no subprotocol' if selected is None else repr(selected)}, where the contract "
            f"asks for {asked!r}",
            event=event,
            path="/select/subprotocol",
        )
    if selected is not None and record.offered is not None and selected not in record.offered:
        stream.report(
            "negotiation", f"the server selected the subprotocol {selected!r}, which was not offered", event=event
        )
