"""What a contract lets pass on purpose: events that are ignored, and findings that count for less than they would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wscheck.finding import CODES, Severity
from wscheck.lint.remark import Remark
from wscheck.lint.subject import Subject
from wscheck.pointer import join
from wscheck.text import safe

_RANKS = (Severity.IGNORE, Severity.INFO, Severity.WARNING, Severity.ERROR)


def check_tolerated(subject: Subject) -> Iterator[Remark]:
    """Say what passes by `ignore`, and by a `severity` that is lower than the default."""
    contract, value = subject.contract, subject.document.value
    if contract.ignore:
        names = ", ".join(map(safe, sorted(contract.ignore)))
        verb = "is" if len(contract.ignore) == 1 else "are"
        message = (
            f"{names} {verb} ignored: held against a schema and counted, but free to come at any time, any number of "
            "times, or never; take out of `ignore` what must come"
        )
        yield subject.remark("tolerated", message, "/ignore")
    yield from _lowered(subject, value.get("severity", {}), "/severity", "")
    for scope in contract.scopes.values():
        written: Mapping[str, Any] = value.get("scopes", {}).get(scope.name) or {}
        yield from _lowered(subject, written.get("severity", {}), f"{scope.path}/severity", f" in {safe(scope.name)}")
        for rule in scope.rules:
            if rule.severity and _rank(rule.severity) < _rank(CODES[rule.keyword]):
                message = (
                    f"what breaks the rule {safe(rule.id)} is {_told(rule.severity)}; take `severity` out if it must "
                    "hold"
                )
                yield subject.remark("tolerated", message, join(rule.path, "severity"))


def _lowered(subject: Subject, severities: Mapping[str, str], path: str, where: str) -> Iterator[Remark]:
    for code, written in severities.items():
        severity = Severity(written)
        if _rank(severity) < _rank(CODES[code]):
            message = f"`{code}`{where} is {_told(severity)}; take it out of `severity` if what it finds must not be"
            yield subject.remark("tolerated", message, join(path, code))


def _rank(severity: Severity) -> int:
    return _RANKS.index(severity)


def _told(severity: Severity) -> str:
    if severity is Severity.IGNORE:
        return "not shown and moves no verdict"
    article = "an" if severity is Severity.INFO else "a"
    return f"only {article} {severity}, which moves no verdict" + (
        " but with `--fail-on warning`" if severity is Severity.WARNING else ""
    )
