"""YAML, JSON and TOML documents, with a place for what is in them; nothing else in wscheck imports yaml or tomllib."""

from wscheck.document.hold import hold
from wscheck.document.read import MAX_BYTES, Document, parse_document, read_document, read_toml

__all__ = ["MAX_BYTES", "Document", "hold", "parse_document", "read_document", "read_toml"]
