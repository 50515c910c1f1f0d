"""`wscheck which`: the versions that a stream speaks, and for each other one the first offence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from wscheck.capture import read_capture
from wscheck.cli.output import print_whole, variable
from wscheck.config import find_config
from wscheck.contract.catalog import Listed, list_contracts
from wscheck.contract.load import load_contract
from wscheck.contract.model import Contract
from wscheck.dialect import Speech, speak
from wscheck.errors import ContractError, UsageError
from wscheck.redact import Redactor
from wscheck.text import safe, shorten

_WIDTH = 200


@click.command(
    epilog="\b\nExamples:\n  wscheck which capture.jsonl\n"
    "  wscheck which capture.jsonl --contract agent-events --format json"
)
@click.argument("capture", type=click.Path(path_type=Path))
@click.option("--contract", "name", metavar="NAME", help="Only the versions of this contract.")
@click.option("--contracts", multiple=True, type=click.Path(path_type=Path), help="A folder of contracts; repeatable.",
              **variable("CONTRACTS"))  # fmt: skip
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
def which(capture: Path, name: str | None, contracts: tuple[Path, ...], form: str) -> int:
    """Say which contracts the stream in CAPTURE speaks, of all that can be found by name."""
    read: list[Contract] = []
    broken: list[tuple[Listed, str]] = []
    for listed in _wanted(name, (*contracts, *find_config(Path()).contracts)):
        try:
            read.append(load_contract(str(listed.path)))
        except ContractError as error:
            broken.append((listed, str(error)))
    held = _Held(path=capture)
    speeches = [_hold(contract, held) for contract in read]
    if form == "json":
        print_whole(json.dumps(_as_json(held, speeches, broken), indent=2) + "\n")
    else:
        print_whole("".join(f"{each}\n" for each in _as_text(held, speeches, broken)))
    return 0


def _wanted(name: str | None, folders: Sequence[Path]) -> list[Listed]:
    listed = list_contracts(folders)
    wanted = [one for one in listed if name is None or one.name == name]
    if not wanted:
        names = ", ".join(dict.fromkeys(one.name for one in listed)) or "none"
        raise UsageError(f"there is no contract by the name '{shorten(safe(name or ''))}'; by name there is {names}")
    return wanted


@dataclass(slots=True, kw_only=True)
class _Held:
    """The capture, and what is known once it was read: whether records may be lacking, and why, in sentences."""

    path: Path
    truncated: bool = False
    notes: Sequence[str] = ()


def _hold(contract: Contract, held: _Held) -> Speech:
    """Hold the capture to one contract. Raises CaptureError where it cannot be read."""
    redactor = Redactor((), contract.redact, {contract.frame})
    with read_capture(held.path) as capture:
        speech = speak(contract, map(redactor.record, capture))
    held.truncated, held.notes = capture.truncated, capture.notes
    return speech


def _as_text(held: _Held, speeches: Sequence[Speech], broken: Sequence[tuple[Listed, str]]) -> Iterator[str]:
    fitting = [_name(speech) for speech in speeches if speech.fits]
    told = f"speaks {', '.join(fitting)}" if fitting else "fits none of the contracts that are known here"
    yield f"{safe(str(held.path))} {told}"
    for note in held.notes:
        yield f"  {note}{'; what fits here may break later' if held.truncated else ''}"
    names = [*map(_name, speeches), *(f"{listed.name}@{listed.version}" for listed, _ in broken)]
    width = max(map(len, names), default=0)
    # What fits comes first, what is not spoken at all last; besides that, as the catalogue has it.
    for speech in sorted(speeches, key=lambda one: (not one.fits, not one.events)):
        yield f"\n  {_name(speech):<{width}}  {_verdict(speech)}"
        if speech.selected is not None:
            yield f"  {'':<{width}}  select {'holds' if speech.selected else f'does not hold: {speech.unselected}'}"
    for listed, why in broken:
        yield f"\n  {f'{listed.name}@{listed.version}':<{width}}  cannot be read: {why}"


def _verdict(speech: Speech) -> str:
    count = f"{speech.events} event{'s' if speech.events != 1 else ''}"
    if speech.fits:
        return f"fits: {count} held to it"
    if speech.events == 0:
        return "does not fit: none of its events was received"
    return f"does not fit, though {speech.events:,} of its events came: {shorten(_offence(speech), _WIDTH)}"


def _offence(speech: Speech) -> str:
    return f"{speech.offence.code}: {speech.offence.message}" if speech.offence else ""


def _as_json(held: _Held, speeches: Sequence[Speech], broken: Sequence[tuple[Listed, str]]) -> dict[str, Any]:
    told = [_speech_as_json(speech) for speech in speeches]
    told += [{"name": listed.name, "version": listed.version, "error": why} for listed, why in broken]
    whole = {"capture": safe(str(held.path)), "truncated": held.truncated, "notes": list(held.notes)}
    return {"wscheck": "which-1", **whole, "contracts": told}


def _speech_as_json(speech: Speech) -> dict[str, Any]:
    offence = speech.offence
    return {
        "name": speech.contract.name,
        "version": speech.contract.version,
        "fits": speech.fits,
        "events": speech.events,
        "offence": offence
        and {
            "code": offence.code,
            "message": offence.message,
            "index": offence.event.index if offence.event else None,
        },
        "select": {"holds": speech.selected, "why": speech.unselected},
    }


def _name(speech: Speech) -> str:
    return f"{speech.contract.name}@{speech.contract.version}"
