"""Contracts that are YAML, and break the contract language."""

from __future__ import annotations

from pathlib import Path

from tests.inputs.row import CONTRACT, Data, Row, leave, replaced

LANGUAGE: dict[str, tuple[tuple[str, str], int, str]] = {
    "a version without quotes": (('"1.0.0"', "1.10"), 3, 'quote it: version: "1.10"'),
    "a version that is none": (('"1.0.0"', '"1"'), 3, "version"),
    "a version with leading zeros": (('"1.0.0"', '"01.0.0"'), 3, "version"),
    "a version that escapes": (('"1.0.0"', '"../../etc"'), 3, "version"),
    "a name that escapes": (("name: small", "name: ../../etc/passwd"), 2, "name"),
    "a name that is absolute": (("name: small", "name: /etc/passwd"), 2, "name"),
    "a name of 300 characters": (("name: small", "name: " + "x" * 300), 2, "name"),
    "a contract's name with a line end": (("name: small", 'name: "a\\nb"'), 2, "name"),
    "no name": (("name: small\n", ""), 1, "name"),
    "a member that is misspelled": (("events:\n", "evnts:\n"), 5, "did you mean 'events'"),
    "a member nobody knows": (("event_name: /type", "event_name: /type\nfrobnicate: yes"), 5, "frobnicate"),
    "events in a list": (("events:\n  a:\n  b:\n  c:\n", "events: [a, b, c]\n"), 5, "must be an object"),
    "events as text": (("events:\n  a:\n  b:\n  c:\n", "events: a\n"), 5, "must be an object"),
    "a name for events that is no pointer": (("event_name: /type", "event_name: type"), 4, "event_name"),
    "a name for events that is a number": (("event_name: /type", "event_name: 7"), 4, "event_name"),
    "an event of a reserved name": (("  a:\n", "  $opened:\n"), 6, "$opened"),
    "an event with an unknown member": (("  a:\n", "  a: {schem: {}}\n"), 6, "did you mean 'schema'"),
    "an event from nowhere": (("  a:\n", "  a: {from: mars}\n"), 6, "from"),
    "a match of null": (("  a:\n", "  a: {match: {/x: null}}\n"), 6, "null"),
    "a match at no pointer": (("  a:\n", "  a: {match: {x: 1}}\n"), 6, "Pointer"),
    "a merge key": (("  b:\n", "  b: &b {from: client}\n  d: {<<: *b}\n"), 8, "no merge keys"),
    "a frame of two": (("event_name: /type", "event_name: /type\nframe: two"), 5, "frame"),
    "a severity nobody knows": (("event_name: /type", "event_name: /type\nseverity: {orphan: fatal}"), 5, "fatal"),
    "a code nobody knows": (("event_name: /type", "event_name: /type\nseverity: {orphant: error}"), 5, "orphan"),
    "a range that is none": (
        ("event_name: /type", "event_name: /type\nselect: {event: a, at: /v, range: newest}"),
        5,
        "range",
    ),
    "an ignored event that is ordered": (("event_name: /type", "event_name: /type\nignore: [a]"), 12, "ignore"),
    "an ignored event that is none": (("event_name: /type", "event_name: /type\nignore: [z]"), 5, "'z'"),
    "a redaction at no pointer": (("event_name: /type", "event_name: /type\nredact: [secret]"), 5, "Pointer"),
    "a group of itself": (("event_name: /type", "event_name: /type\ngroups: {g: [g]}"), 5, "'g'"),
    "a group of the name of an event": (("event_name: /type", "event_name: /type\ngroups: {a: [b]}"), 5, "'a'"),
    "a scope's key that is a number": (("key: /id", "key: 5"), 13, "key"),
    "a key that is no pointer": (("key: /id", "key: id"), 13, "Pointer"),
    "a key that is a deep list": (("key: /id", "key: [[[/id]]]"), 13, "key"),
    "a parent that is nowhere": (("key: /id", "key: /id\n    in: outer"), 14, "'outer'"),
    "a parent that is itself": (("key: /id", "key: /id\n    in: inner"), 14, "inner"),
    "a deadline in words": (("key: /id", "key: /id\n    within: soon"), 14, "within"),
    "a deadline in the past": (("key: /id", "key: /id\n    within: -1"), 14, "within"),
    "a deadline that is a truth": (("key: /id", "key: /id\n    within: true"), 14, "within"),
    "at most none open": (("key: /id", "key: /id\n    max_open: 0"), 14, "max_open"),
    "a scope nobody knows a member of": (("key: /id", "key: /id\n    abandon: [c]"), 14, "did you mean 'abandons'"),
    "an order of nothing": (("order: c", "order: ''"), 14, "order"),
    "an order in a list": (("order: c", "order: [c]"), 14, "order"),
    "an order of an event that is none": (("order: c", "order: c, d"), 14, "'d'"),
    "an order that mixes operators": (('"(a | b)*"', '"a | b, a"'), 11, "parenthes"),
    "an order that never closes": (('"(a | b)*"', '"(a | b"'), 11, "not closed"),
    "an order that begins with a comma": (('"(a | b)*"', '", a"'), 11, "','"),
    "an order that counts backwards": (('"(a | b)*"', '"a{5,2}"'), 11, "5"),
    "an order with a million states": (('"(a | b)*"', '"a{1000000}"'), 11, "4096"),
    "an order whose states explode": (
        ('"(a | b)*"', f'"{" & ".join(["(a, b)", "(b, a)", "(a, a)", "(b, b)", "(a, b, a)", "(b, a, b)"] * 3)}"'),
        11,
        "too intricate",
    ),
    "an order of 10,000 levels": (('"(a | b)*"', f'"{"(" * 10_000}a{")" * 10_000}"'), 11, "64 levels"),
    "an event in an outer and an inner order": (('"(a | b)*"', '"(a | b | c)*"'), 14, "'c'"),
    "a rule of no kind": (("order: c", "order: c\n    rules: [{id: r}]"), 15, "rule"),
    "a rule of two kinds": (("order: c", "order: c\n    rules: [{id: r, same: /x, unique: /x}]"), 15, "only one of"),
    "a rule without an id": (("order: c", "order: c\n    rules: [{same: /x}]"), 15, "id"),
    "two rules of one id": (("order: c", "order: c\n    rules: [{id: r, same: /x}, {id: r, unique: /x}]"), 15, "r"),
    "rules in a mapping": (("order: c", "order: c\n    rules: {id: r}"), 15, "array"),
    "a rule of an event that is none": (
        ("order: c", "order: c\n    rules: [{id: r, need: z, before: [c]}]"),
        15,
        "'z'",
    ),
    "a counter that steps by a word": (
        ("order: c", "order: c\n    rules: [{id: r, counter: /n, step: one}]"),
        15,
        "step",
    ),
    "a window of nothing": (("order: c", "order: c\n    rules: [{id: r, unique: /n, window: 0}]"), 15, "window"),
    "an ends of an event that is none": (("order: c", "order: c\n    ends: [z]"), 15, "'z'"),
}

