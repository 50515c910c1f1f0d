"""What a stream speaks instead of its contract, in at most ten sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from wscheck.capture import read_capture
from wscheck.contract.catalog import list_contracts
from wscheck.contract.load import load_contract
from wscheck.contract.model import Contract
from wscheck.dialect.listen import Listener
from wscheck.dialect.speech import Speech, speak
from wscheck.errors import WscheckError
from wscheck.record import Record

MOST = 10
"""Sentences that are told of one stream."""

HEARD = 2000
"""Received events that are heard of one stream: another dialect shows in the first of them already."""

Reread = Callable[[], AbstractContextManager[Iterable[Record]]]
"""Opens the records of a capture, anew each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What a stream was told to be, in sentences: the version that it ``speaks`` instead, and how it ``differs``."""

    speaks: str | None = None
    differs: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it, at most MOST sentences."""
        told = (self.speaks, *self.differs) if self.speaks else self.differs
        if len(told) <= MOST:
            return told
        return (*told[: MOST - 1], f"{len(told) - MOST + 1} more differences are left out here")


def recognise(contract: Contract, capture: Path, folders: Sequence[Path] = ()) -> Dialect:
    """Say what the stream of a capture speaks where it breaks ``contract`` in the form of its messages.

    Other versions of the contract are looked for in ``folders``, in the folder of its own versions and where contracts
    are found by name. It has no sentence where nothing can be told. Raises CaptureError where the capture cannot be
    read.
    """
    return describe(contract, _other_versions(contract, folders), lambda: read_capture(capture))


def describe(contract: Contract, others: Sequence[Contract], reread: Reread) -> Dialect:
    """Say what the records that ``reread`` gives speak; ``others`` are other versions of ``contract``."""
    listener = Listener(contract, others)
    with reread() as records:
        for record in records:
            listener.take(record)
            if listener.received >= HEARD:
                break
    spoken = listener.spoken()
    speaks = _tell_version(contract, spoken, listener, reread) if spoken else None
    return Dialect(speaks=speaks, differs=tuple(listener.sentences()))


def _tell_version(contract: Contract, other: Contract, listener: Listener, reread: Reread) -> str:
    name = f"{other.name}@{other.version}"
    if not listener.all_spoken(other):
        heard = f"the first {HEARD}" if listener.received >= HEARD else listener.received
        return f"{listener.count(other)} of {heard} received events speak {name}, not {contract.version}"
    with reread() as records:
        speech: Speech = speak(other, records)
    sentence = f"the stream speaks {name}, not {contract.version}"
    if speech.offence is None:
        return sentence
    return f"{sentence}, and breaks that as well: {speech.offence.message}"


def _other_versions(contract: Contract, folders: Sequence[Path]) -> list[Contract]:
    own = Path(contract.file)
    beside = [own.parents[2]] if len(own.parents) > 2 and own.parents[1].name == contract.name else []
    found: list[Contract] = []
    for listed in list_contracts([*folders, *beside]):
        if listed.name == contract.name and listed.version != contract.version:
            try:
                found.append(load_contract(str(listed.path)))
            except WscheckError:
                continue  # a version that cannot be read is no version that the stream could be told to speak
    return found
