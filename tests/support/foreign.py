"""Foreign texts: what a terminal, a pipeline, or a reader of Markdown or XML would take for its own."""

from __future__ import annotations

import re

from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

COMMANDS = ("::", "##[", "##vso[", "::error file=x::", "::stop-commands::x", "##[add-mask]", "%0A", "%3A", ",", ": ")
MARKUP = (
    "`",
    "```",
    "|",
    "\\",
    "<script>",
    "</code>",
    "&lt;",
    "&#10;",
    "]]>",
    "**",
    "[x](y)",
    "@all",
    "- ",
    "# ",
    "~~~",
)
CONTROLS = ("\x1b", "\x9b", "\r", "\n", "\u2028", "\x85", "\u202e", "\u2066", "\ufeff", "\ud800", "\x00", "\ufffe")
_SPEAKING = st.sampled_from((*COMMANDS, *MARKUP, *CONTROLS, " "))
FOREIGN = st.lists(_SPEAKING | st.text(st.characters(codec=None), max_size=8), max_size=8).map("".join)
"""Any text, and often one that speaks to somebody."""

MARKDOWN = MarkdownIt("commonmark").enable("table")
"""A reader of Markdown that we did not write."""


def find_commands(log: str) -> list[str]:
    """Return the lines of ``log`` that a runner of GitHub Actions or an agent of Azure Pipelines obeys."""
    lines = re.split(r"[\r\n]", log)
    return [each for each in lines if re.match(r"\s*::[A-Za-z]", each) or re.search(r"##[A-Za-z]*\[", each)]


def find_controls(text: str) -> set[str]:
    """Return the characters of ``text`` that move a cursor or the text around them, line ends aside."""
    moving = r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
    return set(re.findall(moving, text))


def read_markdown(text: str) -> list[Token]:
    """Return what ``text`` consists of: blocks, and after each what it holds."""
    return [each for token in MARKDOWN.parse(text) for each in (token, *(token.children or ()))]


def unescape(text: str) -> str:
    """Return what a runner of GitHub Actions reads in a message or a member of a command."""
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, character)
    return text
