"""Small contracts for the tests of lint, and what lint says of them in short."""

from __future__ import annotations

from collections.abc import Sequence

from wscheck.lint import Remark, lint, parse_subject

HEAD = 'wscheck: 1\nname: t\nversion: "1.0.0"\nevent_name: /type\n'
RUN = 'scopes: {run: {key: /id, order: "start, end"}}'


def remarks(text: str) -> tuple[Remark, ...]:
    """Return what lint says of a contract without its head."""
    return lint(parse_subject(HEAD + text))


def said(text: str) -> list[tuple[str, str]]:
    """Return the codes of its remarks with where they stand."""
    return [(remark.code, remark.position.pointer) for remark in remarks(text)]


def schema_remarks(schema: str) -> Sequence[Remark]:
    """Return what lint says of a contract with one JSON Schema, which is held against a member of a message."""
    return remarks(f"events: {{start: {{match: {{/type: start, /p: {schema}}}}}, end: }}\n{RUN}")