SCHEMA = '  a: {schema: {$ref: "events/a.json"}}\n'

SCHEMAS: dict[str, tuple[str, str]] = {
    "a schema from the network": ("{$ref: 'http://127.0.0.1:9/a.json'}", "reference"),
    "a schema by a file URI": ("{$ref: 'file:///etc/passwd'}", "reference"),
    "a schema by an absolute path": ("{$ref: /etc/passwd}", "reference"),
    "a schema that escapes": ("{$ref: ../../../../etc/passwd}", "folder"),
    "a schema that escapes, percent-encoded": ("{$ref: '%2e%2e/%2e%2e/etc/passwd'}", "folder"),
    "a schema that is not there": ("{$ref: events/no.json}", "not there"),
    "a schema that is a folder": ("{$ref: '.'}", "circle"),
    "a schema with NUL in its name": ('{$ref: "a\\0b"}', "no relative path"),
    "a schema of a name too long": ("{$ref: " + "x" * 5000 + "}", "too long"),
    "a fragment that is not there": ("{$ref: '#/$defs/no'}", "#/$defs/no"),
    "a reference to itself": ("{$ref: '#'}", "circle"),
    "references in a circle": (
        "{$ref: '#/$defs/x', $defs: {x: {$ref: '#/$defs/y'}, y: {$ref: '#/$defs/x'}}}",
        "circle",
    ),
    "a schema that is a number": ("5", "schema"),
    "a schema that is a list": ("[]", "schema"),
    "a schema of a draft nobody knows": ("{$schema: 'http://example.com/draft-99'}", "draft"),
    "a schema of draft 3": ("{$schema: 'http://json-schema.org/draft-03/schema#'}", "draft"),
    "a type that is misspelled": ("{type: strng}", "strng"),
    "a minimum in words": ("{minimum: low}", "minimum"),
    "required as text": ("{required: x}", "required"),
    "a pattern that is none": ("{pattern: '('}", "pattern"),
    "a pattern that looks behind": ("{pattern: '(?<=a)b\\1'}", "pattern"),
    "a pattern that refers back": ("{pattern: '(a)\\1'}", "pattern"),
    "a pattern of a class nobody knows": ("{pattern: '\\p{Klingon}'}", "pattern"),
    "a pattern of a million repeats": ("{pattern: '((a{1000}){1000}){1000}'}", "pattern"),
}

