"""Why a value breaks a JSON Schema: of all failures the one that was meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeAlias

from wscheck.json_text import canonical

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One keyword that a value breaks, as a schema engine tells it.

    ``limit`` is what the keyword asks for, ``instance`` the value that breaks it. ``names`` are the members that are
    missing or unknown, ``known`` those that may be there, ``siblings`` the keywords beside it. ``branches`` are, for
    anyOf and oneOf, the failures of each alternative; for propertyNames those of the name.
    """

    keyword: str
    limit: Any
    instance: Any
    instance_path: Path = ()
    schema_path: Path = ()
    names: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    siblings: Mapping[str, Any] = field(default_factory=dict)
    branches: tuple[tuple[Failure, ...], ...] = ()


REQUIRED_ONE = "one required"
"""The keyword of a failure of several alternatives, each of which asks for one member."""

_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_UNKNOWN = ("additionalProperties", "unevaluatedProperties")


def pick(failures: Sequence[Failure]) -> Failure:
    """Return, of failures that all hold at once, the deepest relevant one; of anyOf and oneOf, from the branch meant.

    A misspelt member comes before everything, for it is often the cause of the others; unevaluated members come last,
    for they are often only what another failure leads to.
    """
    return min(map(_settle, failures), key=_rank)


def near(name: str, known: Iterable[str]) -> str | None:
    """Return the one of ``known`` that ``name`` was probably meant to be."""
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.7)), None)


def _rank(failure: Failure) -> tuple[bool, bool, int]:
    misspelt = failure.keyword in _UNKNOWN and any(near(name, failure.known) for name in failure.names)
    return not misspelt, failure.keyword in _UNEVALUATED, -len(failure.instance_path)


def _settle(failure: Failure) -> Failure:
    """Return the failure that explains ``failure`` best: itself, or one inside the branch that was meant."""
    branches = failure.branches
    if failure.keyword not in ("anyOf", "oneOf") or not branches or not all(branches):
        return failure
    if merged := _merge_types(failure) or _merge_constants(failure) or _merge_required(failure):
        return merged
    return pick(min(branches, key=lambda branch: _distance(branch, failure.instance_path)))


def _distance(branch: Sequence[Failure], path: Path) -> tuple[bool, int, int, int]:
    """Say how far a branch is from being the one that was meant; what tells branches apart counts most."""
    constants = [f for f in branch if f.keyword in ("const", "enum") and len(f.instance_path) <= len(path) + 1]
    missing = {name for f in branch if f.keyword == "required" for name in f.names}
    return _breaks_type(branch, path), len(constants), len(missing), len(branch)


def _breaks_type(branch: Sequence[Failure], path: Path) -> bool:
    return any(f.keyword in ("type", "false") and f.instance_path == path for f in branch)


def _merge_types(failure: Failure) -> Failure | None:
    """Where no branch takes the value's type, the types of all branches stand for them."""
    if not all(_breaks_type(branch, failure.instance_path) for branch in failure.branches):
        return None
    types: list[str] = []
    for found in (f for branch in failure.branches for f in branch if f.keyword == "type"):
        if found.instance_path == failure.instance_path:
            types.extend([found.limit] if isinstance(found.limit, str) else found.limit)
    return _merged(failure, "type", list(dict.fromkeys(types))) if types else None


def _merge_constants(failure: Failure) -> Failure | None:
    """Where every branch asks for another constant in one place, and none is nearer than the others, they all stand."""
    told = [{f.instance_path: f for f in branch if f.keyword in ("const", "enum")} for branch in failure.branches]
    shared = set(told[0]).intersection(*told[1:])
    counts = sorted(_distance(branch, failure.instance_path)[:2] for branch in failure.branches)
    if not shared or counts[0] not in counts[1:]:
        return None
    path = min(shared, key=len)
    values: list[Any] = []
    for branch in told:
        values.extend([branch[path].limit] if branch[path].keyword == "const" else branch[path].limit)
    distinct = list({canonical(value): value for value in values}.values())
    return _merged(failure, "enum", distinct, path=path, instance=told[0][path].instance)


def _merge_required(failure: Failure) -> Failure | None:
    """Where every branch only asks for one member, the members stand for them."""
    names: list[str] = []
    for branch in failure.branches:
        missing = {name for f in branch for name in f.names}
        here = all(f.keyword == "required" and f.instance_path == failure.instance_path for f in branch)
        if not here or len(missing) != 1:
            return None
        names.extend(missing)
    return _merged(failure, REQUIRED_ONE, names, names=tuple(names))


def _merged(
    failure: Failure,
    keyword: str,
    limit: Any,
    *,
    path: Path | None = None,
    instance: Any = None,
    names: tuple[str, ...] = (),
) -> Failure:
    return Failure(
        keyword=keyword,
        limit=limit,
        instance=failure.instance if path is None else instance,
        instance_path=failure.instance_path if path is None else path,
        schema_path=failure.schema_path,
        names=names,
    )
