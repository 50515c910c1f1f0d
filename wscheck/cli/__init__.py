"""The command line: the one room that imports click, one command a file."""

from __future__ import annotations

from wscheck.cli.main import main

__all__ = ["main"]
