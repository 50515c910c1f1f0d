"""`wscheck strength`: what a PASS is worth, told by what the contract would not see."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click

from wscheck.capture import read_capture
from wscheck.cli.output import color_option, is_colored, print_whole, variable
from wscheck.config import find_config
from wscheck.contract.load import load_contract
from wscheck.contract.model import Contract
from wscheck.errors import CaptureError
from wscheck.redact import Redactor
from wscheck.report.terminal.lines import paint
from wscheck.strength import Specimen, as_json, as_lines, measure, read_specimen
from wscheck.text import safe

_NOTHING_CHECKED = 4


@click.command(
    epilog="\b\nExamples:\n  wscheck strength agent-events@2 run.jsonl\n"
    "  wscheck strength ./contract.yaml captures/*.jsonl --most 50 --seed 7 --format json"
)
@click.argument("contract")
@click.argument("captures", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=0, show_default=True, help="What is drawn: the same seed, the same mutants.")
@click.option("--most", type=click.IntRange(min=1), default=10, show_default=True, metavar="N",
              help="At most so many mutants for each operator and event.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@click.option("--contracts", multiple=True, metavar="DIR", type=click.Path(path_type=Path),
              help="A folder to look up contracts in; repeatable.", **variable("CONTRACTS"))  # fmt: skip
@color_option
def strength(
    contract: str,
    captures: tuple[Path, ...],
    seed: int,
    most: int,
    form: str,
    contracts: tuple[Path, ...],
    color: str,
) -> int:
    """Break CAPTURES, which must pass CONTRACT, in one place each, and say how many of the faults CONTRACT sees."""
    loaded = load_contract(contract, folders=(*contracts, *find_config(Path()).contracts))
    measured = measure(loaded, [_read(loaded, path) for path in captures], seed=seed, most=most)
    if form == "json":
        print_whole(json.dumps(as_json(measured), indent=2) + "\n")
    else:
        width = min(shutil.get_terminal_size((100, 24)).columns, 140)
        print_whole(paint(as_lines(measured, width=width), color=is_colored(color)))
    return 0 if measured.faults else _NOTHING_CHECKED


def _read(contract: Contract, path: Path) -> Specimen:
    redactor = Redactor((), contract.redact, {contract.frame})
    with read_capture(path) as capture:
        records = [redactor.record(record) if contract.redact else record for record in capture]
        if capture.truncated:
            raise CaptureError(f"{safe(str(path))} is not whole ({'; '.join(capture.notes)}), so it passes nothing")
        return read_specimen(contract, str(path), records, exercises=capture.header.exercises)
