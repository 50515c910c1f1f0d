"""Every code of lint: a contract on which it makes this remark and no other, and a twin without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from wscheck.explain import Entry, list_entries
from wscheck.finding import Severity
from wscheck.lint import CODES, lint, parse_subject, read_subject

ENTRIES = [entry for entry in list_entries() if entry.kind == "lint"]
SHOWN = [entry for entry in ENTRIES if entry.twins]
CONTRACT = 'wscheck: 1\nname: t\nversion: "1.0.0"\nevent_name: /type\n'
RANKS = (Severity.INFO, Severity.WARNING, Severity.ERROR)


def name_of(entry: Entry) -> str:
    return entry.name


def test_every_code_of_lint_has_an_entry_and_no_other_name() -> None:
    assert [entry.name for entry in ENTRIES] == list(CODES)
    assert {entry.name for entry in ENTRIES} - {entry.name for entry in SHOWN} == {"unused-schema"}


@pytest.mark.parametrize("entry", SHOWN, ids=name_of)
def test_the_contract_of_an_entry_gets_its_remark_and_no_other(entry: Entry) -> None:
    assert entry.twins
    remarks = lint(parse_subject(entry.twins.whole_remarked))
    assert [remark.code for remark in remarks] == [entry.name]
    assert RANKS.index(remarks[0].severity) <= RANKS.index(CODES[entry.name])
    assert remarks[0].position.line > 4


@pytest.mark.parametrize("entry", SHOWN, ids=name_of)
def test_its_twin_gets_none(entry: Entry) -> None:
    assert entry.twins
    assert lint(parse_subject(entry.twins.whole_sound)) == ()


def test_a_schema_file_that_nothing_refers_to_is_remarked_on_and_no_other(tmp_path: Path) -> None:
    events = tmp_path / "events"
    events.mkdir()
    text = CONTRACT + 'events: {a: {schema: {$ref: events/a.schema.json}}, b: }\nscopes: {run: {order: "a, b"}}\n'
    (tmp_path / "contract.yaml").write_text(text, encoding="utf-8")
    (events / "a.schema.json").write_text('{"type": "object"}', encoding="utf-8")
    assert lint(read_subject(str(tmp_path))) == ()
    (events / "b.schema.json").write_text('{"type": "object"}', encoding="utf-8")
    (events / "notes.json").write_text("{}", encoding="utf-8")
    (remark,) = lint(read_subject(str(tmp_path)))
    assert (remark.code, remark.position.file) == ("unused-schema", str(events / "b.schema.json"))
