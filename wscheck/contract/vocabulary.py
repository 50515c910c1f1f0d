"""The names of a contract: what each stands for, and a did-you-mean for those that stand for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wscheck.contract.model import CONNECTION
from wscheck.document import Document
from wscheck.naming import ANY, variants
from wscheck.pointer import join
from wscheck.schema.explanation import near


class Vocabulary:
    """The declared events, groups and scopes of one document. Raises ContractError where names clash or are unknown."""

    def __init__(self, document: Document, events: Sequence[str]) -> None:
        self._document = document
        self.events = tuple(events)
        self.scopes: dict[str, str | None] = {CONNECTION: None}
        for name, members in document.value.get("scopes", {}).items():
            self.scopes[name] = None if name == CONNECTION else (members or {}).get("in", CONNECTION)
        self._groups: dict[str, frozenset[str]] = {}
        self._refuse_shared_names()
        for group, names in document.value.get("groups", {}).items():
            self._groups[group] = self.expand(names, join("/groups", group))
        self.ignored = self.expand(document.value.get("ignore", []), "/ignore")

    def expand(self, names: str | Sequence[str], path: str, *, inner: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return the events that ``names``, which stand at ``path``, stand for; those of ``inner`` for themselves."""
        if isinstance(names, str):
            return self._expand_one(names, path, inner)
        return frozenset().union(
            *(self._expand_one(name, join(path, place), inner) for place, name in enumerate(names))
        )

    def meaning(self, name: str, inner: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return the events that ``name`` stands for, or itself where it is one of the scopes ``inner``.

        Raises LookupError with a sentence.
        """
        if name in inner:
            return frozenset((name,))
        if name in self._groups:
            return self._groups[name]
        if found := variants(name, self.events):
            return found
        if name in self._document.value.get("groups", {}):
            raise LookupError(f"a group may hold only groups that stand above it, and {name!r} does not")
        kinds = "event, group or inner scope" if inner else "event or group"
        raise LookupError(self.unknown(name, kinds, [*self.events, *self._groups, *sorted(inner)]))

    def table(self, table: Mapping[str, Any], path: str) -> Mapping[str, Any]:
        """Return ``table``, which stands at ``path``, once every name in it is known to be that of an event."""
        for name in table:
            if name in self._groups:
                message = f"{name!r} is a group; this table is by event: name each of its events"
                raise self._document.fail(message, join(path, name))
            if name != ANY and not variants(name, self.events):
                raise self._document.fail(self.unknown(name, "event", self.events), join(path, name))
        return table

    def inner(self, scope: str) -> frozenset[str]:
        """Return the scopes whose parent is ``scope``."""
        return frozenset(name for name, parent in self.scopes.items() if parent == scope)

    def unknown(self, name: str, kind: str, known: Iterable[str]) -> str:
        """Return the sentence that says ``name`` is no ``kind``."""
        meant = near(name, known)
        return f"{name!r} is no {kind} of this contract" + (f"; did you mean {meant!r}?" if meant else "")

    def _expand_one(self, name: str, path: str, inner: frozenset[str]) -> frozenset[str]:
        try:
            return self.meaning(name, inner)
        except LookupError as error:
            raise self._document.fail(str(error.args[0]), path) from None

    def _refuse_shared_names(self) -> None:
        seen: dict[str, str] = {CONNECTION: "scopes"}
        value: dict[str, Any] = self._document.value
        for kind in ("events", "groups", "scopes"):
            for name in value.get(kind, {}):
                if name in seen and (kind, name) != ("scopes", CONNECTION):
                    message = f"{name!r} is already the name of one of the {seen[name]}"
                    raise self._document.fail(message, join("", kind, name))
                if kind != "events" and name.startswith("$"):
                    message = f"names that begin with '$' are reserved: {name!r}"
                    raise self._document.fail(message, join("", kind, name))
                seen[name] = kind
