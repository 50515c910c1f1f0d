"""Foreign text made safe, one function a sink: what a server sent cannot move, hide, mark up or command anything."""

from __future__ import annotations

import re
from collections.abc import Iterable

# C0 and C1 controls and DEL, bidirectional controls, line and paragraph separators, zero-width and tag characters,
# the byte order mark, surrogates, and what else is shown as nothing: soft hyphen, joiners, fillers and the selectors of
# variants that no emoji needs.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# What pipelines take for a command in whatever a step prints: `##[…]` anywhere in a line (GitHub Actions), `##vso[…]`
# and `##teamcity[…]` alike, and `::name …::` where a line begins, which is wherever a word does: prose is wrapped.
_COMMAND = re.compile(r"(?<=#)#(?=[A-Za-z]*\[)|(?<!\S)::(?=[A-Za-z])")
_NOT_IN_XML = re.compile("[\ufffe\uffff]")
_BACKTICKS = re.compile("`+")
_LEAST_FENCE = 3


def safe(text: str) -> str:
    r"""Return ``text`` for a terminal, in one line: what is not plainly visible is written as ``\u{…}``.

    So is one character of whatever a pipeline would take for a command of its own: a terminal's text is its log.
    """
    visible = _UNSAFE.sub(_write_out, text)
    return _COMMAND.sub(_write_out, visible) if "##" in visible or "::" in visible else visible


def safe_xml(text: str) -> str:
    r"""Return ``text`` for JUnit, not yet escaped as markup: as ``safe`` does, and without what XML 1.0 does not have.

    Those two characters (section 2.2) are written as ``\u{…}`` too; line ends are not kept.
    """
    return _NOT_IN_XML.sub(_write_out, safe(text))


def safe_markdown(text: str) -> str:
    r"""Return ``text`` for Markdown: a code span (CommonMark, section 6.1) that is inert wherever a span may stand.

    In a code span nothing is markup, HTML, a link or a mention. A bar is written as ``\u{7c}``: in a table it would end
    the cell, and how it is escaped there, readers of Markdown do not agree on.
    """
    shown = safe(text).replace("|", r"\u{7c}")
    if not shown.strip():
        return "` `"
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def safe_markdown_block(lines: Iterable[str]) -> str:
    """Return ``lines`` for Markdown, each made safe: a fenced code block (CommonMark, section 4.5)."""
    shown = [safe(line) for line in lines]
    fence = "`" * max(_LEAST_FENCE, *(_longest_run(line) + 1 for line in shown), 0)
    return "\n".join((f"{fence}text", *shown, fence))


def safe_annotation(text: str, *, member: bool = False) -> str:
    """Return ``text`` for a workflow command of GitHub Actions, in whose message or, with ``member``, in whose members.

    Per cent signs are escaped as the commands have it, and in a member what would end it: a colon, a comma.
    """
    message = safe(text).replace("%", "%25")
    return message.replace(":", "%3A").replace(",", "%2C") if member else message


def shorten(text: str, most: int = 120) -> str:
    """Return ``text`` cut to ``most`` characters, saying how many follow."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most} more)"


def _write_out(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}\\u{{{ord(match[0][-1]):x}}}"


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
