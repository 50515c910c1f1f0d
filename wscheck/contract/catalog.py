"""Contracts by name: NAME@VERSION, NAME@2, NAME, a folder or a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from wscheck.contract.versions import PARTIAL, VERSION, precedence
from wscheck.errors import UsageError
from wscheck.shipped import schemas
from wscheck.text import safe, shorten

DOCUMENTS = ("contract.yaml", "contract.yml", "contract.json")
"""What the document of a contract is called in its folder."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


class Listed(NamedTuple):
    """A contract that was found. ``path`` is its document."""

    name: str
    version: str
    path: Path


def find_contract(name: str, *, folders: Sequence[Path] = ()) -> Path:
    """Return the document of the contract that ``name`` means.

    ``NAME@VERSION`` is that version; ``NAME@2`` and ``NAME@2.1`` the highest of those, ``NAME`` the highest of all, by
    the precedence of Semantic Versioning 2.0.0 (item 11), a prerelease only where there is nothing else. They are
    looked for in ``folders``, then in ``./schemas``, then in what wscheck carries, and the first of these that has one
    wins. Anything else is a folder that holds a contract, or a document. Raises UsageError.
    """
    wanted, _, version = name.partition("@")
    if _NAME.fullmatch(wanted) and (not version or PARTIAL.fullmatch(version) or VERSION.fullmatch(version)):
        for folder in _places(folders):
            if found := _best(_inside(folder, wanted), version):
                return found.path
    if name and _exists(Path(name)):
        return _document(Path(name))
    raise UsageError(_nothing(name, list_contracts(folders)))


def list_contracts(folders: Sequence[Path] = ()) -> list[Listed]:
    """Return every contract that can be found by name, by name and then by version, the lowest first.

    One that an earlier folder has too is left out.
    """
    found: dict[tuple[str, str], Listed] = {}
    for folder in _places(folders):
        for name in _subfolders(folder, _NAME):
            for listed in _inside(folder, name):
                found.setdefault((listed.name, listed.version), listed)
    return sorted(found.values(), key=lambda listed: (listed.name, precedence(listed.version), listed.version))


def _places(folders: Sequence[Path]) -> tuple[Path, ...]:
    return (*folders, Path("schemas"), schemas())


def _inside(folder: Path, name: str) -> Iterator[Listed]:
    for version in _subfolders(folder / name, VERSION):
        for path in _documents(folder / name / version)[:1]:
            yield Listed(name, version, path)


def _subfolders(folder: Path, form: re.Pattern[str]) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if form.fullmatch(path.name) and path.is_dir())
    except OSError:
        return []


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long for the file system
        return False


def _documents(folder: Path) -> list[Path]:
    return [folder / name for name in DOCUMENTS if (folder / name).is_file()]


def _best(contracts: Iterable[Listed], version: str) -> Listed | None:
    """Return the one of a contract's versions that ``version`` means."""
    there = list(contracts)
    if VERSION.fullmatch(version):
        return next((listed for listed in there if listed.version == version), None)
    fit = [listed for listed in there if not version or f"{listed.version}.".startswith(f"{version}.")]
    releases = [listed for listed in fit if precedence(listed.version)[3]]
    return max(releases or fit, key=lambda listed: (precedence(listed.version), listed.version), default=None)


def _document(path: Path) -> Path:
    if not path.is_dir():
        return path
    documents = _documents(path)
    if len(documents) == 1:
        return documents[0]
    if documents:
        names = " and ".join(document.name for document in documents)
        raise UsageError(f"{_shown(str(path))} holds more than one contract, {names}: name the file")
    versions = [version for version in _subfolders(path, VERSION) if _documents(path / version)]
    hint = f"; it holds the versions {', '.join(versions)}: name one of these folders" if versions else ""
    raise UsageError(f"the folder {_shown(str(path))} holds no {' or '.join(DOCUMENTS)}{hint}")


def _nothing(name: str, contracts: Sequence[Listed]) -> str:
    wanted, at, version = name.partition("@")
    names = sorted({listed.name for listed in contracts})
    near = get_close_matches(wanted, names, n=1)
    there = [f"{listed.name}@{listed.version}" for listed in contracts if wanted not in names or listed.name == wanted]
    message = f"there is no contract, file or folder {_shown(name)}"
    if near and near[0] != wanted:
        message += f"; did you mean {_shown(near[0] + at + version)}?"
    return f"{message} (by name there is {', '.join(there) or 'none: name a folder that holds contracts'})"


def _shown(text: str) -> str:
    return f"'{shorten(safe(text))}'"
