"""What lint says of a contract: its codes, and the remark itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wscheck.errors import Position
from wscheck.finding import Severity

CODES: Mapping[str, Severity] = {
    # about schemas
    "unknown-keyword": Severity.ERROR,
    "unknown-format": Severity.ERROR,
    "idle-keyword": Severity.ERROR,
    "unsatisfiable": Severity.ERROR,
    "unused-schema": Severity.WARNING,
    # about events
    "shadowed": Severity.ERROR,
    "overlap": Severity.INFO,
    "unplaced": Severity.WARNING,
    # about names
    "unknown-member": Severity.ERROR,
    "unused-group": Severity.WARNING,
    # about scopes and rules
    "never-opens": Severity.ERROR,
    "outside-order": Severity.ERROR,
    "key-arity": Severity.ERROR,
    "idle-parent-key": Severity.WARNING,
    "impossible-count": Severity.ERROR,
    # about what is not seen
    "redacted-member": Severity.WARNING,
    "tolerated": Severity.INFO,
    "blind-spot": Severity.INFO,
}
"""Every code of lint, with the gravest severity that it is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing that lint says. ``message``: what is there, why it matters, how to mend it; foreign text made safe."""

    code: str
    severity: Severity
    message: str
    position: Position