FILES_OF_SCHEMAS: dict[str, tuple[Data, str]] = {
    "a schema file that is empty": ("", "events/a.json"),
    "a schema file that is no JSON": ("type: object\n", "events/a.json"),
    "a schema file in UTF-16": ('{"type": "object"}'.encode("utf-16"), "UTF-8"),
    "a schema file that is binary": (b"\x00\x01\xff", "events/a.json"),
    "a schema file with a member twice": ('{"type": "object", "type": "object"}', "more than once"),
    "a schema file of 5 MB": (lambda: b'{"title": "' + b"x" * 5 * 2**20 + b'"}', "larger than"),
    "a schema file of 1,000 levels": ('{"not":' * 1000 + "true" + "}" * 1000, "levels"),
    "a schema file that escapes": ('{"$ref": "../../etc/passwd"}', "folder"),
    "a schema file in a circle": ('{"$ref": "a.json"}', "circle"),
}


def _link_out(path: Path) -> None:
    path.write_text(replaced(CONTRACT, "  a:\n", SCHEMA))
    (path.parent / "events").mkdir()
    (path.parent / "events" / "a.json").symlink_to("/etc/passwd")


def _two(path: Path) -> None:
    path.mkdir()
    for name in ("contract.yaml", "contract.json"):
        (path / name).write_text(CONTRACT)


ROWS = [
    *(
        Row(name=name, kind="contract", data=replaced(CONTRACT, *change), line=line, word=word)
        for name, (change, line, word) in LANGUAGE.items()
    ),
    *(
        Row(
            name=name,
            kind="contract",
            data=replaced(CONTRACT, "  a:\n", f"  a: {{schema: {text}}}\n"),
            line=6,
            word=word,
        )
        for name, (text, word) in SCHEMAS.items()
    ),
    *(
        Row(
            name=name,
            kind="contract",
            data=replaced(CONTRACT, "  a:\n", SCHEMA),
            beside={"events/a.json": data},
            line=6,
            word=word,
        )
        for name, (data, word) in FILES_OF_SCHEMAS.items()
    ),
    Row(name="a schema file that is linked out", kind="contract", make=_link_out, line=6, word="folder"),
    Row(name="a contract that is not there", kind="contract", file="no.yaml", make=leave, word="no contract"),
    Row(
        name="a name of a contract that escapes",
        kind="contract",
        file="../../etc/passwd@1",
        make=leave,
        word="no",
    ),
    Row(name="a name of 5,000 characters", kind="contract", file="x" * 5000, make=leave, word="no", named="xxx"),
    Row(name="a name with a line end", kind="contract", file="a\nb", make=leave, word="no", named="a"),
    Row(name="a folder without a contract", kind="contract", file="empty", make=Path.mkdir, word="holds no"),
    Row(name="a folder with two contracts", kind="contract", file="two", make=_two, word="more than one"),
    Row(name="a link to nothing", kind="contract", make=lambda path: path.symlink_to("no"), word="no"),
    Row(name="a link to itself", kind="contract", make=lambda path: path.symlink_to(path), word="no contract"),
]
