"""Every code has an explanation, and every example is what the checker makes of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from tests.support.streams import check
from tests.test_docs import causes_by_phase
from wscheck.contract.load import parse_contract
from wscheck.errors import UsageError
from wscheck.explain import Entry, Example, find, list_entries, name_kinds, read_trace
from wscheck.finding import CODES, Severity
from wscheck.record import PHASES, Cut
from wscheck.report.terminal.advice import ADVICE
from wscheck.result import EXIT_CODES, Outcome

PACKAGE = Path(__file__).parents[2] / "wscheck"
EXITS = {str(code) for code in EXIT_CODES.values()} | {"2", "70", "130", "143"}
EXAMPLES = [entry for entry in list_entries() if entry.example]


def names(kind: str) -> list[str]:
    return [entry.name for entry in list_entries() if entry.kind == kind]


def notes_in_code() -> Iterator[str]:
    """Yield the code of every note that is made in the package."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Note":
                (code,) = (word.value for word in node.keywords if word.arg == "code")
                assert isinstance(code, ast.Constant), f"{path}:{node.lineno}: a note's code is to be written out"
                yield code.value
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "note_limit":
                assert isinstance(node.args[0], ast.Constant)
                yield node.args[0].value


def judge(example: Example, stream: str) -> Outcome:
    return check(parse_contract(example.whole_contract), read_trace(getattr(example, stream)))


def test_every_finding_code_has_an_entry_and_no_other_name() -> None:
    assert names("finding") == list(CODES)


def test_every_cause_of_a_phase_has_an_entry_and_no_other_name() -> None:
    explained = [(entry.phase, entry.name) for entry in list_entries() if entry.kind == "cause"]
    documented = causes_by_phase()
    documented["open"] = {*get_args(get_type_hints(Cut)["cause"]), "auth-expired"}
    assert len(explained) == len(set(explained))
    assert set(explained) == {(phase, cause) for phase, causes in documented.items() for cause in causes}
    assert list(dict.fromkeys(phase for phase, _ in explained)) == list(PHASES)


def test_every_exit_code_has_an_entry_and_no_other_number() -> None:
    assert set(names("exit code")) == EXITS


def test_every_note_in_the_code_has_an_entry_and_no_other_name() -> None:
    assert set(names("note")) == set(notes_in_code())


@pytest.mark.parametrize("entry", list_entries(), ids=lambda entry: f"{entry.kind}-{entry.name}")
def test_an_entry_says_what_it_means_and_what_to_do_in_sentences(entry: Entry) -> None:
    todo = ADVICE[entry.name] if entry.next is None else entry.next
    for text in (entry.means, entry.matters, entry.usual, todo):
        assert text.endswith(".")
        assert text == " ".join(text.split())
    assert name_kinds(entry)


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda entry: entry.name)
def test_the_checker_finds_the_code_in_the_breaking_stream_and_nothing_else_that_matters(entry: Entry) -> None:
    assert entry.example
    outcome = judge(entry.example, "breaking")
    assert {finding.code for finding in outcome.findings} - {"vacuous"} == {entry.name} - {"vacuous"}
    assert entry.name in {finding.code for finding in outcome.findings}


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda entry: entry.name)
def test_the_checker_finds_nothing_in_the_conforming_stream(entry: Entry) -> None:
    assert entry.example
    made = [finding.code for finding in judge(entry.example, "conforming").findings]
    assert [code for code in made if code != "vacuous" or entry.name == code] == []


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda entry: entry.name)
def test_the_finding_in_an_example_has_the_severity_that_its_entry_says(entry: Entry) -> None:
    assert entry.example
    made = [finding for finding in judge(entry.example, "breaking").findings if finding.code == entry.name]
    # The one that is ignored by default cannot be shown as it is by default.
    due = Severity.ERROR if entry.name == "reused-key" else entry.severity
    assert {finding.severity for finding in made} == {due}


def test_one_word_for_several_causes_finds_all_of_them() -> None:
    assert [entry.phase for entry in find("starting")] == ["ready", "handshake"]
    assert [entry.phase for entry in find("dropped")] == ["handshake", "open"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("mising", "did you mean 'missing'?"),
        ("Missing", "did you mean 'missing'?"),
        ("conection-refused", "did you mean 'connection-refused'?"),
        ("5", "`wscheck explain` lists them all"),
        ("\x1b[2J", "`wscheck explain` lists them all"),
        ("", "`wscheck explain` lists them all"),
    ],
)
def test_a_word_that_is_no_code_is_refused_with_what_may_be_meant(word: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(word)
    assert str(caught.value).endswith(hint)
    assert "\x1b" not in str(caught.value)
