"""A message body made from a JSON Schema: small, and as the schema wants it."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from tests.oracle.contract import find

WORDS = ["x", "{ a }", "other_request", "other_reply", "5.3", "E_CODE", "text/plain", "/a", "0x1f", "abc-1"]
"""Strings of which one fits each pattern that the contracts use."""


class Sampler:
    """Makes bodies for one schema, which may hold the files it refers to under ids of their own."""

    def __init__(self, rng: Random, schema: Any) -> None:
        self.rng = rng
        self.root = schema
        inside = (schema.get("$defs") or {}).values() if isinstance(schema, dict) else []
        self.files = {each["$id"]: each for each in inside if isinstance(each, dict) and "$id" in each}

    def sample(self, extras: float) -> Any:
        """A value; each optional member is there with the chance ``extras``."""
        return self._make([(self.root, self.root)], extras, 0)

    def _gather(self, schema: Any, home: Any) -> list[tuple[Any, Any]]:
        """All that holds at the place of one schema, each with the document it stands in."""
        if not isinstance(schema, dict):
            return [(schema, home)]
        home = schema if "$id" in schema else home
        gathered = [(schema, home)]
        if "$ref" in schema:
            gathered += self._gather(*self._follow(schema["$ref"], home))
        for one in schema.get("allOf", []):
            gathered += self._gather(one, home)
        for word in ("oneOf", "anyOf"):
            if word in schema:
                gathered += self._gather(self.rng.choice(schema[word]), home)
        return gathered

    def _follow(self, reference: str, home: Any) -> tuple[Any, Any]:
        file, _, pointer = reference.partition("#")
        if file:
            near = [each for name, each in self.files.items() if name.endswith("/" + file.rpartition("/")[2])]
            home = near[0]
        return find(home, pointer)[0], home

    def _make(self, schemas: list[tuple[Any, Any]], extras: float, depth: int) -> Any:
        held = [pair for schema, home in schemas for pair in self._gather(schema, home)]
        words = [(schema, home) for schema, home in held if isinstance(schema, dict)]
        for schema, _ in words:
            if "const" in schema:
                return schema["const"]
        enums = [schema["enum"] for schema, _ in words if "enum" in schema]
        if enums:
            return self.rng.choice([each for each in enums[0] if all(each in enum for enum in enums)])
        kinds = [schema["type"] for schema, _ in words if "type" in schema]
        kind = kinds[0] if kinds else "object" if self._is_object(words) else "string"
        kind = self.rng.choice(kind) if isinstance(kind, list) else kind
        match kind:
            case "object":
                return self._object(words, extras, depth)
            case "array":
                items = [(schema["items"], home) for schema, home in words if "items" in schema]
                least = max((schema.get("minItems", 0) for schema, _ in words), default=0)
                wanted = max(least, int(depth < 3 and self.rng.random() < extras))
                return [self._make(items, extras, depth + 1) for _ in range(wanted)] if items else [1] * least
            case "string":
                return self._string(words)
            case "integer" | "number":
                low = max((schema.get("minimum", schema.get("exclusiveMinimum", 0)) for schema, _ in words), default=0)
                return max(low, 0) + (1 if any("exclusiveMinimum" in schema for schema, _ in words) else 0)
            case "boolean":
                return self.rng.random() < 0.5
            case _:
                return None

    def _members(self, words: list[tuple[Any, Any]]) -> set[str]:
        return {name for schema, _ in words for word in ("properties", "required") for name in schema.get(word, ())}

    def _is_object(self, words: list[tuple[Any, Any]]) -> bool:
        return bool(self._members(words)) or any("maxProperties" in schema for schema, _ in words)

    def _object(self, words: list[tuple[Any, Any]], extras: float, depth: int) -> dict[str, Any]:
        required = {name for schema, _ in words for name in schema.get("required", [])}
        value = {}
        for name in sorted(self._members(words)):
            inner = [(s["properties"][name], home) for s, home in words if name in s.get("properties", {})]
            if any(schema is False for schema, _ in inner):
                continue
            if name in required or (depth < 4 and self.rng.random() < extras):
                value[name] = self._make(inner, extras, depth + 1)
        return value

    def _string(self, words: list[tuple[Any, Any]]) -> str:
        if any("format" in schema for schema, _ in words):
            return "2026-11-22T20:00:00Z"
        due = [schema["pattern"] for schema, _ in words if "pattern" in schema]
        never = [schema["not"]["pattern"] for schema, _ in words if "pattern" in (schema.get("not") or {})]
        for word in WORDS:
            if all(re.search(each, word) for each in due) and not any(re.search(each, word) for each in never):
                return word
        return "x"


def put(value: Any, pointer: str, part: Any) -> None:
    """Set what a JSON Pointer names, making objects on the way; nothing where something else stands there."""
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    for token in tokens[:-1]:
        if not isinstance(value, dict):
            return
        value = value.setdefault(token, {})
    if isinstance(value, dict) and tokens:
        value[tokens[-1]] = part
