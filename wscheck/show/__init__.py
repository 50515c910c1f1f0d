"""A contract told: in sentences that need no knowledge of the language, and its automata as diagrams."""

from __future__ import annotations

from wscheck.show.diagram import Diagram, draw
from wscheck.show.dot import as_dot
from wscheck.show.mermaid import as_mermaid
from wscheck.show.story import Section, Sentence, tell

__all__ = ["Diagram", "Section", "Sentence", "as_dot", "as_mermaid", "draw", "tell"]
