"""Who may see what: an event for someone else, or a value that belongs to another identity."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from wscheck.checker.messages import Fault
from wscheck.contract.model import Contract
from wscheck.json_text import canonical
from wscheck.pointer import MISSING
from wscheck.record import Direction
from wscheck.rules.rule import show


class Owners:
    """To whom each value at the contract's ``isolate`` pointers belongs: the first identity that had it.

    ``owned`` is where that is kept, by pointer and value, where several contracts share it.
    """

    def __init__(self, contract: Contract, owned: dict[tuple[str, Hashable], Any] | None = None) -> None:
        self._contract = contract
        self._owners: dict[tuple[str, Hashable], Any] = {} if owned is None else owned

    def hold(self, value: Any, direction: Direction, identity: Any) -> list[Fault]:
        """Return what is wrong with ``identity`` having sent or received ``value``."""
        received = direction == "received"
        faults: list[Fault] = []
        for pointer in self._contract.isolate:
            found = pointer.find(value)
            if found is MISSING or found is None:
                continue
            owner = self._owners.setdefault((pointer.text, canonical(found)), identity)
            if received and not _are_one(owner, identity):
                faults.append(
                    Fault(
                        code="isolation",
                        what=f"reached {show(identity)}, but {show(found)} at {pointer.text} belongs to {show(owner)}",
                        instance_path=pointer.text,
                        contract_path="/isolate",
                    )
                )
        place = self._contract.identity
        meant = place.find(value) if place and received else None
        if place and meant is not None and meant is not MISSING and not _are_one(meant, identity):
            faults.append(
                Fault(
                    code="wrong-identity",
                    what=f"is for {show(meant)} but reached {show(identity)}",
                    instance_path=place.text,
                    contract_path="/identity",
                )
            )
        return faults


def _are_one(one: Any, other: Any) -> bool:
    return one is other or canonical(one) == canonical(other)
