"""What a row of the tables is: a file that cannot be used, and what wscheck must say of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["contract", "scenario", "config", "capture", "which", "arguments"]
Data: TypeAlias = bytes | str | Callable[[], bytes]
"""What a file holds; what is large is made when it is needed."""

FILES: Mapping[Kind, str] = {
    "contract": "contract.yaml",
    "scenario": "scenario.yaml",
    "config": "wscheck.toml",
    "capture": "capture.jsonl",
    "which": "capture.jsonl",
    "arguments": "nothing",
}
"""What the file in question is called, where a row says nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One file that cannot be used. ``word`` is in the one sentence; ``line`` is the one that the sentence names.

    ``code`` is what wscheck exits with, ``file`` what the file is called, ``beside`` what else is in its folder.
    ``make`` makes what is no regular file. ``named`` is what the sentence calls the file, where that is another one.
    ``addressed`` is whether a scenario is to have an address of its own. ``arguments`` are given in place of those that
    have a file of this kind read.
    """

    name: str
    kind: Kind
    data: Data = b""
    word: str
    line: int | None = None
    code: int = 2
    file: str = ""
    beside: Mapping[str, Data] = field(default_factory=dict)
    make: Callable[[Path], object] | None = None
    named: str | None = None
    addressed: bool = False
    arguments: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """What the file is called on the command line."""
        return self.file or FILES[self.kind]


def read(data: Data) -> bytes:
    """Return the bytes."""
    match data:
        case bytes():
            return data
        case str():
            return data.encode()
        case make:
            return make()


CONTRACT = """\
wscheck: 1
name: small
version: "1.0.0"
event_name: /type
events:
  a:
  b:
  c:
scopes:
  connection:
    order: "(a | b)*"
  inner:
    key: /id
    order: c
"""
"""A contract that can be used, and is broken in one place by a row."""

SCENARIO = """\
wscheck: 1
scenario: trial
contract: contract.yaml
sessions:
  ada:
    steps:
      - send: {type: a}
        id: first
      - expect: b
        within: 1
"""
"""A scenario that can be used, and is broken in one place by a row."""

CONFIG = """\
contracts = "schemas"

[env.staging]
url = "ws://127.0.0.1:9/ws"
"""
"""A configuration that can be used, and is broken in one place by a row."""

HEADER = '{"wscheck":"capture-1","tool":"by hand","run":"r","started":"2026-01-01T00:00:00Z","redacted":[]}\n'
OPENED = '{"at":0,"session":"ada","kind":"opened","uri":"ws://h/","subprotocol":null,"headers":{}}\n'
MESSAGE = '{"at":1,"session":"ada","kind":"message","direction":"received","text":"{\\"type\\":\\"a\\"}"}\n'
CLOSED = '{"at":2,"session":"ada","kind":"closed","code":1000,"reason":"","initiator":"tool"}\n'


def replaced(text: str, old: str, new: str) -> str:
    """Return ``text`` with ``new`` for ``old``, which stands in it once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def record(**members: object) -> str:
    """Return the line of a message with these members in place of its own; those that are None are left out."""
    line = {**json.loads(MESSAGE), **members}
    return json.dumps({name: value for name, value in line.items() if value is not None}) + "\n"


def leave(_: Path) -> None:
    """Make nothing: the file is not there, or is there on every machine."""
