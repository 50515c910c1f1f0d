"""What usually causes a fault and what to try next, where the fault itself says nothing nearer."""

from __future__ import annotations

from dataclasses import replace

from wscheck.doctor.model import Fault
from wscheck.explain import list_entries
from wscheck.report.terminal.advice import ADVICE


def explain(fault: Fault) -> Fault:
    """Return ``fault`` with what usually causes it and what to try next; the last advice is where more is said."""
    entries = [entry for entry in list_entries() if entry.name == fault.code]
    entry = next((one for one in entries if one.phase in {fault.phase, None}), entries[0] if entries else None)
    if entry is None:
        return fault
    usual = fault.usual or entry.usual
    first = fault.advice or tuple(filter(None, [entry.next or ADVICE.get(fault.code, "")]))
    return replace(fault, usual=usual, advice=(*first, f"wscheck explain {fault.code}"))
