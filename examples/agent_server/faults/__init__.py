"""Every way in which the server can be told to misbehave, one file a family: doors, openings, runs, events."""

from __future__ import annotations

from .fault import Answer, Fault, FaultError, Rewrite
from .find import FAULTS, find_faults, list_faults

__all__ = ["FAULTS", "Answer", "Fault", "FaultError", "Rewrite", "find_faults", "list_faults"]
