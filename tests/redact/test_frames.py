"""A message that holds several events: what the pointers lead to is hidden in each of them, and nothing else."""

from __future__ import annotations

import pytest

from wscheck.pointer import Pointer
from wscheck.redact import Redactor

POINTERS = [Pointer("/k"), Pointer("/p/secret")]

ROWS = {
    "one": ("one", '{"k": "x", "l": "y"}', '{"k": "<redacted:1>", "l": "y"}'),
    "an array is one event": ("one", '[{"k": "x"}]', '[{"k": "x"}]'),
    "array": ("array", '[{"k": "x"}, {"p": {"secret": "y"}, "l": "x"}]', None),
    "array, an event by itself": ("array", '{"k": "x"}', '{"k": "<redacted:1>"}'),
    "array, deeper is not the event": ("array", '[[{"k": "x"}], {"l": {"k": 1}}]', '[[{"k": "x"}], {"l": {"k": 1}}]'),
    "array, torn": ("array", '[{"k": "x"}, {"k": "y', '[{"k": "<redacted:1>"}, {"k": "<redacted:2>'),
    "lines": (
        "lines",
        '{"k": "x"}\r\n\n{"l": 1, "k": "y"}\n',
        '{"k": "<redacted:1>"}\r\n\n{"l": 1, "k": "<redacted:2>"}\n',
    ),
    "lines, one of them torn": (
        "lines",
        '{"k": "x"}\n}{\n{"k": "x"}',
        '{"k": "<redacted:1>"}\n}{\n{"k": "<redacted:1>"}',
    ),
    "lines, the first never closed": ("lines", '[\n{"k": "x"}', '[\n{"k": "<redacted:1>"}'),
    "lines, one event over several": ("lines", '{\n "k":\n "x"\n}', '{\n "k":\n "<redacted:1>"\n}'),
}


@pytest.mark.parametrize(("frame", "text", "due"), ROWS.values(), ids=ROWS)
def test_every_event_of_a_message_is_redacted(frame: str, text: str, due: str | None) -> None:
    if due is None:
        due = '[{"k": "<redacted:1>"}, {"p": {"secret": "<redacted:2>"}, "l": "x"}]'
    assert Redactor((), POINTERS, (frame,)).message(text) == due


def test_what_several_contracts_hide_is_hidden_in_every_frame_that_they_may_have() -> None:
    redactor = Redactor((), POINTERS, {"one", "array", "lines"})
    for text in ('{"k": "x"}', '[{"k": "x"}]', '{"k": "x"}\n{"k": "x"}'):
        assert '"x"' not in redactor.message(text)


def test_redacting_a_framed_message_again_changes_nothing() -> None:
    for frame, text, _ in ROWS.values():
        once = Redactor((), POINTERS, (frame,)).message(text)
        assert Redactor((), POINTERS, (frame,)).message(once) == once
