"""Reports: a result made into text, one format a room."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wscheck.report import github, json_report, junit, markdown, terminal
from wscheck.result import Result

REPORTS: Mapping[str, Callable[[Result], str]] = {
    "github": github.render,
    "json": json_report.render,
    "junit": junit.render,
    "markdown": markdown.render,
    "terminal": terminal.render,
}
"""Every report by the name of its format. The terminal's is without colour here."""
