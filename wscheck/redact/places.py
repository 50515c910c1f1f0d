"""The scalars of a text that may be JSON, each with its place in the text and whether a pointer hides it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from wscheck.pointer import Pointer

Kind: TypeAlias = Literal["name", "string", "number", "literal", "word"]

Due: TypeAlias = Literal["value", "item", "name", "member", "colon", "next", "nothing"]

# Possessive, so that a string of any length is read in linear time and without a stack.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:(?P<shut>")|\\)?|[{}\[\]:,<]|[^ \t\n\r"{}\[\]:,<]+', re.DOTALL)
_PLAIN = re.compile(r'"[^"\\\x00-\x1f]*"')
_STRICT = json.JSONDecoder()
_LENIENT = json.JSONDecoder(strict=False)
_LITERALS = ("true", "false", "null")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A scalar of a JSON text: ``token``, which stands from ``start`` to before ``end``.

    ``kind``: the name of a member, a string, a number, true, false or null, or another word, which JSON does not know.
    ``value`` is the token, but of a string what it says. ``hidden``: whether a pointer leads to it, or to what holds
    it. ``flawed``: whether it is none that JSON knows; ``shut``: whether a string has its closing quotation mark.
    """

    start: int
    end: int
    token: str
    kind: Kind
    value: str
    hidden: bool
    flawed: bool
    shut: bool


@dataclass(slots=True)
class Branch:
    """A node of a tree of pointers. ``ends``: whether a pointer ends here. ``each`` is where every item leads."""

    ends: bool = False
    members: dict[str, Branch] = field(default_factory=dict)
    each: Branch | None = None


def plant(pointers: Iterable[Pointer], *, each: bool = False) -> Branch:
    """Return the tree of ``pointers``. ``each``: of an array they lead into every item, as if it stood by itself."""
    root = _plant(pointers)
    if each:
        root.each = _plant(pointers)
    return root


def _plant(pointers: Iterable[Pointer]) -> Branch:
    root = Branch()
    for pointer in pointers:
        branch = root
        for token in pointer.tokens:
            branch = branch.members.setdefault(token, Branch())
        branch.ends = True
    return root


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The scalars of a text, in order. ``sound``: whether its structure is that of JSON (RFC 8259)."""

    scalars: list[Scalar]
    sound: bool


def scan(text: str, root: Branch) -> Scanned:
    """Return the scalars of ``text``, also where its structure is not that of JSON.

    They may be flawed, the end of the text may be missing, and it may be of any depth: time is linear, and nothing
    recurs. Where a member stands twice, both are found. What is not due is passed over, but an array or object that is
    not due begins a text of its own: so what stands before, after or between several JSON texts hides nothing in them.
    """
    scalars: list[Scalar] = []
    stack: list[_Container] = []
    due: Due = "value"
    sound = True
    for match in _TOKEN.finditer(text):
        after = _take(match, due, stack, root, scalars)
        if after is None:
            sound = False
            if match[0] in ("[", "{"):
                stack.clear()
                after = _structure(match[0], "value", stack, root)
        due = after or (due if stack else "value")
    return Scanned(scalars=scalars, sound=sound)


def _take(match: re.Match[str], due: Due, stack: list[_Container], root: Branch, scalars: list[Scalar]) -> Due | None:
    """Take one token, of which a scalar is added to ``scalars``. Return what is due after it, None where it is not."""
    first = match[0][0]
    if first in "[]{}:,<":
        return _structure(first, due, stack, root)
    scalar = _read(match, due, stack, root)
    after = _after(scalar, due, stack)
    if after is not None or (root.ends and not stack):  # what is hidden as a whole may be of any kind
        scalars.append(scalar)
    return after


@dataclass(slots=True)
class _Container:
    """An array or object that is open. ``branch`` is None where no pointer leads into it."""

    array: bool
    branch: Branch | None
    hidden: bool
    index: int = 0
    name: str | None = None


def _structure(sign: str, due: Due, stack: list[_Container], root: Branch) -> Due | None:
    """Take one structural character. Return what is due after it, or None where another thing was due."""
    match sign, due:
        case (("[" | "{"), ("value" | "item")):
            branch, hidden = _place(stack, root)
            stack.append(_Container(array=sign == "[", branch=branch, hidden=hidden))
            return "item" if sign == "[" else "member"
        case ("]", ("item" | "next")) | ("}", ("member" | "next")) if stack[-1].array == (sign == "]"):
            stack.pop()
            return "next" if stack else "nothing"
        case ",", "next":
            stack[-1].index += 1
            return "value" if stack[-1].array else "name"
        case ":", "colon":
            return "value"
        case _:
            return None


def _after(scalar: Scalar, due: Due, stack: list[_Container]) -> Due | None:
    """Return what is due after ``scalar``, or None where another thing was due."""
    if scalar.kind == "name":
        return "colon"
    if due not in ("value", "item") or (scalar.kind == "word" and not stack):
        return None
    return "next" if stack else "nothing"


def _read(match: re.Match[str], due: Due, stack: list[_Container], root: Branch) -> Scalar:
    token = value = match[0]
    kind: Kind = "number" if _NUMBER.fullmatch(token) else "literal" if token in _LITERALS else "word"
    flawed = kind == "word"
    if token.startswith('"'):
        value, flawed = _decode(token, shut=match["shut"] is not None)
        kind = "name" if due in ("name", "member") else "string"
    if kind == "name":
        stack[-1].name = value
    return Scalar(
        start=match.start(),
        end=match.end(),
        token=token,
        kind=kind,
        value=value,
        hidden=kind != "name" and _place(stack, root)[1],
        flawed=flawed,
        shut=match["shut"] is not None,
    )


def _place(stack: list[_Container], root: Branch) -> tuple[Branch | None, bool]:
    """Return where in the tree of pointers the next value stands, and whether it is hidden."""
    if not stack:
        return root, root.ends
    top = stack[-1]
    if top.array and top.branch is not None and top.branch.each is not None:
        return top.branch.each, top.hidden or top.branch.each.ends
    token = str(top.index) if top.array else top.name
    branch = top.branch.members.get(token) if top.branch is not None and token is not None else None
    return branch, top.hidden or (branch is not None and branch.ends)


def _decode(token: str, *, shut: bool) -> tuple[str, bool]:
    """Return what a string says, and whether it is flawed: a control character, a bad escape, no end."""
    if _PLAIN.fullmatch(token):
        return token[1:-1], False
    closed = token if shut else f'{token}"'
    for decoder, flawed in ((_STRICT, not shut), (_LENIENT, True)):
        try:
            value: str = decoder.decode(closed)
        except ValueError:
            continue
        return value, flawed
    return closed[1:-1], True
