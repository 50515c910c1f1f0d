"""The tables of twins, one row a fault: a server that has it, and a twin that differs in one place and has none.

A row names its ``code``, or its ``cause`` (PHASE/CAUSE), and in ``about`` what tells it from others of the same. What
``broken`` and ``twin`` say stands between ``before`` and ``after``, in the script of the session or path ``at`` (the
session ada's); ``others`` are the scripts of other paths. What a script may hold is said in server.py. ``contract``,
``scenario`` and ``config`` (a wscheck.toml) are as in their files, with SERVER for where the server listens; a row
without a contract has its table's, one without sessions listens until the server closes. ``due`` are the members of
the finding that are not as usual, a part of its sentence (``text``), and the ``cause`` and ``exit`` code of the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from tests.twins.server import Script
from wscheck.document import read_document
from wscheck.finding import CODES

Side: TypeAlias = Literal["broken", "twin"]

SIDES: tuple[Side, ...] = ("broken", "twin")

_ROWS = Path(__file__).parent / "rows"
_WAITING = {"wait", "deaf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fault, and the finding or the cause that is due.

    ``scripts`` are what the server says, by side and path: on one path ``broken`` stands where the twin has ``twin``,
    and all else is the same. ``finding`` is what is due, None where there is but a cause.
    """

    name: str
    code: str | None
    contract: Mapping[str, Any]
    scenario: Mapping[str, Any]
    config: str
    broken: Script
    twin: Script
    scripts: Mapping[Side, Mapping[str, Script]]
    finding: Mapping[str, Any] | None
    cause: str | None
    exit: int
    text: str = ""

    @property
    def waits(self) -> bool:
        """Whether time has to pass until the fault is seen."""
        items = [item for script in self.scripts["broken"].values() for item in script]
        deadlines = bool(self.config) or "deadline" in self.scenario
        return deadlines or any(isinstance(item, Mapping) and _WAITING & set(item) for item in items)


@cache
def read_rows() -> Mapping[str, Row]:
    """Return the rows of all tables, by name."""
    rows = [row for path in sorted(_ROWS.glob("*.yaml")) for row in _read_file(path)]
    found = {row.name: row for row in rows}
    assert len(found) == len(rows), "two rows have one name"
    return found


def _read_file(path: Path) -> Iterator[Row]:
    document = read_document(path).value
    for members in document["rows"]:
        yield _read_row(**{"contract": document.get("contract"), **members})


def _read_row(
    *,
    contract: Mapping[str, Any],
    broken: Script,
    twin: Script,
    due: Mapping[str, Any],
    code: str | None = None,
    cause: str | None = None,
    about: str = "",
    at: str = "ada",
    before: Script = (),
    after: Script = (),
    others: Mapping[str, Script] | None = None,
    scenario: Mapping[str, Any] | None = None,
    config: str = "",
) -> Row:
    sides: Mapping[Side, Script] = {"broken": broken, "twin": twin}
    return Row(
        name=", ".join(filter(None, (code or cause, about))),
        code=code,
        contract=contract,
        scenario={"sessions": {"ada": {"steps": [{"expect": "$close"}]}}, **(scenario or {})},
        config=config,
        broken=broken,
        twin=twin,
        scripts={side: {**(others or {}), at: (*before, *here, *after)} for side, here in sides.items()},
        finding=None if code is None else _read_finding(code, due),
        cause=due.get("cause", cause),
        exit=due["exit"],
        text=due.get("text", ""),
    )


def _read_finding(code: str, due: Mapping[str, Any]) -> Mapping[str, Any]:
    usual = {"verdict": "fail", "severity": str(CODES[code]), "rule": None, "scope": None, "key": None, "event": None}
    return {"code": code, **{name: due.get(name, value) for name, value in usual.items()}}
