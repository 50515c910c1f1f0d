"""The table of ratios, as Markdown, and its place in README.md; nothing in it is of one machine."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import starmap
from pathlib import Path

from benchmarks.line import Line
from benchmarks.node import tell_versions

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
_HEADINGS = ("what", "against", "ratio", "of the least", "wall", "aim", "at worst", "")
_PACKAGES = ("wscheck-contracts", "jsonschema-rs", "jsonschema", "orjson", "websockets")


def show_table(lines: Sequence[Line]) -> str:
    """Return the lines as a Markdown table."""
    rows = [_HEADINGS, *(_cells(line) for line in lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    shown = ["| " + " | ".join(starmap(str.ljust, zip(row, widths, strict=True))) + " |" for row in rows]
    shown.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(shown)


def gather_versions(node: Path | None) -> Mapping[str, str]:
    """Return the versions of all that took part; ``node`` is where the rivals under node are installed."""
    python = {platform.python_implementation(): platform.python_version()}
    packages = {name: version(name) for name in _PACKAGES}
    return {**python, **packages, **(tell_versions(node) if node else {})}


def show_versions(versions: Mapping[str, str]) -> str:
    """Return the versions and today's date as a sentence."""
    today = datetime.now(tz=UTC).date().isoformat()
    return f"Measured on {today} with " + ", ".join(starmap("{} {}".format, versions.items())) + "."


def write_between_markers(text: str, path: Path = README) -> None:
    """Put ``text`` between the two markers of the file at ``path``. Raises ValueError where it has not both."""
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} must have the lines {BEGIN} and {END}")
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def _cells(line: Line) -> tuple[str, ...]:
    numbers = (f"{_round(number)}{line.unit}" if number is not None else "" for number in (line.middle, line.least))
    wall = _round(line.wall) if line.wall is not None else ""
    bounds = (str(bound) if bound else "" for bound in (line.aim, line.limit))
    return line.what, line.against, *numbers, wall, *bounds, line.verdict


def _round(number: float) -> str:
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}" if number >= 0.1 else f"{number:.3f}"
