"""Twenty stalls of a tenth of a second to three: what is read late for our sake is never held against the server."""

from __future__ import annotations

from pathlib import Path

from tests.soak.stalls import soak_stalls

NUMBER = 20
LONGEST = 3.0
SEED = 5


async def test_a_stall_of_ours_is_never_a_finding(tmp_path: Path) -> None:
    assert await soak_stalls(NUMBER, seed=SEED, folder=tmp_path, longest=LONGEST) == []
