"""`wscheck explain`: what a finding, a cause, an exit code, a note or a remark of lint means, with examples."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator

import click

from wscheck.checker import Checker
from wscheck.cli.output import color_option, is_colored, print_whole
from wscheck.contract.load import parse_contract
from wscheck.explain import Entry, Example, Twins, find, list_entries, name_kinds, read_trace
from wscheck.finding import Finding
from wscheck.lint import lint, parse_subject
from wscheck.record import Blocked, Closed, Message, Opened, Record, Refused, Step, Violation
from wscheck.report.terminal.advice import ADVICE
from wscheck.report.terminal.lines import EMPTY, Line, Span, columns, line, paint, prose
from wscheck.report.terminal.words import describe_status
from wscheck.text import safe, shorten

_WIDTH = 80
_MOST_OF_A_TEXT = 42
_TITLES = {
    "finding": "Findings",
    "cause": "Causes, by phase",
    "exit code": "Exit codes",
    "note": "Notes about wscheck itself",
    "lint": "Remarks of wscheck lint",
}


@click.command(epilog="\b\nExamples:\n  wscheck explain missing\n  wscheck explain connection-refused")
@click.argument("code", required=False)
@color_option
def explain(code: str | None, color: str) -> int:
    """Say what CODE means, why it matters, what usually causes it, and what to do next.

    CODE is a finding code, a cause, an exit code, or the code of a note or of lint; without it, all are listed.
    """
    width = min(shutil.get_terminal_size((_WIDTH, 24)).columns, _WIDTH)
    lines = _list_all() if code is None else _explain_all(find(code), width)
    print_whole(paint(lines, color=is_colored(color)))
    return 0


def _list_all() -> Iterator[Line]:
    entries = list_entries()
    for kind, title in _TITLES.items():
        yield line(Span(title, "strong"))
        of_kind = [entry for entry in entries if entry.kind == kind]
        yield from columns([_summarize(entry) for entry in of_kind], indent=2)
        yield EMPTY
    yield line("wscheck explain CODE says more.")


def _summarize(entry: Entry) -> tuple[str, ...]:
    first = entry.means.split(". ")[0].removesuffix(".")
    return (*([entry.phase] if entry.phase else []), entry.name, first)


def _explain_all(entries: Iterable[Entry], width: int) -> Iterator[Line]:
    for place, entry in enumerate(entries):
        yield from () if not place else (EMPTY,)
        yield from _explain(entry, width)


def _explain(entry: Entry, width: int) -> Iterator[Line]:
    yield line(Span(entry.name, "strong"), f"  {name_kinds(entry)}")
    todo = ADVICE.get(entry.name, "") if entry.next is None else entry.next
    sections = (
        ("What it means", entry.means),
        ("Why it matters", entry.matters),
        ("What usually causes it", entry.usual),
        ("What to do next", todo),
    )
    for title, text in sections:
        yield EMPTY
        yield line(Span(title, "strong"))
        yield from prose("  ", text, width=width, indent=2)
    if entry.example:
        yield EMPTY
        yield from _show_example(entry.name, entry.example, width)
    if entry.twins:
        yield EMPTY
        yield from _show_twins(entry.twins, width)


def _show_twins(twins: Twins, width: int) -> Iterator[Line]:
    yield line(Span("An example", "strong"))
    yield line("  A contract, with events named at /type")
    yield from _show_text(twins.remarked)
    yield line("  What lint says of it")
    for remark in lint(parse_subject(twins.whole_remarked)):
        yield from prose(Span("    "), f"{remark.severity}: {remark.message}", width=width, indent=4)
    yield line("  One of which it says nothing")
    yield from _show_text(twins.sound)


def _show_text(text: str) -> Iterator[Line]:
    yield from (line(f"    {each}") for each in text.rstrip("\n").split("\n"))


def _show_example(code: str, example: Example, width: int) -> Iterator[Line]:
    yield line(Span("An example", "strong"))
    yield line("  A contract, with events named at /type")
    yield from _show_text(example.contract)
    conforming, breaking = read_trace(example.conforming), read_trace(example.breaking)
    yield line("  A stream that keeps to it")
    yield from _show_trace(conforming)
    yield line("  A stream that does not")
    yield from _show_trace(breaking)
    yield line("  What wscheck finds there")
    for finding in _check(example, breaking):
        if finding.code == code:
            yield from prose(Span("    "), f"{finding.code}: {finding.message}", width=width, indent=4)


def _check(example: Example, records: Iterable[Record]) -> tuple[Finding, ...]:
    # The checker itself speaks, so that this cannot say what it would not.
    checker = Checker(parse_contract(example.whole_contract))
    for record in records:
        checker.observe(record)
    return checker.conclude().findings


def _show_trace(records: list[Record]) -> Iterator[Line]:
    several = len({record.session for record in records}) > 1
    yield from columns(
        [
            (f"#{number}", f"{record.at:g} s", *((record.session,) if several else ()), *_show_record(record))
            for number, record in enumerate(records, start=1)
        ],
        indent=4,
    )


def _show_record(record: Record) -> tuple[str, str]:
    match record:
        case Opened(subprotocol=subprotocol, identity=identity, probe=probe):
            told = (
                f"subprotocol {subprotocol}" if subprotocol else "",
                f"by {identity}" if identity else "",
                f"must be {probe['expect']}" if probe else "",
            )
            return "opened", ", ".join(filter(None, told))
        case Message(direction=direction, text=str() as text):
            return direction, shorten(safe(text), _MOST_OF_A_TEXT)
        case Message(direction=direction, binary=binary, opcode=opcode):
            return direction, f"{opcode or 'binary'}, {shorten((binary or b'').hex(' '), _MOST_OF_A_TEXT)}"
        case Violation(code=code, text=text):
            return code, shorten(text, _MOST_OF_A_TEXT)
        case Step(outcome=outcome, expected=expected, id=step, text=text):
            return f"step {step}", f"expects {expected}, {outcome}: {text}"
        case Closed(code=code, initiator=initiator, reason=reason):
            who = "the server" if initiator == "peer" else "wscheck"
            return "closed", f"{code} by {who}{', reason ' if reason else ''}{reason}"
        case Refused(status=status):
            return "refused", describe_status(status)
        case Blocked(phase=phase, cause=cause):
            return "blocked", f"{phase}, {cause}"
        case _:
            return type(record).__name__.lower(), json.dumps(record.at)
