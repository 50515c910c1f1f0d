"""Records of every kind, as a table and as hypothesis strategies."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from wscheck.capture import Header
from wscheck.record import (
    CUT_CAUSES,
    PHASES,
    Blocked,
    Closed,
    Cut,
    Message,
    Note,
    Opened,
    Pong,
    Record,
    Refused,
    Stall,
    Step,
    Violation,
)

HEADER = Header(
    tool="wscheck 0.1.0",
    run="r-1",
    started="2026-11-22T20:00:00Z",
    redacted=("header:authorization", "/payload/secret"),
)

RECORDS: tuple[Record, ...] = (
    Opened(
        at=0.004,
        session="ada",
        uri="ws://127.0.0.1/ws",
        subprotocol="jwt-auth",
        offered=("jwt-auth",),
        identity="ada-0001",
        headers={"Server": "reference"},
        expires=300.0,
        phases={"tcp": 0.001, "handshake": 0.003},
        credentials="token from $TOKEN; expires in 300 s",
    ),
    Message(at=0.010, session="ada", direction="received", text='{"type":"connection_established"}'),
    Message(at=0.020, session="ada", direction="sent", text="grüße \x1b[31m\u2028"),
    Message(at=0.030, session="ada", direction="received", binary=b"\x00\xff"),
    Message(at=0.040, session="ada", direction="received", binary=b"\xff", opcode="text"),
    Pong(at=2.0, session="ada", latency=0.003),
    Stall(at=3.1, session="ada", seconds=1.2),
    Note(at=3.2, session="ada", code="queue-full", text="the queue was full"),
    Violation(at=3.3, session="ada", code="framing", text="a masked frame"),
    Step(at=3.4, session="ada", id="ask", outcome="timeout", expected="run", required=True, since=0.5, due=3.4),
    Closed(at=4.2, session="ada", code=1000, reason="", initiator="tool"),
    Refused(at=4.3, session="bob", status=403, uri="ws://127.0.0.1/ws", headers={"Server": "nginx"}, body="no"),
    Blocked(at=4.4, session="eve", phase="tcp", cause="connection-refused", text="nothing listens there"),
    Opened(at=5.0, session="ada", connection=2),
    Cut(at=6.0, session="ada", connection=2, cause="deadline", awaiting="agent_completed"),
    Opened(at=6.5, session="mallory", probe={"expect": "closed", "code": 1008}),
    Cut(at=6.6, session="mallory", cause="dropped"),
    Refused(at=6.7, session="trudy", status=403, expected=True, probe={"expect": "refused", "status": [401, 403]}),
)
"""One or more of every kind."""

_TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(("\ud800", "\u2028\x1b\r\n", "\u202e", '"\\'))
_SECONDS = st.floats(min_value=0, allow_nan=False, allow_infinity=False) | st.integers(0, 10**6).map(float)
_NUMBER = st.floats(allow_nan=False, allow_infinity=False)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _NUMBER | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)
_HEADERS = st.none() | st.dictionaries(_TEXT, _TEXT, max_size=3)
_PHASES = st.none() | st.dictionaries(st.sampled_from(PHASES), _SECONDS, max_size=3)
_PROBE = st.none() | st.fixed_dictionaries(
    {"expect": st.sampled_from(("refused", "closed"))},
    optional={"status": st.lists(st.integers(100, 999), max_size=3), "code": st.integers(0, 65535)},
)
_OPTIONAL = st.none() | _TEXT


def _records(kind: Any, **members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(kind, at=_SECONDS, session=_TEXT, connection=st.integers(1, 9), **members)


_DIRECTIONS = st.sampled_from(("received", "sent"))

ANY_RECORD: st.SearchStrategy[Record] = st.one_of(
    _records(
        Opened,
        uri=_OPTIONAL,
        subprotocol=_OPTIONAL,
        offered=st.none() | st.lists(_TEXT, max_size=3).map(tuple),
        identity=_JSON,
        headers=_HEADERS,
        expires=st.none() | _NUMBER,
        phases=_PHASES,
        credentials=_OPTIONAL,
        probe=_PROBE,
    ),
    _records(Message, direction=_DIRECTIONS, text=_TEXT),
    _records(Message, direction=_DIRECTIONS, binary=st.binary(max_size=20), opcode=st.sampled_from((None, "text"))),
    _records(Pong, latency=st.none() | _SECONDS),
    _records(Stall, seconds=_SECONDS),
    _records(Note, code=_TEXT, text=_TEXT),
    _records(Violation, code=st.sampled_from(("handshake", "negotiation", "framing")), text=_TEXT),
    _records(
        Step,
        id=_TEXT,
        outcome=st.sampled_from(("timeout", "unmet")),
        expected=_TEXT,
        since=_SECONDS,
        text=_TEXT,
        required=st.booleans(),
        welcome=st.booleans(),
    ),
    _records(Closed, code=st.integers(0, 65535), reason=_TEXT, initiator=st.sampled_from(("peer", "tool"))),
    _records(
        Refused,
        status=st.integers(100, 999),
        uri=_OPTIONAL,
        headers=_HEADERS,
        body=_TEXT,
        expected=st.booleans(),
        phases=_PHASES,
        credentials=_OPTIONAL,
        probe=_PROBE,
    ),
    _records(
        Blocked,
        phase=st.sampled_from(PHASES),
        cause=_TEXT,
        text=_TEXT,
        uri=_OPTIONAL,
        phases=_PHASES,
        credentials=_OPTIONAL,
    ),
    _records(
        Cut,
        cause=st.sampled_from(CUT_CAUSES),
        awaiting=_TEXT,
        text=_TEXT,
    ),
)
"""Any record that a run can make."""
