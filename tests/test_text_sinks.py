"""Foreign text in every sink: a terminal, a pipeline's log, JUnit, Markdown and annotations."""

from __future__ import annotations

import textwrap
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.token import Token

from tests.support.foreign import FOREIGN, MARKDOWN, find_commands, find_controls, read_markdown, unescape
from wscheck.text import safe, safe_annotation, safe_markdown, safe_markdown_block, safe_xml

# What a pipeline would obey, and how it is shown.
COMMANDS = [
    ("##[add-mask]secret", "#\\u{23}[add-mask]secret"),
    ("see ##vso[task.complete result=Failed]", "see #\\u{23}vso[task.complete result=Failed]"),
    ("###[group]", "##\\u{23}[group]"),
    ("::error file=a,line=1::x", ":\\u{3a}error file=a,line=1::x"),
    ("and ::stop-commands::x", "and :\\u{3a}stop-commands::x"),
    ("\xa0::warning::x", "\xa0:\\u{3a}warning::x"),
    ("ws://[::1]:80 ::1 a::b ## [x] #[x] ## x", "ws://[::1]:80 ::1 a::b ## [x] #[x] ## x"),
]
SPANS = [
    ("", "` `"),
    ("  ", "` `"),
    ("plain", "`plain`"),
    ("a`b", "``a`b``"),
    ("`", "`` ` ``"),
    (" x", "`  x `"),
    ("a|b\n", "`a\\u{7c}b\\u{a}`"),
    ("<b>**x**</b> @all [y](z)", "`<b>**x**</b> @all [y](z)`"),
]
ANNOTATIONS = [
    ("50 %\r\n::error::x", "50 %25\\u{d}\\u{a}::error::x", "50 %25\\u{d}\\u{a}%3A%3Aerror%3A%3Ax"),
    ("a,b: c%3A", "a,b: c%253A", "a%2Cb%3A c%253A"),
]


def shown_as(text: str) -> str:
    return safe(text).replace("|", "\\u{7c}")


def spans(text: str) -> list[Token]:
    """Return what is marked up in the inline parts of ``text``."""
    return [token for token in read_markdown(text) if not token.block and token.type != "text"]


@pytest.mark.parametrize(("text", "shown"), COMMANDS)
def test_what_would_command_a_pipeline_is_written_out(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(FOREIGN, st.integers(1, 100))
@example("aaaaaaaa ::stop-commands::x", 10)
def test_no_line_of_a_terminal_commands_a_pipeline_wherever_it_is_wrapped(text: str, width: int) -> None:
    shown = safe(text)
    assert safe(shown) == shown
    wrapped = textwrap.wrap(shown, width, initial_indent="  ", break_long_words=False, break_on_hyphens=False)
    assert find_commands(shown) == find_commands("\n".join(wrapped)) == []
    assert find_controls(shown) == set()
    assert shown.splitlines() in ([], [shown])


@given(FOREIGN)
def test_xml_holds_any_text_and_gives_it_back(text: str) -> None:
    shown = safe_xml(text)
    element = ET.Element("e", {"a": shown})
    element.text = shown
    read = ET.fromstring(ET.tostring(element, encoding="us-ascii"))
    assert (read.get("a"), read.text or "", list(read)) == (shown, shown, [])
    assert safe_xml(shown) == shown


@pytest.mark.parametrize(("text", "span"), SPANS)
def test_markdown_shows_a_text_in_a_code_span(text: str, span: str) -> None:
    assert safe_markdown(text) == span


@given(FOREIGN)
@example("`a ``` |")
def test_in_markdown_any_text_is_one_code_span_in_a_paragraph_a_heading_and_an_item(text: str) -> None:
    span = safe_markdown(text)
    for before in ("", "why: ", "# ", "- ", "1. ", "> "):
        (code,) = spans(f"{before}{span}")
        assert (code.type, code.content.strip(" ")) == ("code_inline", shown_as(text).strip(" "))
    assert "\n" not in span


@given(st.lists(FOREIGN, min_size=1, max_size=3))
def test_no_text_breaks_out_of_its_cell(texts: list[str]) -> None:
    row = f"| {' | '.join(map(safe_markdown, texts))} |"
    bar = "|" + "---|" * len(texts)
    kinds = [token.type for token in MARKDOWN.parse(f"{row}\n{bar}\n{row}\n")]
    assert (kinds.count("th_open"), kinds.count("td_open"), kinds.count("tr_open")) == (len(texts), len(texts), 2)
    assert {token.type for token in spans(f"{row}\n{bar}\n{row}\n")} == {"code_inline"}
    # Readers do not agree on how a bar is escaped, so there is none.
    assert row.count("|") == len(texts) + 1


@given(st.lists(FOREIGN, max_size=4))
@example(["```", "````", "~~~"])
def test_no_line_breaks_out_of_a_block(lines: list[str]) -> None:
    tokens = MARKDOWN.parse(f"{safe_markdown_block(lines)}\n\nafter\n")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].content == "".join(f"{safe(line)}\n" for line in lines)


@pytest.mark.parametrize(("text", "message", "member"), ANNOTATIONS)
def test_an_annotation_shows_a_text_with_its_escapes(text: str, message: str, member: str) -> None:
    assert (safe_annotation(text), safe_annotation(text, member=True)) == (message, member)


@given(FOREIGN, FOREIGN, FOREIGN)
def test_no_text_breaks_out_of_an_annotation(file: str, title: str, message: str) -> None:
    """As a runner takes it apart: the first `::` after the name ends the members, each of which a comma ends."""
    members = f"file={safe_annotation(file, member=True)},title={safe_annotation(title, member=True)}"
    command = f"::error {members}::{safe_annotation(message)}"
    assert command.splitlines() == [command]
    name, rest = command.removeprefix("::").split(" ", 1)
    head, data = rest.split("::", 1)
    read = {key: unescape(value) for key, value in (pair.split("=", 1) for pair in head.split(","))}
    assert (name, read, unescape(data)) == ("error", {"file": safe(file), "title": safe(title)}, safe(message))
