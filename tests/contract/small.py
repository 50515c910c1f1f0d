"""A small contract to write scopes and groups below, and what is told of a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from wscheck.contract.load import parse_contract
from wscheck.errors import ContractError

HEAD = 'wscheck: 1\nname: t\nversion: "1.0.0"\nevent_name: /t\n'
VARIANTS = "st.on: {match: {/t: st, /s: on}}, st.off: {match: {/t: st, /s: off}}"
EVENTS = f"events: {{alpha: , beta: , gamma: {{from: client}}, {VARIANTS}}}\n"
"""What is written below HEAD and this begins at line 6."""


def refusal(text: str, folder: Path | None = None) -> str:
    """Return what is told of a broken contract, from the line on."""
    with pytest.raises(ContractError) as caught:
        parse_contract(text, file="my.yaml", folder=folder)
    place, _, rest = str(caught.value).partition(":")
    assert place == "my.yaml"
    assert "\n" not in rest
    return rest
