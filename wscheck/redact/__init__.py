"""Redaction: what keeps secrets out of records, captures and reports, and changes no verdict."""

from __future__ import annotations

from wscheck.redact.redactor import Redactor

__all__ = ["Redactor"]
