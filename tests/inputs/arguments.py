"""Arguments that mean nothing: names that there are not, and what no option can take."""

from __future__ import annotations

from tests.inputs.row import CLOSED, CONTRACT, HEADER, MESSAGE, OPENED, SCENARIO, Data, Row, leave

BESIDE: dict[str, Data] = {
    "contract.yaml": CONTRACT,
    "scenario.yaml": SCENARIO,
    "capture.jsonl": HEADER + OPENED + MESSAGE + CLOSED,
}

NAMES = {
    "a name of nothing": ("nonesuch", "nonesuch"),
    "no name": ("", "''"),
    "a path for a name": ("../../etc/passwd", "../../etc/passwd"),
    "a name of 5,000 characters": ("x" * 5000, "(4"),
    "a name that moves the cursor": ("\x1b[31m", "\\u{1b}[31m"),
    "a name with a line end": ("a\nb", "a\\u{a}b"),
    "a name that is no UTF-8": ("\udcff", "\\u{dcff}"),
}
"""What is asked for, and how the sentence shows it."""

COMMANDS = {
    "explain": (("explain",), "is no finding code"),
    "schema": (("schema",), "there is no schema"),
    "which --contract": (("which", "capture.jsonl", "--contract"), "there is no contract"),
    "run --auth": (("run", "scenario.yaml", "--url", "ws://h/", "--auth"), "there is no auth section"),
    "run --env": (("run", "scenario.yaml", "--env"), "there is no environment"),
}
"""What takes a name, and what is said of one that there is not."""

OPTIONS = {
    "an address of another protocol": (("--url", "ftp://h/"), "--url", "ws:// or wss://"),
    "an address that never closes": (("--url", "ws://[::1"), "--url", "IPv6 in brackets"),
    "an address with a line end": (("--url", "ws://h/\r\nX: 1"), "--url", "control character"),
    "an address with a password": (("--url", "ws://ada:canary@h/"), "--url", "never in a URL"),
    "a header without a colon": (("--url", "ws://h/", "-H", "X"), "X", "NAME:VALUE"),
    "a secret in a header": (("--url", "ws://h/", "-H", "Authorization: canary"), "Authorization", "@FILE"),
    "a proxy that is none": (("--url", "ws://h/", "--proxy", "gopher://h"), "proxy", "proxy"),
    "authorities that are not there": (("--url", "ws://h/", "--ca-cert", "no.pem"), "no.pem", "cannot be read"),
    "a report in no folder": (("--url", "ws://h/", "--report", "json=no/r.json"), "no/r.json", "no folder"),
    "a report of no format": (("--url", "ws://h/", "--report", "yaml=r"), "--report", "FORMAT=PATH"),
}

ROWS = [
    *(
        Row(
            name=f"{command} {name}",
            kind="arguments",
            arguments=(*arguments, given),
            beside=BESIDE,
            make=leave,
            named=shown,
            word=word,
        )
        for command, (arguments, word) in COMMANDS.items()
        for name, (given, shown) in NAMES.items()
    ),
    *(
        Row(
            name=f"run {name}",
            kind="arguments",
            arguments=("run", "scenario.yaml", *given),
            beside=BESIDE,
            make=leave,
            named=named,
            word=word,
        )
        for name, (given, named, word) in OPTIONS.items()
    ),
    Row(
        name="which with a configuration that is broken",
        kind="arguments",
        arguments=("which", "capture.jsonl"),
        beside={**BESIDE, "wscheck.toml": "\ncontracts = 5\n"},
        make=leave,
        named="wscheck.toml",
        line=2,
        word="contracts",
    ),
]
