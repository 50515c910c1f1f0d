"""The bare loops that checking is held against: `python -m benchmarks.loops LOOP SCHEMAS FILE` runs one and times it.

Nothing of wscheck is imported here. What is read from disk and compiled beforehand is outside the time that is told.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

Accepts: TypeAlias = Callable[[Any], bool]
Loop: TypeAlias = Callable[[Path, list[bytes]], tuple[int, float, float]]
"""From the schemas and the lines to the number of valid events, and the processor and wall time in seconds."""


def run_floor(schemas: Path, lines: list[bytes]) -> tuple[int, float, float]:
    """Parse each text with orjson, and judge it with jsonschema-rs."""
    from orjson import JSONDecodeError, loads  # noqa: PLC0415 - only what this loop needs is in its process

    judges = _compile_with_rust(schemas)
    valid = 0
    cpu, wall = time.process_time(), time.perf_counter()
    for text in lines:
        try:
            event = loads(text)
        except JSONDecodeError:
            continue
        accepts = judges.get(event["type"])
        if accepts and accepts(event):
            valid += 1
    return valid, time.process_time() - cpu, time.perf_counter() - wall


def run_floor_on_capture(schemas: Path, lines: list[bytes]) -> tuple[int, float, float]:
    """Do as run_floor does, but begin with the capture's lines, as `wscheck check` must."""
    from orjson import JSONDecodeError, loads  # noqa: PLC0415

    judges = _compile_with_rust(schemas)
    valid = 0
    cpu, wall = time.process_time(), time.perf_counter()
    for line in lines:
        record = loads(line)
        if record.get("kind") != "message":
            continue
        try:
            event = loads(record["text"])
        except JSONDecodeError:
            continue
        accepts = judges.get(event["type"])
        if accepts and accepts(event):
            valid += 1
    return valid, time.process_time() - cpu, time.perf_counter() - wall


def run_plain(schemas: Path, lines: list[bytes]) -> tuple[int, float, float]:
    """Parse each text with json, and judge it with jsonschema."""
    judges = _compile_with_python(schemas)
    loads = json.loads
    valid = 0
    cpu, wall = time.process_time(), time.perf_counter()
    for text in lines:
        try:
            event = loads(text)
        except ValueError:
            continue
        accepts = judges.get(event["type"])
        if accepts and accepts(event):
            valid += 1
    return valid, time.process_time() - cpu, time.perf_counter() - wall


LOOPS: Mapping[str, Loop] = {
    "floor": run_floor,
    "floor-on-capture": run_floor_on_capture,
    "plain": run_plain,
}


def main() -> None:
    """Run one loop, and print as JSON how many events were valid and how long it took."""
    loop, schemas, file, *most = sys.argv[1:]
    lines = Path(file).read_bytes().splitlines()[: int(most[0]) if most else None]
    valid, cpu, wall = LOOPS[loop](Path(schemas), lines)
    print(json.dumps({"valid": valid, "cpu": cpu, "wall": wall}))


def _compile_with_rust(path: Path) -> dict[str, Accepts]:
    from jsonschema_rs import Draft202012Validator, RegexOptions, Registry  # noqa: PLC0415

    schemas = json.loads(path.read_bytes())
    registry = Registry(list(schemas["files"].items()))
    return {
        name: Draft202012Validator(
            schema, registry=registry, validate_formats=True, pattern_options=RegexOptions()
        ).is_valid
        for name, schema in schemas["by_type"].items()
    }


def _compile_with_python(path: Path) -> dict[str, Accepts]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415
    from referencing import Registry, Resource  # noqa: PLC0415

    schemas = json.loads(path.read_bytes())
    registry: Registry[Any] = Registry().with_resources(
        (uri, Resource.from_contents(schema)) for uri, schema in schemas["files"].items()
    )
    formats = Draft202012Validator.FORMAT_CHECKER
    return {
        name: Draft202012Validator(schema, registry=registry, format_checker=formats).is_valid
        for name, schema in schemas["by_type"].items()
    }


if __name__ == "__main__":
    main()
