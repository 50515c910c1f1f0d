"""What is said of a stream, to the last word: goldens of whole outcomes, read as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.checker.test_rows import JUDGED
from tests.report.goldens import golden
from tests.support.streams import records_of
from tests.told.corners import corners
from tests.told.refusals import refusals
from tests.told.streams import Stream, streams
from tests.told.telling import tell
from wscheck.checker import Checker, Choice
from wscheck.contract.load import parse_contract
from wscheck.errors import ContractError

NAMES = ["rows", "streams", "corners", "refusals"]
GOLDEN = Path(__file__).parent / "golden"


def _rows() -> Iterator[str]:
    for row in JUDGED:
        checker = Checker(parse_contract(row["contract"]))
        for record in records_of(row):
            checker.observe(record)
        yield tell(row["name"], checker.conclude(truncated=not row["ended"]))


def _streams() -> Iterator[str]:
    yield from _tell_all(streams())


def _corners() -> Iterator[str]:
    yield from _tell_all(corners())


def _refusals() -> Iterator[str]:
    for name, text in refusals():
        try:
            parse_contract(text)
        except ContractError as error:
            yield f"## {name}\n{error}\n"
        else:
            yield f"## {name}\ntaken\n"


def _tell_all(told: Iterable[Stream]) -> Iterator[str]:
    for name, contracts, records in told:
        judge = Checker(contracts[0]) if len(contracts) == 1 else Choice(contracts)
        for record in records:
            judge.observe(record)
        yield tell(name, judge.conclude())


@pytest.mark.parametrize("make", [_rows, _streams, _corners, _refusals], ids=NAMES)
def test_what_is_told_of_a_stream_is_what_was_told_when_it_was_last_read(
    make: Callable[[], Iterator[str]], request: pytest.FixtureRequest
) -> None:
    name = f"{request.node.callspec.id}.txt"
    told = "\n".join(make())
    assert told == golden(name, told, GOLDEN)


def test_every_golden_of_what_is_told_is_told_by_a_test() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.txt" for name in NAMES}
