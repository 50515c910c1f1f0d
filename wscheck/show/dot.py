"""Diagrams in DOT, the language of Graphviz, each scope a cluster; names stand in quotes that they cannot leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wscheck.show.diagram import Diagram
from wscheck.text import safe


def as_dot(name: str, diagrams: Iterable[Diagram]) -> str:
    """Return one digraph called ``name`` of all ``diagrams``; a double circle is where the order may end."""
    lines = [f"digraph {_quote(name)} {{", "    rankdir=LR;", "    node [shape=circle];"]
    for number, diagram in enumerate(diagrams):
        lines += [f"    subgraph cluster_{number} {{", f"        label={_quote(diagram.scope)};"]
        lines += (f"        {line}" for line in _inside(diagram, f"s{number}"))
        lines += ["    }"]
    return "\n".join([*lines, "}"]) + "\n"


def _inside(diagram: Diagram, prefix: str) -> Iterator[str]:
    yield f"{prefix}_start [shape=point];"
    for state, accepting in enumerate(diagram.accepting):
        shape = ", shape=doublecircle" if accepting else ""
        yield f'{prefix}_{state} [label="{state}"{shape}];'
    yield f"{prefix}_start -> {prefix}_0;"
    for arrow in diagram.arrows:
        yield f"{prefix}_{arrow.source} -> {prefix}_{arrow.target} [label={_quote(' | '.join(arrow.labels))}];"


def _quote(text: str) -> str:
    """Return ``text`` as a quoted string in which a backslash is only a backslash (The DOT Language, ID)."""
    escaped = safe(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
