"""The page docs/transport.md is what the table says, and speaks the words of the other pages."""

from __future__ import annotations

import re
from pathlib import Path

from tests.transport.page import PATH, make_page
from tests.transport.rows import KINDS, faults
from wscheck.finding import CODES
from wscheck.record import CUT_CAUSES

VERDICTS = Path(PATH.parent / "verdicts.md").read_text(encoding="utf-8")


def test_the_page_is_made_from_the_table() -> None:
    assert PATH.read_text(encoding="utf-8") == make_page(), "run `python -m tests.transport.page --write`"


def test_every_fault_stands_in_the_page_and_every_kind_is_explained() -> None:
    page = make_page()
    assert [fault.what for fault in faults() if page.count(f" {fault.what} ") != 1] == []
    opening = page.split("\n## ")[0]
    assert re.findall(r"^\| ([a-z]+) \|", opening, re.MULTILINE) == list(KINDS)


def test_every_cause_and_every_code_is_one_that_the_other_pages_explain() -> None:
    causes = {
        cause
        for fault in faults()
        for cause in ([fault.due.cause] if isinstance(fault.due.cause, str) else fault.due.cause or ())
    }
    assert {cause for cause in causes if f"`{cause}`" not in VERDICTS} - set(CUT_CAUSES) == set()
    codes = {code for fault in faults() for one in (fault.due, *fault.tries) for code in one.findings}
    assert codes - set(CODES) == set()
