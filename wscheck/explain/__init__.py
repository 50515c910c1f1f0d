"""What every code means: findings, causes, exit codes, notes and remarks of lint, with examples that are held true."""

from __future__ import annotations

from wscheck.explain.entries import Entry, Example, Twins, find, list_entries, name_kinds
from wscheck.explain.trace import read_trace

__all__ = ["Entry", "Example", "Twins", "find", "list_entries", "name_kinds", "read_trace"]
