"""Scenarios that are YAML, and break their language."""

from __future__ import annotations

from pathlib import Path

from tests.inputs.row import CONTRACT, SCENARIO, Row, leave, replaced

SEND, EXPECT = "      - send: {type: a}\n        id: first\n", "      - expect: b\n"
ADA = "  ada:\n"

LANGUAGE: dict[str, tuple[tuple[str, str], int, str]] = {
    "a member that is misspelled": (("sessions:\n", "sesions:\n"), 4, "did you mean 'sessions'"),
    "no session": (("sessions:\n", "sessions: {}\nx:\n"), 4, "at least 1"),
    "sessions in a list": (("sessions:\n  ada:\n", "sessions:\n  - ada:\n"), 4, "must be an object"),
    "sessions in a list, with a secret": (
        ("sessions:\n  ada:\n", "sessions:\n  - auth: {token: canary-4711}\n    ada:\n"),
        4,
        "must be an object, but is an array",
    ),
    "a session whose name escapes": ((ADA, "  ../ada:\n"), 5, "../ada"),
    "a name that is a number": (("scenario: trial", "scenario: 7"), 2, "quote it"),
    "a contract that is a number": (("contract: contract.yaml", "contract: 5"), 3, "contract"),
    "no contract": (("contract: contract.yaml", "contract: []"), 3, "contract"),
    "a contract that is not there": (("contract: contract.yaml", "contract: no-such@2"), 3, "no-such@2"),
    "a second contract that is not there": (
        ("contract: contract.yaml", "contract:\n  - contract.yaml\n  - no-such@2"),
        5,
        "no-such@2",
    ),
    "a contract of 5,000 characters": (("contract: contract.yaml", "contract: " + "x" * 5000), 3, "no contract"),
    "a contract that escapes": (("contract: contract.yaml", "contract: ../../../../../etc/passwd"), 1, "but is text"),
    "a priority of nothing": (("contract: contract.yaml", "contract: contract.yaml\npriority: 0"), 4, "priority"),
    "a scope that is none": (("contract: contract.yaml", "contract: contract.yaml\nexercises: [z]"), 4, "'z'"),
    "a deadline of a phase that is none": (
        ("contract: contract.yaml", "contract: contract.yaml\ndeadline: {welcom: 5}"),
        4,
        "did you mean 'welcome'",
    ),
    "a deadline in the past": (("contract: contract.yaml", "contract: contract.yaml\ndeadline: {tcp: -5}"), 4, "tcp"),
    "a deadline without an end": (
        ("contract: contract.yaml", "contract: contract.yaml\ndeadline: {tcp: .inf}"),
        4,
        ".inf",
    ),
    "a step of no kind": ((SEND, "      - within: 5\n"), 7, "step"),
    "a step of two kinds": ((SEND, "      - {send: {}, close: 1000}\n"), 7, "make them two"),
    "a step that is a list": ((SEND, "      - [send]\n"), 7, "object"),
    "a step nobody knows": ((SEND, "      - sned: {}\n"), 7, "did you mean 'send'"),
    "an event that is none": ((EXPECT, "      - expect: z\n"), 9, "'z'"),
    "an event that is a list": ((EXPECT, "      - expect: [b]\n"), 9, "expect"),
    "two steps of one id": ((EXPECT, EXPECT + "        id: first\n"), 10, "first"),
    "an id that is a variable's": (("id: first", "id: env"), 8, "env"),
    "a where at no pointer": ((EXPECT, EXPECT + "        where: {x: 1}\n"), 10, "Pointer"),
    "a where of nothing": ((EXPECT, EXPECT + "        where: {/x: null}\n"), 10, "constant that is not null"),
    "a where with a pattern that is none": ((EXPECT, EXPECT + "        where: {/x: {pattern: '('}}\n"), 10, "pattern"),
    "a where from the network": (
        (EXPECT, EXPECT + "        where: {/x: {$ref: 'http://127.0.0.1:9/'}}\n"),
        10,
        "reference",
    ),
    "a where beside a message": (("        id: first\n", "        where: {/x: 1}\n"), 8, "`where`"),
    "a step that waits for no time": (("within: 1", "within: 0"), 10, "within"),
    "a step that waits for ever": (("within: 1", "within: 1e300"), 10, "within"),
    "bytes that are no base64": ((SEND, "      - binary: '*'\n"), 7, "base64"),
    "bytes of half a base64": ((SEND, "      - binary: 'A'\n"), 7, "base64"),
    "a close code that no one may send": ((SEND, "      - close: 1005\n"), 7, "may be sent"),
    "a close code of a million": ((SEND, "      - close: 1000000\n"), 7, "may be sent"),
    "a step after the close": ((EXPECT, "      - close: 1000\n" + EXPECT), 10, "close"),
    "a reconnect of an open session": ((SEND, "      - reconnect:\n"), 7, "reconnect"),
    "a barrier of one": ((EXPECT, "      - barrier: meet\n" + EXPECT), 9, "meet"),
    "a variable that is none": ((SEND, "      - send: '${nonec}'\n"), 7, "did you mean"),
    "a variable of a step to come": (
        (SEND, "      - send: '${second.x}'\n      - send: 1\n        id: second\n"),
        7,
        "second",
    ),
    "a variable of a strange name": ((SEND, "      - send: '${../../x}'\n"), 7, "variable"),
    "a reply to an event that is none": ((ADA, ADA + "    reply: [{on: z, send: 1}]\n"), 6, "'z'"),
    "a reply that says nothing": ((ADA, ADA + "    reply: [{on: b}]\n"), 6, "reply"),
    "a heartbeat without a pause": ((ADA, ADA + "    every: [{seconds: 0, send: 1}]\n"), 6, "seconds"),
    "a probe of nothing": ((ADA, ADA + "    probe: {expect: love}\n"), 6, "expect"),
    "a probe that goes on": ((ADA, ADA + "    probe: {expect: refused}\n"), 10, "probe"),
    "an address of its own, of another protocol": ((ADA, ADA + "    url: http://h/\n"), 6, "ws:// or wss://"),
    "a request to another protocol": ((SEND, "      - request: {url: 'ftp://h/'}\n"), 7, "http:// or https://"),
    "a request by no method": ((SEND, "      - request: {method: 'G T', url: 'http://h/'}\n"), 7, "method"),
    "a header with a line end": (
        (SEND, "      - request: {url: 'http://h/', headers: {X: \"a\\r\\nB: c\"}}\n"),
        7,
        "one line",
    ),
    "a header of no name": ((ADA, ADA + "    headers: {'a b': c}\n"), 6, "a b"),
    "credentials of a scheme nobody knows": ((ADA, ADA + "    auth: {scheme: magic}\n"), 6, "scheme"),
    "credentials of no section": ((ADA, ADA + "    auth: nobody\n"), 6, "nobody"),
    "credentials without a key": ((ADA, ADA + "    auth: {scheme: jwt}\n"), 6, "key"),
    "a secret in the file": ((ADA, ADA + "    auth: {scheme: token, token: canary-4711}\n"), 6, "secrets never stand"),
    "a secret in a header": ((ADA, ADA + "    headers: {Authorization: canary-4711}\n"), 6, "secrets never stand"),
    "an environment without a configuration": (
        ("contract: contract.yaml", "contract: contract.yaml\ntarget: staging"),
        4,
        "staging",
    ),
}

