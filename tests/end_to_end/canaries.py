"""Canaries: in which ways a secret could be told, and where in all that a command leaves behind one is."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, unquote

_LEAST = 8
_JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")


def spellings(secret: str) -> set[str]:
    """Return the ways in which ``secret`` could be told; of a JWT its claims and its signature by themselves too."""
    raw = secret.encode()
    percent = {quote(raw), quote(raw, safe=""), quote_plus(raw), quote(quote(raw, safe=""), safe="")}
    told = {secret, *percent, *(re.sub("%..", lambda sign: sign[0].lower(), text) for text in percent)}
    told |= {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], html.escape(secret)}
    told |= {raw.hex(), raw.hex().upper()}
    told |= {core for neighbour in (b"", b"-", b"--") for core in _cores(raw, neighbour)}
    return told | (set(secret.split(".")[1:]) if _JWT.fullmatch(secret) else set())


def _cores(raw: bytes, before: bytes) -> Iterator[str]:
    """Yield ``raw`` in base64 and base64url, without the characters that what stands beside it decides too."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        texts = {encode(before[:1] * len(before) + raw + after).decode() for after in (b"\0\0\0", b"\xff\xff\xff")}
        first, second = sorted(texts)
        same = next(place for place, (a, b) in enumerate(zip(first, second, strict=True)) if a != b)
        core = first[-(-len(before) * 8 // 6) : same]
        if len(core) >= _LEAST:
            yield core


def find_jwts(heads: Iterable[str]) -> set[str]:
    """Return the JWTs that stand in what a server heard, in base64url too."""
    found: set[str] = set()
    for head in heads:
        found.update(_JWT.findall(unquote(head)))
        for word in re.findall(r"[\w-]{40,}", head):
            found.update(_JWT.findall(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode("latin-1")))
    return found


def find_leaks(told: dict[str, str], secrets: Iterable[str]) -> list[str]:
    """Return where which secret stands in ``told``, texts by what they are called."""
    known = [(secret, spelling) for secret in secrets for spelling in spellings(secret)]
    return [f"{name}: {secret} as {text}" for name, whole in told.items() for secret, text in known if text in whole]


def find_pieces(told: dict[str, str]) -> list[str]:
    """Return where a piece of a canary is left over: they begin in the same way."""
    found = {name: text.find("cAnA") for name, text in told.items()}
    return [f"{name}: {told[name][max(0, at - 40) : at + 60]}" for name, at in found.items() if at >= 0]


def read_all(folder: Path, *, but: Iterable[str]) -> dict[str, str]:
    """Return every file under ``folder``, but those of the names ``but``: as it is, and as whoever reads it would."""
    told: dict[str, str] = {}
    left_out = {*but}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in left_out:
            raw = path.read_bytes()
            told[path.name] = text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
            told[f"{path.name}, unescaped"] = html.unescape(text)
            if ".json" in path.name:
                told[f"{path.name}, decoded"] = "\n".join(
                    _strings(text.splitlines() if "jsonl" in path.name else [text])
                )
    return told


def _strings(documents: Iterable[str]) -> Iterator[str]:
    for document in documents:
        yield from _strings_in(json.loads(document))


def _strings_in(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
            if value[:1] in ("{", "["):
                with suppress(ValueError, RecursionError):
                    yield from _strings_in(json.loads(value))
        case list():
            for item in value:
                yield from _strings_in(item)
        case dict():
            for name, member in value.items():
                yield name
                if name == "binary" and isinstance(member, str):
                    yield base64.b64decode(member).decode("latin-1")
                yield from _strings_in(member)
        case _:
            pass
