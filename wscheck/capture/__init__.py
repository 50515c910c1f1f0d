"""Captures: what happened on the wire, kept on disk, one format a file."""

from __future__ import annotations

from wscheck.capture.jsonl import Header
from wscheck.capture.reader import CaptureReader, read_capture
from wscheck.capture.writer import CaptureWriter

__all__ = ["CaptureReader", "CaptureWriter", "Header", "read_capture"]