URLS = {
    "an address of another protocol": "ftp://127.0.0.1/",
    "an address with a NUL": "ws://127.0.0.1/\\0",
    "an address with a line end": "ws://127.0.0.1/\\r\\nX-Evil: 1",
    "an address of a port that is none": "ws://127.0.0.1:99999/",
    "an address that never closes": "ws://[::1",
}


def _command_line_without(text: str) -> str:
    return f'url: "{text}"\n' + SCENARIO


ROWS = [
    *(
        Row(
            name=name,
            kind="scenario",
            data=replaced(SCENARIO, *change),
            beside={"contract.yaml": CONTRACT},
            line=line,
            word=word,
            named="etc/passwd" if "escapes" in name and "contract" in name else None,
        )
        for name, (change, line, word) in LANGUAGE.items()
    ),
    *(
        Row(
            name=name,
            kind="scenario",
            data=_command_line_without(url),
            beside={"contract.yaml": CONTRACT},
            line=1,
            word="URL",
            addressed=True,
        )
        for name, url in URLS.items()
    ),
    Row(
        name="no address",
        kind="scenario",
        data=SCENARIO,
        beside={"contract.yaml": CONTRACT},
        line=5,
        word="no url",
        addressed=True,
    ),
    Row(
        name="10,001 steps",
        kind="scenario",
        data=(SCENARIO + "      - send: 1\n" * 9_999).encode(),
        beside={"contract.yaml": CONTRACT},
        line=6,
        word="10000",
    ),
    Row(
        name="a scenario of a contract that is broken",
        kind="scenario",
        data=SCENARIO,
        beside={"contract.yaml": "wscheck: 2\n"},
        line=1,
        word="must be 1",
        named="contract.yaml",
    ),
    Row(name="a scenario that is not there", kind="scenario", make=leave, word="cannot be read"),
    Row(name="a folder for a scenario", kind="scenario", make=Path.mkdir, word="cannot be read"),
    Row(
        name="nothing for a scenario",
        kind="scenario",
        file="/dev/null",
        make=leave,
        line=1,
        word="nothing in it",
    ),
    Row(
        name="zeros without end for a scenario",
        kind="scenario",
        file="/dev/zero",
        make=leave,
        word="larger than",
    ),
]
