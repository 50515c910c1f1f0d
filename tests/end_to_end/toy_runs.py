"""Scenarios run against the toy server: what they come to, and what their captures hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.end_to_end.runs import run_against
from tests.support.toy import CONTRACT, Toy, serve_toy, write_toy
from wscheck.capture import read_capture
from wscheck.contract.load import load_contract
from wscheck.finding import Severity
from wscheck.record import Record
from wscheck.run import Ran, check_capture


async def play(
    folder: Path, sessions: str, *, head: str = "", toy: Any = None, contract: str = CONTRACT, **options: Any
) -> tuple[Ran, Toy]:
    """Run a scenario against the toy server; its capture gives the same verdict."""
    found = Toy()

    class _Kept:
        async def __aenter__(self) -> Toy:
            nonlocal found
            found = await server.__aenter__()
            return found

        async def __aexit__(self, *error: Any) -> None:
            await server.__aexit__(*error)

    server = toy or serve_toy()
    scenario = write_toy(folder, sessions, head=head)
    (folder / "toy.yaml").write_text(contract, encoding="utf-8")
    ran = await run_against(_Kept(), scenario, folder, **options)  # type: ignore[arg-type]
    again = check_capture(load_contract(str(folder / "toy.yaml")), ran.capture, fail_on=Severity.ERROR)
    assert (again.findings, again.verdict) == (ran.outcome.findings, ran.outcome.verdict)
    return ran, found


def all_records(ran: Ran) -> list[Record]:
    with read_capture(ran.capture) as capture:
        return list(capture)


def records_of(ran: Ran, session: str) -> list[Record]:
    return [record for record in all_records(ran) if record.session == session]


def with_own_urls(server: Any, folder: Path) -> Any:
    """Let the sessions' own urls lead to ``server``, whose port is known only once it listens."""

    class _Serving:
        async def __aenter__(self) -> Toy:
            toy: Toy = await server.__aenter__()
            path = folder / "trial.yaml"
            path.write_text(path.read_text().replace("URL", toy.url))
            return toy

        async def __aexit__(self, *error: Any) -> None:
            await server.__aexit__(*error)

    return _Serving()
