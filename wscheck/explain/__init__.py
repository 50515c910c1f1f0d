"""What every code means: finding codes, causes, exit codes and notes, with streams that the checker is held to."""

from __future__ import annotations

from wscheck.explain.entries import Entry, Example, find, list_entries, name_kinds
from wscheck.explain.trace import read_trace

__all__ = ["Entry", "Example", "find", "list_entries", "name_kinds", "read_trace"]
