"""The public test suite of JSON Schema, as the source archive of one release of jsonschema carries it."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, relpath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urldefrag, urljoin

REQUIREMENT = "jsonschema==4.26.0 --hash=sha256:0c26707e2efad8aa1bfc5b7ce170f3fccc2e4918ff85989ba9ffa9facb2be326"
ROOT = Path(__file__).parent.parent.parent
CACHE = ROOT / ".pytest_cache" / "json-schema-test-suite-4.26.0"
HOST = "http://localhost:1234/"
"""Where the suite would have its remote documents served from."""

DRAFTS = {
    "draft4": "http://json-schema.org/draft-04/schema#",
    "draft6": "http://json-schema.org/draft-06/schema#",
    "draft7": "http://json-schema.org/draft-07/schema#",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
}
KINDS = {"required": "*.json", "optional": "optional/*.json", "format": "optional/format/*.json"}


class NotThereError(Exception):
    """The suite could not be brought here."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One schema of the suite, with its values and whether each is valid. ``as_files``: its references made relative.

    ``as_files`` looks for the suite's remote documents in a folder, where wscheck may read them.
    """

    draft: str
    file: str
    name: str
    schema: Any
    as_files: Any
    values: list[tuple[str, Any, bool]]


def fetch() -> Path:
    """Return the folder of the suite, brought here by pip where it is not yet. Raises NotThereError."""
    CACHE.parent.mkdir(exist_ok=True)
    with (CACHE.parent / "json-schema-test-suite.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not CACHE.is_dir():
            with TemporaryDirectory(dir=CACHE.parent) as folder:
                _unpack(_download(Path(folder)), Path(folder) / "suite")
                os.replace(Path(folder) / "suite", CACHE)  # noqa: PTH105  all of it or nothing
    return CACHE


def cases(suite: Path, draft: str, kind: str) -> Iterator[Case]:
    """The cases of one draft: those it requires, those it leaves open, or those on formats."""
    for path in sorted((suite / "tests" / draft).glob(KINDS[kind])):
        for case in json.loads(path.read_text(encoding="utf-8")):
            schema = case["schema"]
            if isinstance(schema, dict):
                schema = {"$schema": DRAFTS[draft], **schema}
            values = [(test["description"], test["data"], test["valid"]) for test in case["tests"]]
            yield Case(
                draft=draft,
                file=path.stem,
                name=case["description"],
                schema=schema,
                as_files=_as_files(schema, base="", folder="", old=draft == "draft4"),
                values=values,
            )


def write_remotes(suite: Path, folder: Path) -> None:
    """Write the suite's remote documents into a folder, their references to each other made relative."""
    for path in sorted((suite / "remotes").rglob("*.json")):
        place = path.relative_to(suite / "remotes")
        schema = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(schema, dict) and place.parts[0] in DRAFTS:
            schema.setdefault("$schema", DRAFTS[place.parts[0]])
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        there, old = place.as_posix(), "draft4" in place.parts
        local = _as_files(schema, base=HOST + there, folder=dirname(there), old=old)
        (folder / place).write_text(json.dumps(local), encoding="utf-8")


def _download(folder: Path) -> Path:
    (folder / "requirement.txt").write_text(REQUIREMENT, encoding="utf-8")
    options = ["--quiet", "--no-deps", "--no-binary", "jsonschema", "--dest", str(folder)]
    command = [sys.executable, "-m", "pip", "download", *options, "--requirement", str(folder / "requirement.txt")]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired as error:
        raise NotThereError("pip took more than 300 seconds") from error
    archives = list(folder.glob("*.tar.gz"))
    if ran.returncode or not archives:
        raise NotThereError(f"pip exited {ran.returncode}: {ran.stderr.strip()[-500:]}")
    return archives[0]


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as files:
        for member in files.getmembers():
            _, _, inside = member.name.partition("/json/")
            if member.isfile() and inside.startswith(("tests/draft", "remotes/")):
                path = folder / inside
                path.parent.mkdir(parents=True, exist_ok=True)
                opened = files.extractfile(member)
                path.write_bytes(opened.read() if opened else b"")


def _as_files(value: Any, *, base: str, folder: str, old: bool) -> Any:
    """A schema whose ids are absolute and whose references to documents of the host are paths from ``folder``."""
    ids = {urldefrag(each)[0] for each in _ids(value, base, old)}

    def rewrite(part: Any, base: str) -> Any:
        if isinstance(part, list):
            return [rewrite(each, base) for each in part]
        if not isinstance(part, dict):
            return part
        name = _id(part, old)
        base = urljoin(base, name) if name else base
        written = {key: rewrite(each, base) for key, each in part.items()}
        if name and base.startswith(HOST) and not name.startswith("#"):
            written["id" if old else "$id"] = base
        for word in ("$ref", "$dynamicRef", "$recursiveRef", "$schema"):
            if isinstance(part.get(word), str):
                target, fragment = urldefrag(urljoin(base, part[word]))
                if target.startswith(HOST) and target not in ids and not part[word].startswith("#"):
                    path = relpath(target.removeprefix(HOST), folder or ".")
                    written[word] = f"{path}#{fragment}" if fragment else path
        return written

    return rewrite(value, base)


def _ids(value: Any, base: str, old: bool) -> Iterator[str]:
    if isinstance(value, dict):
        name = _id(value, old)
        if name:
            base = urljoin(base, name)
            yield base
        for each in value.values():
            yield from _ids(each, base, old)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each, base, old)


def _id(schema: dict[str, Any], old: bool) -> str | None:
    name = schema.get("id" if old else "$id")
    return name if isinstance(name, str) and not (old and "$ref" in schema) else None
