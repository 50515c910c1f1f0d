"""Files that are no YAML, no JSON or no such document: refused as a contract and as a scenario."""

from __future__ import annotations

import gzip
import random

from tests.inputs.row import FILES, Data, Kind, Row

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

YAML: dict[str, tuple[Data, int, str]] = {
    "an empty file": ("", 1, "nothing in it"),
    "white space only": (" \n\n  \n", 1, "nothing in it"),
    "comments only": ("# one\n# two\n", 1, "nothing in it"),
    "a byte order mark and nothing else": (b"\xef\xbb\xbf", 1, "nothing in it"),
    "a NUL": (b"wscheck: 1\nname: a\x00b\n", 2, "U+0000"),
    "an escape character": ("wscheck: 1\nname: \x1b[31mred\n", 2, "U+001B"),
    "a C1 control character": ("wscheck: 1\nname: \x9bred\n", 2, "U+009B"),
    "UTF-16, little end first": ("wscheck: 1\n".encode("utf-16"), 1, "UTF-16"),
    "UTF-16, big end first": (b"\xfe\xff" + "wscheck: 1\n".encode("utf-16-be"), 1, "UTF-16"),
    "UTF-16 without a mark": ("wscheck: 1\n".encode("utf-16-le"), 1, "U+0000"),
    "UTF-32": ("wscheck: 1\n".encode("utf-32"), 1, "UTF-32"),
    "Latin-1": ("wscheck: 1\nname: café\n".encode("latin-1"), 2, "not UTF-8"),
    "an overlong NUL": (b"wscheck: 1\nname: \xc0\x80\n", 2, "not UTF-8"),
    "a surrogate as bytes": (b"wscheck: 1\nname: \xed\xa0\x80\n", 2, "not UTF-8"),
    "half of a surrogate pair": ('wscheck: 1\nname: "\\ud800"\n', 2, "surrogate"),
    "an escape that names no character": ('name: "\\UFFFFFFFF"\n', 1, "no character"),
    "two documents": ("wscheck: 1\n---\nwscheck: 1\n", 2, "second document"),
    "a bomb of aliases": (BOMB, 5, "100000 values"),
    "an alias inside of what it names": ("wscheck: 1\nname: &a [*a]\n", 2, "inside of what it names"),
    "an alias of nothing": ("wscheck: 1\nname: *nobody\n", 2, "no anchor"),
    "5,000 levels": ("[" * 5000, 1, "128 levels"),
    "200 levels of mappings": ("".join(" " * n + "a:\n" for n in range(200)), 129, "128 levels"),
    "100,001 values": (lambda: b"- x\n" * 100_001, 100_000, "100000 values"),
    "a string of 64 MB": (lambda: b"name: " + b"x" * 2**26, 1, "larger than"),
    "5 MB of comments": (lambda: b"# a comment\n" * 450_000, 1, "larger than"),
    "a key twice": ("wscheck: 1\nname: a\nname: b\n", 3, "twice"),
    "a key twice, far down": ("wscheck: 1\nx:\n  - y:\n      a: 1\n      'a': 1\n", 5, "twice"),
    "an infinity": ("wscheck: .inf\n", 1, "no JSON value"),
    "no number": ("wscheck: .nan\n", 1, "no JSON value"),
    "a number that no double holds": ("wscheck: 1e400\n", 1, "out of range"),
    "a number of 5,000 digits": ("wscheck: " + "1" * 5000, 1, "out of range"),
    "a tab that indents": ("wscheck:\n\t- 1\n", 2, "tab"),
    "a tag that runs something": ("wscheck: !!python/object/apply:os.system [id]\n", 1, "tag"),
    "a tag for bytes": ("wscheck: !!binary AAAA\n", 1, "tag"),
    "a key that is a number": ("1: a\n", 1, "key must be a string"),
    "a key that is a list": ("? [a]\n: b\n", 1, "key must be a string"),
    "a quote that never ends": ("wscheck: 1\nname: 'a\n", 3, "no YAML"),
    "a version of YAML to come": ("%YAML 9.0\n---\nwscheck: 1\n", 1, "no YAML"),
    "a list": ("- wscheck: 1\n", 1, "must be an object"),
    "a number": ("5\n", 1, "must be an object"),
    "null": ("null\n", 1, "must be an object"),
    "a page of HTML": ("<!DOCTYPE html>\n<html><body>404</body></html>\n", 1, "must be an object, but is text"),
    "a file of secrets": ("API_KEY=canary-4711\n", 1, "must be an object, but is text"),
    "a compressed file": (lambda: gzip.compress(b"wscheck: 1\n"), 1, "decompress it"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 1, "not UTF-8"),
    "bytes without a meaning": (lambda: random.Random(1).randbytes(4096), 1, "not UTF-8"),
    "no version of the language": ("name: a\n", 1, "wscheck"),
    "an older version of the language": ("wscheck: 0\n", 1, "must be 1"),
    "a newer version of the language": ("wscheck: 2\n", 1, "must be 1"),
    "the version of the language as text": ('wscheck: "1"\n', 1, "must be 1"),
    "the version of the language as a truth": ("wscheck: true\n", 1, "must be 1"),
}

JSON: dict[str, tuple[Data, int, str]] = {
    "JSON with NaN": ('{"wscheck": 1,\n "x": NaN}', 2, "no JSON value"),
    "JSON with an infinity": ('{"wscheck": 1,\n "x": -Infinity}', 2, "no JSON value"),
    "JSON with a comma too many": ('{"wscheck": 1,\n}', 2, "no JSON"),
    "JSON with a comment": ('{"wscheck": 1, // one\n}', 1, "no JSON"),
    "JSON with half of a surrogate pair": ('{"wscheck": 1,\n "x": "\\ud800"}', 2, "surrogate"),
    "JSON with a member twice": ('{"wscheck": 1,\n "wscheck": 1}', 2, "twice"),
    "JSON that breaks off": ('{"wscheck": 1,\n "x": [', 2, "no JSON"),
    "JSON with 100,000 levels": ("[" * 100_000, 1, "128 levels"),
    "JSON lines": ('{"wscheck": 1}\n{"wscheck": 1}\n', 2, "more follows"),
    "an empty file for JSON": ("", 1, "nothing in it"),
}


LARGE = ("100,001 values", "a string of 64 MB", "5 MB of comments", "a bomb of aliases")
"""Read once only: it takes seconds, and is the same for every kind."""


def _rows(kind: Kind, *, without: tuple[str, ...] = ()) -> list[Row]:
    yaml = [
        Row(name=name, kind=kind, data=data, line=line, word=word)
        for name, (data, line, word) in YAML.items()
        if name not in without
    ]
    file = FILES[kind].replace(".yaml", ".json")
    json = [
        Row(name=name, kind=kind, file=file, data=data, line=line, word=word)
        for name, (data, line, word) in JSON.items()
    ]
    return yaml + json


ROWS = [*_rows("contract"), *_rows("scenario", without=LARGE)]
