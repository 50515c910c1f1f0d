"""What the oracle makes of a capture: the findings, and by the page on verdicts what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.oracle.contract import Contract
from tests.oracle.judge import Court

STRENGTH = ["none", "pass", "inconclusive", "error", "fail"]
EXIT_CODES = {"pass": 0, "fail": 1, "error": 3, "inconclusive": 4, "none": 4}

Row = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """``rows``: code, rule, scope, key, index, related indices and verdict of each finding."""

    rows: list[Row]
    verdict: str
    exit_code: int


def conclude(contract: Contract, records: list[dict[str, Any]], *, ended: bool) -> Judgement:
    """Judge the records of one capture; ``ended``: its last line stands."""
    court = Court(contract)
    for index, record in enumerate(records, 1):
        court.observe(index, record)
    rows = [finding.row() for finding in court.conclude() if not finding.ignored]
    verdicts = [_exercised(court), *([] if ended else ["inconclusive"])]
    verdicts += ["inconclusive" for record in records if record["kind"] in ("cut", "note")]
    verdicts += [row[6] for row in rows if _severity(contract, row) == "error"]
    verdict = max(verdicts, key=STRENGTH.index)
    return Judgement(rows=rows, verdict=verdict, exit_code=EXIT_CODES[verdict])


def _severity(contract: Contract, row: Row) -> str:
    code, rule, scope = row[:3]
    held = contract.scopes.get(scope)
    rules = [each for each in held.rules if each["id"] == rule] if held else []
    return contract.severity(code, held, rules[0] if rules else None)


def _exercised(court: Court) -> str:
    """`none` where no event was received, or no scope but the connection was ever opened."""
    contract = court.contract
    inner = {name for name in contract.scopes if name != "connection"}
    seen = {each.scope.name for one in court.listening.values() for each in one.connection.state.instances}
    if "connection" not in seen or (inner and not inner & seen):
        return "none"
    return "pass" if court.received - contract.ignored else "none"
