"""Where a capture is kept that was given no name."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from wscheck.errors import CaptureError


def make_fresh_path(folder: Path, name: str) -> Path:
    """Return a path in ``folder``, which is made, for the capture of the scenario ``name``. Raises CaptureError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CaptureError(f"the folder {folder} for captures cannot be made: {error.strerror}") from None
    stem = re.sub(r"[^A-Za-z0-9._-]", "-", name)[:80].lstrip(".-") or "run"
    moment = datetime.now(tz=UTC).strftime("%Y%m%dT%H%M%S.%f")
    return folder / f"{stem}-{moment}.jsonl"
