"""An order expression in words: an outline that reads from top to bottom."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Sequence as Items

from wscheck.order.expression import Choice, Expression, Interleaving, Named, Repetition, Sequence, parse
from wscheck.text import safe


def outline(text: str, inner: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield lines with their depth. ``inner`` are the names that are scopes."""
    tree = parse(text)
    if isinstance(tree, Sequence):
        yield from _steps(tree.items, inner, 0)
    else:
        yield from _lines(tree, inner, 0, "")


def _steps(items: Items[Expression], inner: Collection[str], depth: int) -> Iterator[tuple[int, str]]:
    for number, item in enumerate(items, start=1):
        yield from _lines(item, inner, depth, f"{number}. ")


def _lines(tree: Expression, inner: Collection[str], depth: int, mark: str) -> Iterator[tuple[int, str]]:
    if (short := _short(tree, inner)) is not None:
        yield depth, mark + short
        return
    match tree:
        case Named():
            yield depth, mark + _name(tree, inner)
        case Repetition(item=item):
            yield from _repeated(tree, item, inner, depth, mark)
        case Sequence(items=items):
            yield depth, f"{mark}one after the other:"
            yield from _steps(items, inner, depth + 1)
        case Choice(items=items):
            yield depth, f"{mark}one of these:"
            for item in items:
                yield from _lines(item, inner, depth + 1, "- ")
        case Interleaving(items=items):
            yield depth, f"{mark}all of these, mixed in any way:"
            for item in items:
                yield from _lines(item, inner, depth + 1, "- ")


def _repeated(
    tree: Repetition, item: Expression, inner: Collection[str], depth: int, mark: str
) -> Iterator[tuple[int, str]]:
    words = _times(tree)
    match item:
        case Sequence(items=items):
            yield depth, f"{mark}{words}, one after the other:"
            yield from _steps(items, inner, depth + 1)
        case _:
            yield depth, f"{mark}{words}:"
            yield from _lines(item, inner, depth + 1, "- ")


def _short(tree: Expression, inner: Collection[str]) -> str | None:
    """Return ``tree`` in a few words, where they are few."""
    match tree:
        case Named():
            return _name(tree, inner)
        case Repetition(item=Named() as item):
            return f"{_name(item, inner)}, {_times(tree)}"
        case Repetition(item=Choice(items=items)) if all(isinstance(item, Named) for item in items):
            return f"{_either(items, inner)}, {_times(tree)}"
        case Choice(items=items) if all(isinstance(item, Named) for item in items):
            return _either(items, inner)
        case _:
            return None


def _either(items: Items[Expression], inner: Collection[str]) -> str:
    names = [_name(item, inner) for item in items if isinstance(item, Named)]
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _name(named: Named, inner: Collection[str]) -> str:
    return f"a whole {safe(named.name)}" if named.name in inner else safe(named.name)


def _times(repetition: Repetition) -> str:
    match repetition.least, repetition.most:
        case 0, 1:
            return "or not at all"
        case 0, None:
            return "any number of times"
        case 1, None:
            return "once or more"
        case least, None:
            return f"{least} times or more"
        case least, most if least == most:
            return "once" if least == 1 else f"{least} times"
        case least, most:
            return f"{least} to {most} times"
