"""The public test suite of JSON Schema, through the path that a contract's schemas take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.schema.public_suite import DRAFTS, KINDS, Case, NotThereError, cases, fetch, write_remotes
from wscheck.schema import Schema, SchemaError, compile_schema

TABLE = json.loads((Path(__file__).parent / "deviations.json").read_text(encoding="utf-8"))
REFUSED = {tuple(row[:3]) for row in TABLE["refused"]}
JUDGED_OTHERWISE = {tuple(row[:4]) for row in TABLE["judged_otherwise"]}
LEAST = {"required": 600, "optional": 100, "format": 150}
"""Values that a draft has at least: so that a suite that came empty is not a suite that passed."""


@pytest.fixture(scope="module")
def suite() -> Path:
    try:
        return fetch()
    except NotThereError as error:
        pytest.skip(f"THE PUBLIC SUITE WAS NOT RUN, for pip could not bring it here: {error}")


@pytest.fixture(scope="module")
def remotes(suite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("remotes")
    write_remotes(suite, folder)
    return folder


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("draft", DRAFTS)
def test_every_value_of_the_public_suite_is_judged_as_it_says_or_the_deviation_is_named(
    draft: str, kind: str, suite: Path, remotes: Path
) -> None:
    judged, refused, otherwise = 0, set(), set()
    for case in cases(suite, draft, kind):
        schema = _compile(case, remotes)
        if schema is None:
            refused.add((draft, case.file, case.name))
            continue
        judged += len(case.values)
        wrong = [name for name, value, valid in case.values if schema.accepts(value) is not valid]
        otherwise |= {(draft, case.file, case.name, name) for name in wrong}
    assert judged >= LEAST[kind]
    assert refused == {row for row in REFUSED if row[0] == draft and _is_of(row[1], kind)}
    assert otherwise == {row for row in JUDGED_OTHERWISE if row[0] == draft and _is_of(row[1], kind)}


def test_what_is_refused_is_refused_for_the_reason_that_the_table_gives(suite: Path, remotes: Path) -> None:
    words = {"metaschema": "is remote, and nothing is ever fetched", "custom-metaschema": "names an unknown draft"}
    reasons = {tuple(row[:3]): row[3] for row in TABLE["refused"]}
    told = 0
    for draft, kind in {(row[0], "optional" if row[1] == "format-assertion" else "required") for row in REFUSED}:
        for case in cases(suite, draft, kind):
            if (draft, case.file, case.name) in REFUSED:
                with pytest.raises(SchemaError, match=words[reasons[draft, case.file, case.name]]):
                    compile_schema(case.as_files, folder=remotes)
                told += 1
    assert told == len(REFUSED)


def test_every_deviation_has_a_reason() -> None:
    named = {row[-1] for row in [*TABLE["refused"], *TABLE["judged_otherwise"]]}
    assert named == set(TABLE["reasons"])


def _is_of(file: str, kind: str) -> bool:
    return (file == "format-assertion") == (kind == "optional") and kind != "format"


def _compile(case: Case, remotes: Path) -> Schema | None:
    """The schema as it stands; where it refers to what only files can hold, as a contract with those files has it."""
    attempts: list[tuple[Any, Path | None]] = [(case.schema, None), (case.as_files, remotes)]
    for schema, folder in attempts:
        try:
            return compile_schema(schema, folder=folder)
        except SchemaError:
            continue
    return None
