"""`python -m benchmarks`: measure, side by side, and print the table of ratios."""

from __future__ import annotations

import argparse

from benchmarks.rows import ROWS
from benchmarks.table import gather_versions, show_table, show_versions, write_between_markers
from benchmarks.workshop import QUICK, Sizes, open_workshop, say


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"what to measure: {', '.join(ROWS)}; else all")
    parser.add_argument("--quick", action="store_true", help="a small run, whose figures are rough")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    given = parser.parse_args()
    if unknown := set(given.rows) - set(ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    if given.quick and given.write:
        parser.error("the figures of --quick are rough, and are not written")
    with open_workshop(QUICK if given.quick else Sizes()) as workshop:
        lines = []
        for name in given.rows or ROWS:
            say(f"measuring {name}")
            for line in ROWS[name](workshop):
                say(f"  {line.what} : {line.against} = {line.middle:.3f}{line.unit}   {line.aside}")
                lines.append(line)
        told = f"{show_table(lines)}\n\n{show_versions(gather_versions(workshop.node))}"
    print(told)
    if given.write:
        write_between_markers(told)


if __name__ == "__main__":
    main()
