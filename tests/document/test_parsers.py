"""YAML is read the same by libyaml and where there is no libyaml."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.document.build import Builder, FaultError
from wscheck.document.yaml_text import read_portably, read_yaml

PIECES = (
    *(
        "- ",
        "? ",
        ": ",
        ", ",
        "[",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "'",
        '"',
        "|",
        ">",
        ">-",
        "|2",
        "#",
        " #",
        "!",
        "!!str ",
    ),
    *("\n", "\r", "\r\n", "\t", " ", "  ", "---\n", "...\n", "%YAML 1.1\n", "<<", "@", "`", "\\", "\\n", "\\ud800"),
    *("a", "b:", "- - ", "~", "1", ".5", "é", "\U0001f600", "\x85", "\u2028", "\ufeff", "\x07"),
)

READ_OTHERWISE = {
    "a tab between a key and its value": "a:\t1\nb: 2\n",
    "a tab within a key": "a\tb: 1\n",
    "a byte order mark within": "a: \ufeffb\n",
    "a tag of nothing": "a: !\n",
    "a marked key in a flow": "{a? b: c}\n",
    "a comment behind the mark of a block": "a: |2#b\n",
    "a rare line end": "a: b\u2028c\n",
    "an empty document behind a mark": "---\n\r\n\r\n#",
}
"""What libyaml alone would read otherwise."""


def outcome(read: Callable[[str], Builder], text: str) -> tuple[Any, ...]:
    """Return all that ``read`` makes of ``text``."""
    try:
        builder = read(text)
    except FaultError as fault:
        return fault.message, fault.place, fault.pointer
    return repr(builder.value), builder.places


@given(text=st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_text_is_read_the_same_with_and_without_libyaml(text: str) -> None:
    assert outcome(read_yaml, text) == outcome(read_portably, text)


@pytest.mark.parametrize("text", READ_OTHERWISE.values(), ids=READ_OTHERWISE)
def test_what_libyaml_reads_otherwise_is_left_to_the_other_parser(text: str) -> None:
    assert outcome(read_yaml, text) == outcome(read_portably, text)
