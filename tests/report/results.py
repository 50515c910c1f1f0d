"""Results of every kind, made by hand: what the reports are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.report.parts import (
    INCOMPLETE,
    LATE,
    OUT_OF_ORDER,
    OUTCOME,
    RUN_EVENTS,
    SCHEMA_FINDING,
    SCOPES,
    SESSION,
    UNSEEN,
    VACUOUS,
    blocked,
    event,
    refused,
    result,
    scope,
)
from wscheck.finding import Verdict
from wscheck.record import Closed, Cut
from wscheck.result import Cause, Result

FAILED = replace(
    OUTCOME,
    verdict=Verdict.FAIL,
    why="2 findings of severity error",
    scopes=(
        SCOPES[0],
        scope("run", Verdict.FAIL, 3, whole=1, required=RUN_EVENTS, missing=("tool_executing", "agent_completed")),
        scope("tool", Verdict.FAIL, 1, required=("tool_executing", "tool_completed")),
        scope("sub-agent", Verdict.NONE, 0),
    ),
    findings=(OUT_OF_ORDER, SCHEMA_FINDING),
    capture="captures/broken run.jsonl",
)
WENT_DARK = replace(
    OUTCOME,
    verdict=Verdict.ERROR,
    why="no session could be opened",
    scopes=UNSEEN,
    tolerated=(),
    records=1,
)
TRUNCATED = replace(
    OUTCOME,
    verdict=Verdict.INCONCLUSIVE,
    why="the capture is truncated, and 1 instance was still open where it breaks off",
    sessions=(replace(SESSION, ending=None, received=5),),
    scopes=(
        SCOPES[0],
        scope("run", Verdict.INCONCLUSIVE, 1, whole=0, required=RUN_EVENTS, missing=RUN_EVENTS[2:]),
        scope("tool", Verdict.NONE, 0),
    ),
    findings=(INCOMPLETE, VACUOUS),
    notes=("its last line is torn after 47 bytes and was not read",),
    records=7,
    truncated=True,
    capture="captures/cut.jsonl.gz",
)
REASON = "user_context must be a UserExecutionContext instance"
SAID_WHY = replace(
    OUTCOME,
    verdict=Verdict.ERROR,
    why="the server turned the session away after it had opened",
    sessions=(
        replace(
            SESSION,
            ending=Closed(at=0.3, session="ada", code=1008, reason="policy", initiator="peer"),
            phase="welcome",
            cause="auth-rejected",
            received=1,
            sent=0,
        ),
    ),
    scopes=UNSEEN,
    causes=(
        Cause(
            session="ada",
            event=event(2, "error_message"),
            reason=REASON,
            text=(
                '{"type":"error_message","error_code":"AUTH_REQUIRED","error_message":"Valid JWT token required",'
                f'"details":{{"error":"{REASON}"}},"timestamp":1757300000.2}}'
            ),
        ),
    ),
    tolerated=(),
    records=3,
)
CAME_BACK = replace(
    OUTCOME,
    why="27 events of 4 sessions held to the contract",
    sessions=(
        replace(SESSION, ending=Cut(at=2.0, session="ada", cause="dropped"), received=4),
        replace(SESSION, connection=2, received=5, first=2.5),
        replace(SESSION, name="bob", identity="bob-0001"),
        replace(
            refused(403, "unauthorized", {}, expected=True),
            name="mallory",
            phase=None,
            cause=None,
            probe={"expect": "refused", "status": (401, 403)},
        ),
    ),
)
ALL_REFUSED = replace(
    WENT_DARK,
    sessions=tuple(replace(refused(401, "unauthorized", {}), name=name) for name in ("ada", "bob", "carol")),
)
MOVED = (
    "this stream speaks agent-events@1.0.0, which it holds to; this contract is agent-events@2.0.0",
    "moved from 1.0.0 to 2.0.0: run_id from /payload/run_id to /run_id",
)
ANOTHER_VERSION = replace(
    FAILED,
    why="schema: agent_thinking (#5) holds at its top what the schema does not allow: it has no run_id, and 41 more",
    findings=tuple(
        replace(
            SCHEMA_FINDING,
            message=f"{name} (#{number}) holds at its top what the schema does not allow: it has no run_id",
            event=event(number, name),
            more=0,
        )
        for name, numbers in (("agent_thinking", range(5, 45)), ("agent_started", range(3, 5)))
        for number in numbers
    ),
    notes=MOVED,
)
FORBIDDEN_BODY = '{"detail":"Not authenticated","trace":"' + "0123456789" * 25 + '"}\r\n'
RESULTS: Mapping[str, Result] = {
    "pass": result(Verdict.PASS, 0, OUTCOME),
    "fail": result(Verdict.FAIL, 1, FAILED),
    "refused": result(
        Verdict.ERROR,
        3,
        replace(
            WENT_DARK,
            sessions=(refused(403, "unauthorized", {"server": "nginx", "Date": "x"}, FORBIDDEN_BODY),),
        ),
    ),
    "starting": result(
        Verdict.ERROR,
        3,
        replace(WENT_DARK, sessions=(refused(503, "starting", {"Retry-After": "30"}),), capture=None),
    ),
    "redirected": result(
        Verdict.ERROR, 3, replace(WENT_DARK, sessions=(refused(302, "endpoint", {"Location": "https://sso/"}),))
    ),
    "probe": result(
        Verdict.PASS, 0, replace(OUTCOME, sessions=(refused(401, "unauthorized", {}, expected=True),), scopes=())
    ),
    "blocked": result(
        Verdict.ERROR,
        3,
        replace(WENT_DARK, sessions=(blocked("tcp", "connection-refused", "127.0.0.1 port 8765 takes no connection"),)),
    ),
    "nothing": result(
        Verdict.NONE,
        4,
        replace(
            OUTCOME,
            verdict=Verdict.NONE,
            why="no event was received",
            sessions=(
                replace(
                    SESSION,
                    ending=Cut(at=30.0, session="ada", cause="deadline", awaiting="connection_established"),
                    received=0,
                    sent=0,
                    bytes=0,
                    first=None,
                    last=None,
                    phase="welcome",
                    cause="silent",
                ),
            ),
            scopes=UNSEEN,
            tolerated=(),
            records=2,
        ),
    ),
    "truncated": result(Verdict.INCONCLUSIVE, 4, TRUNCATED),
    "cause": result(Verdict.ERROR, 3, SAID_WHY),
    "several": result(Verdict.FAIL, 1, OUTCOME, FAILED, replace(TRUNCATED, findings=(LATE, INCOMPLETE, VACUOUS))),
    "sessions": result(Verdict.PASS, 0, CAME_BACK),
    "all refused": result(Verdict.ERROR, 3, ALL_REFUSED),
    "another version": result(Verdict.FAIL, 1, ANOTHER_VERSION),
    "none at all": result(Verdict.NONE, 4),
}
"""By name. Each is printed in a golden."""

KINDS = tuple(replace(OUT_OF_ORDER, event=event(number, f"event_{number}")) for number in range(1, 55))
MANY = result(Verdict.FAIL, 1, replace(FAILED, findings=(LATE, *KINDS, *(VACUOUS,) * 3)))
