"""Whether a contract is sound: what in it decides nothing, contradicts itself, or lets pass what it seems to hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wscheck.lint.blind import BlindSpot, check_blind_spots, find_blind_spots
from wscheck.lint.events import check_alternatives, check_places
from wscheck.lint.keywords import check_keywords
from wscheck.lint.names import check_groups, check_members
from wscheck.lint.redaction import check_redacted
from wscheck.lint.remark import CODES, Remark
from wscheck.lint.schemas import check_files, check_schemas
from wscheck.lint.scopes import check_clauses, check_keys, check_openings
from wscheck.lint.subject import Subject, parse_subject, read_subject
from wscheck.lint.tolerance import check_tolerated

CHECKS: tuple[Callable[[Subject], Iterator[Remark]], ...] = (
    check_keywords,
    check_schemas,
    check_files,
    check_alternatives,
    check_places,
    check_members,
    check_groups,
    check_openings,
    check_clauses,
    check_keys,
    check_redacted,
    check_tolerated,
    check_blind_spots,
)
"""All that lint looks for: each check takes a subject and yields remarks."""


def lint(subject: Subject) -> tuple[Remark, ...]:
    """Return the remarks on a contract: those on its document first, then those on its schema files, by line."""
    remarks = [remark for check in CHECKS for remark in check(subject)]
    own = subject.document.file
    return tuple(
        sorted(
            remarks,
            key=lambda remark: (
                remark.position.file != own,
                remark.position.file,
                remark.position.line,
                remark.position.column,
                remark.code,
                remark.message,
            ),
        )
    )


__all__ = [
    "CHECKS",
    "CODES",
    "BlindSpot",
    "Remark",
    "Subject",
    "find_blind_spots",
    "lint",
    "parse_subject",
    "read_subject",
]
