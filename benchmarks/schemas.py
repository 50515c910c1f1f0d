"""The contract's own JSON Schemas, in one file that every rival reads."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "schemas" / "agent-events" / "2.0.0" / "events"
_BASE = "https://benchmarks.invalid/events/"


def write_schemas(path: Path) -> Path:
    """Write, as JSON, ``files``: each schema by its URI, and ``by_type``: the schema that an event's type asks for.

    Of the two events of the type system_message, the stream has only the welcome.
    """
    files = {_BASE + file.name: json.loads(file.read_bytes()) for file in sorted(FOLDER.glob("*.schema.json"))}
    for uri, schema in files.items():
        schema["$id"] = uri
    by_type = {
        schema["properties"]["type"]["const"]: schema
        for uri, schema in files.items()
        if "properties" in schema and not uri.endswith("/system_message.schema.json")
    }
    path.write_text(json.dumps({"files": files, "by_type": by_type}), encoding="utf-8")
    return path
