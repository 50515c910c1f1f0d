"""What `-v` shows on stderr by structlog: what was decided before anything opened, and each record as it comes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, fields
from typing import Any

from wscheck.cli.output import abandon
from wscheck.record import Blocked, Closed, Cut, Message, Note, Opened, Pong, Record, Refused, Stall, Step, Violation
from wscheck.text import safe, shorten

_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """``tell`` is given what is decided, a name and its facts; ``follow`` each record. Both redacted already."""

    tell: Callable[[str, Mapping[str, object]], None]
    follow: Callable[[Record], None]


def telling(verbosity: int) -> Telling:
    """Return what tells of a run: nothing at 0, one line a decision and record at 1, with all they hold from 2 on."""
    if not verbosity:
        return Telling(tell=lambda _, __: None, follow=lambda _: None)
    import structlog  # noqa: PLC0415 - a tenth of a second, which only -v is to cost

    log = structlog.wrap_logger(
        structlog.PrintLogger(file=sys.stderr),
        processors=[_make_safe, structlog.processors.KeyValueRenderer(key_order=["event"])],
        wrapper_class=structlog.BoundLogger,
        context_class=dict,
        cache_logger_on_first_use=False,
    )

    def tell(event: str, facts: Mapping[str, object]) -> None:
        try:
            log.msg(event, **{name: fact for name, fact in facts.items() if fact is not None})
        except OSError:  # what nobody can read is no reason to end a run
            abandon(sys.stderr)

    def follow(record: Record) -> None:
        tell(type(record).__name__.lower(), _whole(record) if verbosity > 1 else _short(record))

    return Telling(tell=tell, follow=follow)


def _make_safe(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Make every text plainly visible, the event's name too: a renderer may write that as it stands."""
    return {safe(str(name)): _show(value) for name, value in line.items()}


def _show(value: object) -> object:
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    if value is None or isinstance(value, bool | int | float):
        return value
    return shorten(safe(value if isinstance(value, str) else str(value)), _MOST)


def _whole(record: Record) -> dict[str, object]:
    """Return every member of a record that says something."""
    told = {field.name: getattr(record, field.name) for field in fields(record)}
    return {name: value for name, value in told.items() if value not in (None, "", ())}


def _short(record: Record) -> dict[str, object]:
    told: dict[str, object] = {"at": record.at, "session": record.session}
    if record.connection > 1:
        told["connection"] = record.connection
    match record:
        case Opened(subprotocol=subprotocol, phases=phases):
            taken = {phase: round(seconds, 3) for phase, seconds in (phases or {}).items()}
            return told | {"subprotocol": subprotocol, "seconds": taken}
        case Message(direction=direction, text=text, binary=binary):
            size = len((text or "").encode(errors="surrogatepass")) if binary is None else len(binary)
            return told | {"direction": direction, "bytes": size}
        case Pong(latency=latency):
            return told | {"latency": latency}
        case Stall(seconds=seconds):
            return told | {"seconds": seconds}
        case Note(code=code) | Violation(code=code):
            return told | {"code": code}
        case Step(id=name, outcome=outcome):
            return told | {"step": name, "outcome": outcome}
        case Closed(code=code, initiator=initiator):
            return told | {"code": code, "initiator": initiator}
        case Refused(status=status):
            return told | {"status": status}
        case Blocked(phase=phase, cause=cause):
            return told | {"phase": phase, "cause": cause}
        case Cut(cause=cause):
            return told | {"cause": cause}
