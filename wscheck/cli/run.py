"""`wscheck run`: open sessions, capture, check, report."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from wscheck.cli.connecting import connecting_options, read_options
from wscheck.cli.output import read_reports, report_options, tell, variable
from wscheck.cli.verbose import telling
from wscheck.errors import UsageError, WscheckError
from wscheck.finding import Severity, Verdict
from wscheck.run import Options, Ran, learn_scenario, run_scenario
from wscheck.run.signals import KILLED, SignalError, noting_signals

_LONGEST = 86_400


def _check_seconds(_context: click.Context, parameter: click.Parameter, seconds: float) -> float:
    if not 0 <= seconds <= _LONGEST:  # neither is what is no number
        raise click.BadParameter(f"{seconds:g} is no number of seconds from 0 to {_LONGEST}", param=parameter)
    return seconds


@click.command(
    epilog="\b\nExamples:\n  wscheck run scenario.yaml --url ws://127.0.0.1:8080/ws\n"
    "  wscheck run scenarios/*.yaml -e staging --report json=report.json"
)
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path))
@connecting_options
@click.option("--save-capture", metavar="PATH", type=click.Path(path_type=Path),
              help="Keep the capture here, not in wscheck-captures/; .gz is compressed.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Let the capture replace a file.")
@click.option("--seed", type=int, help="What ${nonce}, ${uuid} and ${fresh} follow from.", **variable("SEED"))
@click.option("--retry-for", metavar="SECONDS", type=float, default=0.0, callback=_check_seconds,
              help="Try again so long while the target is unavailable; never where something is broken.",
              **variable("RETRY_FOR"))  # fmt: skip
@click.option("-v", "--verbose", count=True, help="Show what is decided and each record, on stderr; -vv all of it.")
@report_options
def run(
    scenarios: tuple[Path, ...],
    save_capture: Path | None,
    form: str,
    reports: tuple[str, ...],
    fail_on: str | None,
    color: str,
    verbose: int,
    **given: Any,
) -> int:
    """Open the sessions of each of SCENARIOS, capture what comes, and check it against the scenario's contract."""
    wanted = read_reports(reports, [save_capture] if save_capture else [])
    if save_capture and len(scenarios) > 1:
        raise UsageError("--save-capture names one file, and there are several scenarios")
    least = None if fail_on is None else Severity(fail_on)
    told = telling(verbose)
    options = read_options(capture=save_capture, fail_on=least, follow=told.follow, tell=told.tell, **given)
    suite = _run_all(scenarios, options)
    with noting_signals(suite.number) as stop:  # a report that was begun is written to its end
        code = tell(
            [one.outcome for one in suite.ran],
            form=form,
            reports=wanted,
            fail_on=_strictest(suite.ran),
            color=color,
            next_steps=list(map(check_again, filter(_has_more_to_show, suite.ran))),
            interrupted=suite.number,
        )
    if stop.number is not None:
        return KILLED + stop.number
    if suite.error is not None:
        raise suite.error
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suite:
    """What was run of several scenarios, and what ended that early: a signal, or what one could not be run for."""

    ran: list[Ran]
    number: int | None = None
    error: WscheckError | None = None


def _run_all(scenarios: Sequence[Path], options: Options) -> _Suite:
    """Run one scenario after the other, up to the one that a signal interrupts or that cannot be run."""
    if len(scenarios) > 1:
        # What is wrong with the last one is said before the first one is run; and what one of them must not tell, no
        # server may make another one tell.
        known = [learn_scenario(scenario, options) for scenario in scenarios]
        options = replace(options, known=frozenset().union(*known))
    ran: list[Ran] = []
    try:
        for scenario in scenarios:
            ran.append(run_scenario(scenario, options))
            if ran[-1].interrupted:
                return _Suite(ran=ran, number=ran[-1].interrupted)
    except (SignalError, WscheckError) as early:
        if not ran:
            raise
        # What was run is told all the same.
        return _Suite(ran=ran, error=early) if isinstance(early, WscheckError) else _Suite(ran=ran, number=early.number)
    return _Suite(ran=ran)


def _strictest(ran: Sequence[Ran]) -> Severity:
    """Return the least severity that moved a verdict: scenarios of several folders may have several profiles."""
    return Severity.WARNING if any(one.fail_on is Severity.WARNING for one in ran) else Severity.ERROR


def check_again(ran: Ran) -> str:
    """Return the command that gives the same verdict from the capture."""
    return shlex.join(["wscheck", "check", ran.outcome.contract.file, str(ran.capture)])


def _has_more_to_show(ran: Ran) -> bool:
    # Where it failed, the report itself advises to check again.
    outcome = ran.outcome
    return outcome.verdict is not Verdict.FAIL and any(session.received for session in outcome.sessions)
