"""JSON Schema: jsonschema-rs judges, jsonschema explains, and nothing else in wscheck imports either.

Formats are asserted, in each draft those that jsonschema-rs knows for it: ``date-time``, ``date``, ``time``, ``email``,
``idn-email``, ``hostname``, ``ipv4``, ``ipv6``, ``uri`` and ``regex`` in all; ``uri-reference``, ``uri-template`` and
``json-pointer`` from draft 6; ``idn-hostname``, ``iri``, ``iri-reference`` and ``relative-json-pointer`` from draft 7;
``duration`` and ``uuid`` from 2019-09. Any other format asserts nothing. ``contentEncoding`` and ``contentMediaType``
are asserted in drafts 6 and 7 only.
"""

from wscheck.schema.compiled import Schema, compile_schema, engine
from wscheck.schema.file import SchemaError
from wscheck.schema.second_opinion import get_ready
from wscheck.schema.words import Explanation

__all__ = ["Explanation", "Schema", "SchemaError", "compile_schema", "engine", "get_ready"]
