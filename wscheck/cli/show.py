"""`wscheck show`: a contract in sentences, and its automata as diagrams."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from wscheck.cli.output import color_option, is_colored, print_whole, variable
from wscheck.config import find_config
from wscheck.errors import UsageError
from wscheck.lint import Subject, find_blind_spots, read_subject
from wscheck.report.terminal.lines import EMPTY, Line, Span, line, paint, prose
from wscheck.show import Diagram, Section, as_dot, as_mermaid, draw, tell
from wscheck.text import safe, shorten

_WIDTH = 100


@click.command(
    epilog="\b\nExamples:\n  wscheck show agent-events@2\n  wscheck show ./contract.yaml --scope run --format mermaid"
)
@click.argument("contract")
@click.option("--scope", metavar="NAME", help="Only this scope.")
@click.option("--contracts", multiple=True, type=click.Path(path_type=Path), help="A folder of contracts; repeatable.",
              **variable("CONTRACTS"))  # fmt: skip
@click.option("--format", "form", type=click.Choice(["terminal", "json", "mermaid", "dot"]), default="terminal",
              show_default=True)  # fmt: skip
@color_option
def show(contract: str, scope: str | None, contracts: tuple[Path, ...], form: str, color: str) -> int:
    """Tell what CONTRACT asks for, in sentences; or draw the automata of its orders."""
    subject = read_subject(contract, folders=(*contracts, *find_config(Path()).contracts))
    if scope is not None and scope not in subject.contract.scopes:
        known = ", ".join(map(safe, subject.contract.scopes))
        raise UsageError(f"there is no scope '{shorten(safe(scope))}' in this contract; there is {known}")
    diagrams = draw(subject.contract, scope=scope)
    match form:
        case "mermaid":
            print_whole(as_mermaid(diagrams))
        case "dot":
            print_whole(as_dot(f"{subject.contract.name}@{subject.contract.version}", diagrams))
        case "json":
            print_whole(json.dumps(_as_json(subject, scope, diagrams), indent=2) + "\n")
        case _:
            width = min(shutil.get_terminal_size((_WIDTH, 24)).columns, _WIDTH)
            print_whole(paint(_as_lines(_wanted(subject, scope), width), color=is_colored(color)))
    return 0


def _wanted(subject: Subject, scope: str | None) -> Sequence[Section]:
    sections = tell(subject)
    if scope is None:
        return sections
    # The first section is about the contract, then comes one a scope.
    return sections[1 + list(subject.contract.scopes).index(scope) :][:1]


def _as_lines(sections: Sequence[Section], width: int) -> Iterator[Line]:
    for place, section in enumerate(sections):
        yield from () if not place else (EMPTY,)
        yield line(Span(section.title, "strong"))
        for sentence in section.sentences:
            indent = 2 * (sentence.depth + 1)
            yield from prose(" " * indent, sentence.text, width=width, indent=indent + 2 * bool(sentence.depth))


def _as_json(subject: Subject, scope: str | None, diagrams: Sequence[Diagram]) -> dict[str, Any]:
    contract = subject.contract
    return {
        "wscheck": "show-1",
        "name": contract.name,
        "version": contract.version,
        "sections": [
            {
                "title": section.title,
                "sentences": [{"depth": sentence.depth, "text": sentence.text} for sentence in section.sentences],
            }
            for section in _wanted(subject, scope)
        ],
        "automata": [_diagram_as_json(diagram) for diagram in diagrams],
        "blind_spots": [
            {"event": safe(spot.event), "lost": spot.lost, "repeated": spot.repeated}
            for spot in find_blind_spots(contract)
        ],
    }


def _diagram_as_json(diagram: Diagram) -> dict[str, Any]:
    return {
        "scope": safe(diagram.scope),
        "states": len(diagram.accepting),
        "accepting": [state for state, accepting in enumerate(diagram.accepting) if accepting],
        "moves": [
            {"from": arrow.source, "to": arrow.target, "on": [safe(label) for label in arrow.labels]}
            for arrow in diagram.arrows
        ],
    }
