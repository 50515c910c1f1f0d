"""One message: read as JSON, and named as the contract names it."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.contract import Contract, find, plain
from tests.oracle.payload_judge import accepts


@dataclass
class Read:
    """What a message turned out to be: the codes of what is wrong with it, its value where it could be read."""

    codes: list[str] = field(default_factory=list)
    value: Any = None
    readable: bool = False
    bare: bool = False


def read(record: dict[str, Any], frame: str) -> list[Read]:
    """Read one message record: the events that it carries."""
    if "text" not in record or record["text"] is None:
        raw = base64.b64decode(record.get("binary") or "")
        return [Read(["not-utf8" if record.get("opcode") == "text" else "not-text"], raw)]
    text = record["text"]
    if frame == "lines":
        return [_read(line) for line in text.split("\n") if line.strip(" \t\r")]
    whole = _read(text)
    if frame == "array" and whole.readable and isinstance(whole.value, list):
        return [_read(element) for element in _elements(text)]
    whole.bare = frame == "array" and whole.readable and record["direction"] == "received"
    return [whole]


def _read(text: str) -> Read:
    result = Read()
    if _depth(text) > 128:
        return Read(["too-deep"])
    codes: set[str] = set()
    try:
        result.value = json.loads(
            text,
            object_pairs_hook=lambda pairs: _members(pairs, codes),
            parse_int=lambda digits: _number(digits, codes),
            parse_float=lambda digits: _number(digits, codes),
            parse_constant=_refuse,
        )
        json.dumps(result.value, ensure_ascii=False).encode()
    except ValueError:  # a lone surrogate among them
        return Read(["not-json"])
    result.codes, result.readable = sorted(codes), True
    return result


def name_of(contract: Contract, value: Any, direction: str) -> str | None:
    """The first definition that fits; None where none does."""
    pointers = contract.document.get("event_name") or []
    named = None
    for pointer in [pointers] if isinstance(pointers, str) else pointers:
        found = find(value, pointer)
        if found and isinstance(found[0], str | int) and not isinstance(found[0], bool):
            named = str(found[0])
            break
    for name, definition in contract.definitions.items():
        sender = definition.get("from") or "server"
        if name.startswith("$") or sender not in ("either", "server" if direction == "received" else "client"):
            continue
        match = definition.get("match")
        if (match is None and name == named) or (match is not None and _matches(match, value)):
            return name
    return None


def closing_name(contract: Contract, code: int, reason: str, initiator: str) -> str | None:
    """The definition of `$close` that takes this closing; None where none does."""
    definitions = dict(contract.definitions)
    definitions.setdefault("$close", {})
    for name, definition in definitions.items():
        if name == "$close" or name.startswith("$close."):
            match = definition.get("match")
            if match is None and (code in (1000, 1001, 1005) or initiator == "tool"):
                return name
            if match is not None and _matches(match, {"code": code, "reason": reason, "initiator": initiator}):
                return name
    return None


def opening_name(contract: Contract, record: dict[str, Any]) -> str | None:
    """The definition of `$open` that takes this opening handshake; None where none does."""
    value = {name: record.get(name) for name in ("subprotocol", "offered", "uri")}
    definitions = dict(contract.definitions)
    definitions.setdefault("$open", {})
    named = [name for name in definitions if name == "$open" or name.startswith("$open.")]
    return next((name for name in named if _matches(definitions[name].get("match") or {}, value)), None)


def fits(schema: Any, value: Any) -> bool:
    """Whether a value holds to a JSON Schema."""
    return accepts(schema, value)


def _matches(match: dict[str, Any], value: Any) -> bool:
    for pointer, wanted in match.items():
        found = find(value, pointer)
        if not found or found[0] is None:
            return False
        if isinstance(wanted, dict):
            if not fits(wanted, found[0]):
                return False
        elif wanted is not True and plain(found[0]) != plain(wanted):
            return False
    return True


def _elements(text: str) -> list[str]:
    """The texts between the commas of a sound array, those inside its elements left alone."""
    elements, depth, quoted, escaped = [""], 0, False, False
    for sign in text.strip()[1:-1]:
        if quoted:
            quoted, escaped = escaped or sign != '"', not escaped and sign == "\\"
        elif sign == '"':
            quoted = True
        depth += 0 if quoted else (sign in "[{") - (sign in "]}")
        if sign == "," and not depth and not quoted:
            elements.append("")
        else:
            elements[-1] += sign
    return [element for element in elements if element.strip()]


def _members(pairs: list[tuple[str, Any]], codes: set[str]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        codes.add("duplicate-member")
    return dict(pairs)


def _number(digits: str, codes: set[str]) -> int | float:
    value = float(digits) if len(digits) > 4000 or not digits.lstrip("-").isdecimal() else int(digits)
    try:
        infinite = math.isinf(float(value))
    except OverflowError:
        infinite = True
    if infinite or sum(map(str.isdigit, digits)) > 400:
        codes.add("number-range")
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _depth(text: str) -> int:
    depth = deepest = 0
    quoted = escaped = False
    for sign in text:
        if quoted:
            quoted, escaped = escaped or sign != '"', not escaped and sign == "\\"
        elif sign == '"':
            quoted = True
        elif sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest
