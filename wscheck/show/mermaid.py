"""Diagrams as Mermaid's stateDiagram-v2, each scope a composite state; names cannot leave their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wscheck.show.diagram import Diagram
from wscheck.text import safe

_MARKUP = re.compile(r"[^A-Za-z0-9_.$ |/-]")


def as_mermaid(diagrams: Iterable[Diagram]) -> str:
    """Return one stateDiagram-v2 of all ``diagrams``."""
    lines = ["stateDiagram-v2", "    direction LR"]
    for number, diagram in enumerate(diagrams):
        lines += [f'    state "{_escape(diagram.scope)}" as scope{number} {{']
        lines += (f"        {line}" for line in _inside(diagram, f"scope{number}"))
        lines += ["    }"]
    return "\n".join(lines) + "\n"


def _inside(diagram: Diagram, prefix: str) -> Iterator[str]:
    for state in range(len(diagram.accepting)):
        yield f'state "{state}" as {prefix}_{state}'
    yield f"[*] --> {prefix}_0"
    for arrow in diagram.arrows:
        label = _escape(" | ".join(arrow.labels))
        yield f"{prefix}_{arrow.source} --> {prefix}_{arrow.target}: {label}"
    for state, accepting in enumerate(diagram.accepting):
        if accepting:
            yield f"{prefix}_{state} --> [*]"


def _escape(text: str) -> str:
    """Write what could be markup as Mermaid's entity codes, which are decimal code points."""
    return _MARKUP.sub(lambda match: f"#{ord(match[0])};", safe(text))
