"""Foreign text made safe: by table and by the classes of Unicode."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.text import safe, shorten

# A text, and how it may be shown.
SHOWN = [
    ("", ""),
    ("plain text, größer — 日本語 🙂 ❤️ ‹›", "plain text, größer — 日本語 🙂 ❤️ ‹›"),
    ("a\nb\r\tc", "a\\u{a}b\\u{d}\\u{9}c"),
    ("\x1b[2J\x1b]0;title\x07", "\\u{1b}[2J\\u{1b}]0;title\\u{7}"),
    ("\x00\x7f\x9b", "\\u{0}\\u{7f}\\u{9b}"),
    ("abc\u202edcba", "abc\\u{202e}dcba"),
    ("\u2066x\u2069\u061c\u200f", "\\u{2066}x\\u{2069}\\u{61c}\\u{200f}"),
    ("a\u200bb\ufeffc\u2060d\u00ade", "a\\u{200b}b\\u{feff}c\\u{2060}d\\u{ad}e"),
    ("a\u2028b\u2029", "a\\u{2028}b\\u{2029}"),
    ("\ud800", "\\u{d800}"),
    ("a\U000e0041\U000e007f", "a\\u{e0041}\\u{e007f}"),
    ("a\u3164b\u115f\U000e0100", "a\\u{3164}b\\u{115f}\\u{e0100}"),
]

# Controls, surrogates, separators of lines, and what moves or turns the text around it.
KINDS = {"Cc", "Cs", "Zl", "Zp"}
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}

# Text, most characters, and what stands then.
SHORTENED = [
    ("", 3, ""),
    ("abc", 3, "abc"),
    ("abcd", 3, "abc… (1 more)"),
    ("a" * 1000, 10, f"{'a' * 10}… (990 more)"),
    ("a" * 120, 120, "a" * 120),
]


@pytest.mark.parametrize(("text", "shown"), SHOWN)
def test_what_is_not_plainly_visible_is_written_out(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_no_character_that_moves_hides_or_turns_passes() -> None:
    passed = [
        f"U+{code:04X}"
        for code in range(sys.maxunicode + 1)
        if (unicodedata.category(chr(code)) in KINDS or unicodedata.bidirectional(chr(code)) in TURNING)
        and safe(chr(code)) == chr(code)
    ]
    assert passed == []


def test_every_letter_number_and_mark_of_a_text_passes() -> None:
    kinds = ("Lu", "Ll", "Nd", "Po", "Sm", "Sc")
    plain = (chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in kinds)
    assert [character for character in plain if safe(character) != character] == []


@given(st.text())
def test_what_was_made_safe_stays_as_it_is(text: str) -> None:
    assert safe(safe(text)) == safe(text)
    assert all(safe(character) == character for character in safe(text))


@pytest.mark.parametrize(("text", "most", "short"), SHORTENED)
def test_a_shortened_text_says_how_much_follows(text: str, most: int, short: str) -> None:
    assert shorten(text, most) == short


def test_a_text_is_shortened_to_120_characters_where_nothing_else_is_said() -> None:
    assert shorten("x" * 121) == f"{'x' * 120}… (1 more)"
