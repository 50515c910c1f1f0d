"""What a stream speaks instead of its contract, in at most ten sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
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

Reread = Callable[[], AbstractContextManager[Iterable[Record]]]
"""Opens the records of a capture, anew each time."""


def recognise(contract: Contract, capture: Path, folders: Sequence[Path] = ()) -> tuple[str, ...]:
    """Say what the stream of a capture speaks where it breaks ``contract`` in the form of its messages.

    Other versions of the contract are looked for in ``folders``, in the folder of its own versions and where contracts
    are found by name. Returns no sentence where nothing can be told. Raises CaptureError where the capture cannot be
    read.
    """
    return describe(contract, _other_versions(contract, folders), lambda: read_capture(capture))


def describe(contract: Contract, others: Sequence[Contract], reread: Reread) -> tuple[str, ...]:
    """Say what the records that ``reread`` gives speak; ``others`` are other versions of ``contract``."""
    listener = Listener(contract, others)
    with reread() as records:
        for record in records:
            listener.take(record)
    spoken = listener.spoken()
    told = [_tell_version(contract, spoken, listener, reread)] if spoken else []
    told += listener.sentences()
    if len(told) > MOST:
        told = [*told[: MOST - 1], f"{len(told) - MOST + 1} more differences are left out here"]
    return tuple(told)


def _tell_version(contract: Contract, other: Contract, listener: Listener, reread: Reread) -> str:
    name = f"{other.name}@{other.version}"
    if not listener.all_spoken(other):
        return f"{listener.count(other)} of {listener.received} received events speak {name}, not {contract.version}"
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
