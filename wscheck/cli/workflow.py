"""A step of GitHub Actions is told unasked: annotations in its log, the Markdown report in its summary."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from wscheck.report import github, markdown
from wscheck.result import Result
from wscheck.text import safe

MOST_OF_A_SUMMARY = 1024 * 1024
"""Bytes that GitHub takes of one step's summary; of what has more, it takes nothing."""


def tell_workflow(result: Result, *, form: str, written: Collection[Path], environ: Mapping[str, str]) -> str:
    """Add to the summary of the step that ``environ`` is of, and return what its log is to be told: nothing elsewhere.

    ``form`` is what standard output holds, ``written`` are the reports: neither is told twice. Where the summary cannot
    be written, what is returned says so; the exit code is about the run.
    """
    if environ.get("GITHUB_ACTIONS") != "true":
        return ""
    told = "" if form == "github" else github.render(result)
    summary = environ.get("GITHUB_STEP_SUMMARY")
    if not summary or Path(summary) in written:
        return told
    try:
        _append(Path(summary), result)
    except OSError as error:
        return f"{told}wscheck: the summary {safe(summary)} could not be written: {error.strerror}\n"
    return told


def _append(path: Path, result: Result) -> None:
    with path.open("ab") as file:
        before = b"\n" if file.tell() else b""
        text = before + markdown.render(result).encode()
        if file.tell() + len(text) > MOST_OF_A_SUMMARY:
            text = before + markdown.render(result, whole=False).encode()
        file.write(text)
