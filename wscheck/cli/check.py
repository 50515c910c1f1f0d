"""`wscheck check`: the same verdict from captures."""

from __future__ import annotations

from pathlib import Path

import click

from wscheck.cli.output import read_reports, report_options, tell
from wscheck.config import choose_profile, find_config
from wscheck.contract.load import load_contract
from wscheck.errors import CaptureError
from wscheck.finding import Severity
from wscheck.result import Outcome
from wscheck.run import check_capture


@click.command(
    epilog="\b\nExamples:\n  wscheck check agent-events@2 capture.jsonl\n"
    "  wscheck check ./contract.yaml one.jsonl two.jsonl.gz --format json"
)
@click.argument("contract")
@click.argument("captures", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--or", "others", metavar="CONTRACT", multiple=True,
              help="Another contract: the first of them whose select holds is used.")  # fmt: skip
@report_options
def check(
    contract: str,
    captures: tuple[Path, ...],
    others: tuple[str, ...],
    form: str,
    reports: tuple[str, ...],
    profile: str | None,
    fail_on: str | None,
    contracts: tuple[Path, ...],
    max_open: int,
    color: str,
) -> int:
    """Check CAPTURES against CONTRACT: NAME, NAME@VERSION, a folder or a file."""
    wanted = read_reports(reports, captures)
    config = find_config(Path())
    folders = (*contracts, *config.contracts)
    chosen = choose_profile(config, profile)
    least = Severity(fail_on) if fail_on else chosen.fail_on or Severity.ERROR
    loaded = load_contract(contract, folders=folders)
    offered = [load_contract(other, folders=folders) for other in others]
    outcomes: list[Outcome] = []
    unreadable: list[CaptureError] = []
    for path in captures:
        try:
            outcomes.append(
                check_capture(loaded, path, fail_on=least, others=offered, folders=folders, max_open=max_open)
            )
        except CaptureError as error:
            unreadable.append(error)
    if outcomes:
        code = tell(outcomes, form=form, reports=wanted, fail_on=least, color=color)
    if not unreadable:
        return code
    # What could be read is told all the same: a failure in one file is not lost for another that is no capture.
    raise CaptureError("; ".join(map(str, unreadable)))
