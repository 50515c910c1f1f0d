"""`wscheck schema`: the published schemas of wscheck's own documents, for editors and for other tools."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import click

from wscheck import shipped
from wscheck.cli.output import print_whole
from wscheck.errors import UsageError
from wscheck.text import safe, shorten

_END = "-1.schema.json"


@click.command(
    epilog="\b\nExamples:\n  wscheck schema contract > contract-1.schema.json\n  wscheck schema scenario",
)
@click.argument("name", required=False)
def schema(name: str | None) -> int:
    """Print the JSON Schema of the documents called NAME; without it, list what there is.

    An editor that knows YAML and JSON Schema completes and checks contracts and scenarios by it.
    """
    found = _find_schemas()
    if name is None:
        print_whole("".join(f"{each}\n" for each in found))
    elif name in found:
        print_whole(found[name].read_bytes())
    else:
        near = get_close_matches(name.lower(), found, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(found)}"
        raise UsageError(f"there is no schema '{safe(shorten(name, 80))}'; {hint}")
    return 0


def _find_schemas() -> Mapping[str, Path]:
    folder = shipped.schemas() / "wscheck"
    return {path.name.removesuffix(_END): path for path in sorted(folder.glob(f"*{_END}"))}
