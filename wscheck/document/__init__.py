"""YAML and JSON documents, with a place for everything in them; nothing else in wscheck imports yaml."""

from wscheck.document.hold import hold
from wscheck.document.read import MAX_BYTES, Document, parse_document, read_document

__all__ = ["MAX_BYTES", "Document", "hold", "parse_document", "read_document"]
