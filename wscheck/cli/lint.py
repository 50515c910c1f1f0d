"""`wscheck lint`: whether contracts are sound, and what a pass under them does not speak of."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from wscheck.cli.output import color_option, is_colored, print_whole, variable
from wscheck.config import find_config
from wscheck.errors import ContractError, UsageError
from wscheck.finding import Severity
from wscheck.lint import Remark, read_subject
from wscheck.lint import lint as find_remarks
from wscheck.report.terminal.lines import EMPTY, Line, Span, Style, line, paint
from wscheck.text import safe

_UNSOUND = 1
_UNREADABLE = 2
_STYLES: dict[Severity, Style] = {Severity.ERROR: "bad", Severity.WARNING: "doubtful", Severity.INFO: "strong"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """One contract that was looked at. ``error``: why it could not be read."""

    given: str
    name: str | None = None
    version: str | None = None
    error: str | None = None
    remarks: tuple[Remark, ...] = ()


@click.command(
    epilog="\b\nExamples:\n  wscheck lint agent-events@2\n  wscheck lint schemas/*/*/contract.yaml --format json"
)
@click.argument("contract", nargs=-1, required=True)
@click.option("--contracts", multiple=True, type=click.Path(path_type=Path), help="A folder of contracts; repeatable.",
              **variable("CONTRACTS"))  # fmt: skip
@click.option("--fail-on", type=click.Choice(["error", "warning"]), default="error", show_default=True,
              help="The least severity of a remark that exits with 1.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@color_option
def lint(contract: tuple[str, ...], contracts: tuple[Path, ...], fail_on: str, form: str, color: str) -> int:
    """Say whether each CONTRACT is sound: what in it decides nothing, contradicts itself, or is let pass."""
    folders = (*contracts, *find_config(Path()).contracts)
    looked = [_look(name, folders) for name in contract]
    code = _exit_code(looked, Severity(fail_on))
    if form == "json":
        print_whole(json.dumps(_as_json(looked, code), indent=2) + "\n")
    else:
        print_whole(paint(_as_lines(looked), color=is_colored(color)))
    return code


def _look(name: str, folders: Sequence[Path]) -> _Looked:
    try:
        subject = read_subject(name, folders=folders)
    except (ContractError, UsageError) as error:
        return _Looked(given=name, error=str(error))
    contract = subject.contract
    return _Looked(given=name, name=contract.name, version=contract.version, remarks=find_remarks(subject))


def _exit_code(looked: Sequence[_Looked], fail_on: Severity) -> int:
    if any(one.error is not None for one in looked):
        return _UNREADABLE
    grave = {Severity.ERROR, fail_on}
    return _UNSOUND if any(remark.severity in grave for one in looked for remark in one.remarks) else 0


def _as_lines(looked: Sequence[_Looked]) -> Iterator[Line]:
    for place, one in enumerate(looked):
        yield from () if not place else (EMPTY,)
        if one.error is not None:
            yield line(Span("cannot be read", "bad"), f": {one.error}")
            continue
        for remark in one.remarks:
            at = remark.position
            yield line(
                f"{at.file}:{at.line}:{at.column}: ",
                Span(str(remark.severity), _STYLES[remark.severity]),
                f" {remark.code}: {remark.message}",
            )
        yield line(Span(f"{one.name}@{one.version}", "strong"), f": {_count(one.remarks)}")


def _count(remarks: Sequence[Remark]) -> str:
    counts = Counter(remark.severity for remark in remarks)
    told = [
        f"{counts[severity] or 'no'} {word}{'' if counts[severity] == 1 else 's'}"
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "remark"))
    ]
    return f"{told[0]}, {told[1]}, {told[2]} beside"


def _as_json(looked: Sequence[_Looked], code: int) -> dict[str, Any]:
    return {"wscheck": "lint-1", "exit_code": code, "contracts": [_contract_as_json(one) for one in looked]}


def _contract_as_json(one: _Looked) -> dict[str, Any]:
    return {
        "contract": safe(one.given),
        "name": one.name,
        "version": one.version,
        "error": one.error,
        "remarks": [
            {
                "code": remark.code,
                "severity": str(remark.severity),
                "message": remark.message,
                "file": remark.position.file,
                "line": remark.position.line,
                "column": remark.position.column,
                "pointer": remark.position.pointer,
            }
            for remark in one.remarks
        ],
    }
