"""What is replaced, and what stays, in texts, messages and records."""

from __future__ import annotations

import base64
import html
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from wscheck.json_text import decode
from wscheck.pointer import Pointer
from wscheck.record import Blocked, Closed, Cut, Message, Note, Opened, Pong, Record, Refused, Stall, Step, Violation
from wscheck.redact import Redactor

SECRET = 'hunter2/+ "ü" hunter2'
RAW = SECRET.encode()
DEEP = "[" * 200 + "]" * 200
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"

TEXTS = {
    "as it is": (f"a {SECRET} b", "a <redacted:1> b"),
    "base64": (base64.b64encode(RAW).decode(), "<redacted:1>"),
    "base64 without padding": (base64.b64encode(RAW).decode().rstrip("=") + " b", "<redacted:1> b"),
    "base64url": ("jwt." + base64.urlsafe_b64encode(RAW).decode().rstrip("="), "jwt.<redacted:1>"),
    "percent-encoded": (f"?a={quote(SECRET)}&b={quote(SECRET, safe='')}", "?a=<redacted:1>&b=<redacted:2>"),
    "a form's percent-encoding": (f"?a={quote_plus(SECRET)}", "?a=<redacted:1>"),
    "percent-encoded in lower case": (f"?a={quote(SECRET, safe='').replace('%2F', '%2f')}", "?a=<redacted:1>"),
    "percent-encoded again": (f"?next={quote(quote(SECRET, safe=''), safe='')}", "?next=<redacted:1>"),
    "in hex": (f"{RAW.hex()} {RAW.hex().upper()}", "<redacted:1> <redacted:2>"),
    "escaped in HTML": (f"<p>{html.escape(SECRET)}</p>", "<p><redacted:1></p>"),
    "escaped in a regular expression": ('^hunter2/\\+ "ü" hunter2$', "^<redacted:1>$"),
    "escaped in JSON": ('{"a": "hunter2/+ \\"\\u00fc\\" hunter2"', '{"a": "<redacted:1>"'),
    "escaped in JSON, slash too": ('"hunter2\\/+ \\"ü\\" hunter2', '"<redacted:1>'),
    "a JWT that nobody named": (f"Bearer {JWT}, {JWT}!", "Bearer <redacted:1>, <redacted:1>!"),
    "a JWT without signature": ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.", "<redacted:1>"),
    "a JWT after a word": (f"jwt.{JWT}", "jwt.<redacted:1>"),
    "a placeholder that came": ("<redacted:7> <redacted:3> <redacted:7>", "<redacted:1> <redacted:2> <redacted:1>"),
    "a short secret in a word": ("pins and needles", "pins and needles"),
    "a short secret by itself": ("pin", "<redacted:1>"),
    "nothing": ("eyJ is no JWT, nor is hunter2", "eyJ is no JWT, nor is hunter2"),
}


@pytest.mark.parametrize(("text", "due"), TEXTS.values(), ids=TEXTS)
def test_a_secret_is_found_in_every_spelling(text: str, due: str) -> None:
    assert Redactor([SECRET, "pin"]).text(text) == due


def test_basic_credentials_show_no_part_of_a_password() -> None:
    for user in ("a", "ab", "abc"):
        credentials = base64.b64encode(f"{user}:{SECRET}:x".encode()).decode()
        redacted = Redactor([SECRET]).text(f"Basic {credentials}")
        assert "<redacted:1>" in redacted
        # Three characters at most stand at each side: they hold less than three bytes of the secret.
        assert len(redacted.replace("<redacted:1>", "")) <= len("Basic ") + len(user) * 2 + 10


def test_the_longest_secret_is_replaced_first() -> None:
    assert Redactor(["secret", "secret-and-more"]).text("secret-and-more, secret") == "<redacted:1>, <redacted:2>"


def test_a_secret_with_the_newline_of_its_file_is_found_without_it() -> None:
    assert Redactor(["hunter22\n"]).text("Bearer hunter22") == "Bearer <redacted:1>"


def test_equal_secrets_get_equal_placeholders_over_all_that_is_redacted() -> None:
    redactor = Redactor(["first-secret", "second-secret"])
    assert redactor.text("second-secret") == "<redacted:1>"
    assert (
        redactor.message('{"a": "first-secret", "b": "second-secret"}') == '{"a": "<redacted:2>", "b": "<redacted:1>"}'
    )


MESSAGES: dict[str, tuple[list[str], str, str]] = {
    "a string": (["/p/s"], '{"p": {"s": "x", "t": "x"}}', '{"p": {"s": "<redacted:1>", "t": "x"}}'),
    "numbers": (["/a"], '{"a": [1.50, 7, 1.5, -3]}', '{"a": [1, 2, 1, 3]}'),
    "booleans and null": (["/a"], '{"a": [true, false, null]}', '{"a": [true, true, null]}'),
    "each scalar of an object": (["/a"], '{"a": {"b": {"c": "x"}}}', '{"a": {"b": {"c": "<redacted:1>"}}}'),
    "an item of an array": (["/a/1"], '{"a": ["x", "y", "z"]}', '{"a": ["x", "<redacted:1>", "z"]}'),
    "the whole message": ([""], '["x", 5]', '["<redacted:1>", 1]'),
    "an escaped pointer": (["/a~1b/~0"], '{"a/b": {"~": "x"}}', '{"a/b": {"~": "<redacted:1>"}}'),
    "a name in another spelling": (["/ab"], '{"\\u0061b": "x"}', '{"\\u0061b": "<redacted:1>"}'),
    "every one of duplicate members": (["/a"], '{"a": 1, "a": "x"}', '{"a": 1, "a": "<redacted:1>"}'),
    "white space stays": (["/a"], '{ "n" : 1,\n"a":"x" , "b": 2 }', '{ "n" : 1,\n"a":"<redacted:1>" , "b": 2 }'),
    "spelling stays": (["/a"], '{"a":1, "n":1.0e0, "u":"\\u00fc\\/"}', '{"a":1, "n":1.0e0, "u":"\\u00fc\\/"}'),
    "an infinite number stays infinite": (["/a"], '{"a": -1e999}', '{"a": -1e999}'),
    "a number that is too long stays so": (["/a"], '{"a": 7.' + "1" * 400 + "}", '{"a": 1.' + "0" * 400 + "}"),
    "a lone surrogate stays one": (["/a"], '{"a": "\\udead"}', '{"a": "<redacted:1>\\ud800"}'),
    "a pointer that leads nowhere": (["/a/b"], '{"a": "x"}', '{"a": "x"}'),
    "a secret in a name": ([], '{"hunter2-long": 1}', '{"<redacted:1>": 1}'),
    "a secret in an odd spelling": ([], '["\\u0068unter2-long!"]', '["<redacted:1>!"]'),
    "a secret within a string of JSON": ([], '["{\\"a\\": \\"hunter2-long\\"}"]', '["{\\"a\\": \\"<redacted:1>\\"}"]'),
    "a secret that is a number": ([], "[90210777, 902107771]", "[0, 902107771]"),
    "a short secret as a whole string": ([], '{"pin": "pin", "a": "pins"}', '{"pin": "<redacted:1>", "a": "pins"}'),
    "no JSON, a secret": ([], "token=hunter2-long!", "token=<redacted:1>!"),
    "no JSON, a secret over what looks like its end": ([], '"a"hunter2-long"', '"a"<redacted:1>"'),
    "no end": (["/a"], '{"a": "x", "b": ', '{"a": "<redacted:1>", "b": '),
    "no end of a string": (["/a"], '{"a": "x', '{"a": "<redacted:1>'),
    "a bare word": (["/a"], '{"a": NaN, "b": hunter2-long}', '{"a": "<redacted:1>\n", "b": "<redacted:2>\n"}'),
    "a line break in a string": (["/a"], '{"a": "x\ny"}', '{"a": "<redacted:1>\n"}'),
    "a bad escape": ([], '["hunter2-long\\x"]', '["<redacted:1>\\\\x\n"]'),
    "text after JSON": (["/a"], '{"a": "x"} and', '{"a": "<redacted:1>"} and'),
    "text before JSON": (["/a"], 'data: {"a": 7}', 'data: {"a": 1}'),
    "JSON after JSON": (["/a"], '{"a": "x"}{"a": "y"}\n1', '{"a": "<redacted:1>"}{"a": "<redacted:2>"}\n1'),
    "JSON after a piece of JSON": (["/a"], '{"b": {"c": 1 {"a": "x"}', '{"b": {"c": 1 {"a": "<redacted:1>"}'),
    "a name without quotation marks": (["/a"], '{b: 1, "a": "x"}', '{b: 1, "a": "<redacted:1>"}'),
    "a comma too many": (["/a"], '{"b": 1,, "a": "x"}', '{"b": 1,, "a": "<redacted:1>"}'),
    "words where all is hidden": ([""], 'so "be" it', '"<redacted:1>" "<redacted:2>" "<redacted:3>"'),
    "a secret after JSON": (["/a"], '{"a": "x"} hunter2-long {"b', '{"a": "<redacted:1>"} <redacted:2> {"b'),
    "too deep": (["/a"], '{"a": "x", "b": ' + DEEP + "}", '{"a": "<redacted:1>", "b": ' + DEEP + "}"),
}  # fmt: skip


@pytest.mark.parametrize(("pointers", "text", "due"), MESSAGES.values(), ids=MESSAGES)
def test_a_message_is_redacted_in_place(pointers: list[str], text: str, due: str) -> None:
    redacted = Redactor(["hunter2-long", "90210777", "pin"], [Pointer(pointer) for pointer in pointers]).message(text)
    assert redacted == due
    assert decode(redacted).faults.keys() == decode(text).faults.keys()


def test_a_secret_that_looks_like_structure_breaks_no_message() -> None:
    assert Redactor(['": 1, "']).message('{"a": 1, "b": 2}') == '{"a": 1, "b": 2}'


def test_what_was_no_json_does_not_become_json() -> None:
    text = '"a"canary, and"'
    redacted = Redactor(['"canary, and']).message(text)
    assert redacted == '}"a<redacted:1>"'
    assert decode(redacted).faults.keys() == decode(text).faults.keys() == {"not-json"}
    assert Redactor(['"canary, and']).message(redacted) == redacted


def test_a_message_of_any_depth_and_length_is_redacted_in_linear_time() -> None:
    deep = "[" * 200_000
    assert Redactor([], [Pointer("/0")]).message(deep) == deep
    flood = '{"a": "' + "eyJ" * 300_000 + '", "b": "' + "\\\\" * 300_000 + '"}'
    assert Redactor(["hunter2"], [Pointer("/c")]).message(flood) == flood


def opened(**members: Any) -> Opened:
    return Opened(at=0.0, session="ada", **members)


RECORDS: dict[str, tuple[Record, Record]] = {
    "headers by name": (
        opened(headers={"Set-Cookie": "sid=1", "X-Api-Key": "k", "Server": "hunter2-long", "A": "3"}),
        opened(headers={"Set-Cookie": "<redacted:1>", "X-Api-Key": "<redacted:2>", "Server": "<redacted:3>", "A": "3"}),
    ),
    "parts of a URI": (
        opened(uri="wss://ada:pw@host:8/ws?room=1&access_token=abc&hunter2-long#f"),
        opened(uri="wss://<redacted:1>@host:8/ws?room=1&access_token=<redacted:2>&<redacted:3>#f"),
    ),
    "what was offered and selected": (
        opened(offered=("jwt-auth", f"jwt.{JWT}"), subprotocol="hunter2-long", identity="hunter2-long"),
        opened(offered=("jwt-auth", "jwt.<redacted:2>"), subprotocol="<redacted:1>", identity="<redacted:1>"),
    ),
    "credentials of a session": (opened(credentials="sub hunter2-long"), opened(credentials="sub <redacted:1>")),
    "text": (
        Message(at=1.0, session="ada", direction="sent", text='{"secret": "x"}'),
        Message(at=1.0, session="ada", direction="sent", text='{"secret": "<redacted:1>"}'),
    ),
    "binary that holds a secret": (
        Message(at=1.0, session="ada", direction="received", binary=b"\x00hunter2-long\xff"),
        Message(at=1.0, session="ada", direction="received", binary=b"<redacted:1>"),
    ),
    "text that is no UTF-8": (
        Message(at=1.0, session="ada", direction="received", binary=b"hunter2-long\xff", opcode="text"),
        Message(at=1.0, session="ada", direction="received", binary=b"<redacted:1>\xff", opcode="text"),
    ),
    "binary that holds none": (
        Message(at=1.0, session="ada", direction="received", binary=b"\x00\xff"),
        Message(at=1.0, session="ada", direction="received", binary=b"\x00\xff"),
    ),
    "a pong": (Pong(at=1.0, session="ada"), Pong(at=1.0, session="ada")),
    "a stall": (Stall(at=1.0, session="ada", seconds=2.0), Stall(at=1.0, session="ada", seconds=2.0)),
    "a note": (
        Note(at=1.0, session="ada", code="lost", text="hunter2-long"),
        Note(at=1.0, session="ada", code="lost", text="<redacted:1>"),
    ),
    "a violation": (
        Violation(at=1.0, session="ada", code="framing", text=JWT),
        Violation(at=1.0, session="ada", code="framing", text="<redacted:1>"),
    ),
    "a step": (
        Step(at=1.0, session="ada", id="1", outcome="timeout", expected="run", text="hunter2-long"),
        Step(at=1.0, session="ada", id="1", outcome="timeout", expected="run", text="<redacted:1>"),
    ),
    "a closing": (
        Closed(at=1.0, session="ada", code=1008, reason="no hunter2-long"),
        Closed(at=1.0, session="ada", code=1008, reason="no <redacted:1>"),
    ),
    "a refusal": (
        Refused(at=1.0, session="ada", status=401, uri="ws://t@h/", body='{"e": "hunter2\\u002dlong"}'),
        Refused(at=1.0, session="ada", status=401, uri="ws://<redacted:1>@h/", body='{"e": "<redacted:2>"}'),
    ),
    "where a refusal leads to": (
        Refused(at=1.0, session="ada", status=301, headers={"Location": "wss://u:p@h/ws?token=once&a=1"}),
        Refused(at=1.0, session="ada", status=301, headers={"Location": "wss://<redacted:1>@h/ws?token=<redacted:2>&a=1"}),
    ),
    "a refusal's headers": (
        Refused(at=1.0, session="ada", status=401, headers={"Cookie": "c"}),
        Refused(at=1.0, session="ada", status=401, headers={"Cookie": "<redacted:1>"}),
    ),
    "credentials of a refusal": (
        Refused(at=1.0, session="ada", status=401, credentials="sub hunter2-long"),
        Refused(at=1.0, session="ada", status=401, credentials="sub <redacted:1>"),
    ),
    "a block": (
        Blocked(at=1.0, session="ada", phase="dns", cause="starting", uri="ws:/?key=1", text=JWT),
        Blocked(at=1.0, session="ada", phase="dns", cause="starting", uri="ws:/?key=<redacted:1>", text="<redacted:2>"),
    ),
    "credentials of what was blocked": (
        Blocked(at=1.0, session="ada", phase="dns", cause="starting", credentials="sub hunter2-long"),
        Blocked(at=1.0, session="ada", phase="dns", cause="starting", credentials="sub <redacted:1>"),
    ),
    "a cut": (
        Cut(at=1.0, session="ada", cause="deadline", awaiting="hunter2-long", text=JWT),
        Cut(at=1.0, session="ada", cause="deadline", awaiting="<redacted:1>", text="<redacted:2>"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("record", "due"), RECORDS.values(), ids=RECORDS)
def test_every_foreign_text_of_a_record_is_redacted(record: Record, due: Record) -> None:
    redacted = Redactor(["hunter2-long"], [Pointer("/secret")]).record(record)
    assert redacted == due
    assert Redactor(["hunter2-long"], [Pointer("/secret")]).record(redacted) == redacted


def test_what_is_redacted_is_named_for_the_header_of_a_capture() -> None:
    always = ("header:authorization", "header:cookie", "header:proxy-authorization", "header:set-cookie", "jwt")
    assert Redactor().names == always
    assert Redactor(["hunter2"], [Pointer("/payload/secret")]).names == (*always, "secret", "/payload/secret")


def test_the_claims_and_the_signature_of_a_jwt_are_found_by_themselves() -> None:
    _, claims, signature = JWT.split(".")
    assert Redactor([JWT]).text(f"{claims} and {signature}") == "<redacted:1> and <redacted:2>"


URIS = {
    "a password": (
        "http://ada:p%2Fw%3A1@h:1",
        "ada:p/w:1 and p/w:1 and p%2Fw%3A1",
        "<redacted:1> and <redacted:2> and <redacted:3>",
    ),
    "its Basic credentials": ("http://ada:p%2Fw%3A1@h:1", base64.b64encode(b"ada:p/w:1").decode(), "<redacted:1>"),
    "a user that is a token": ("http://user-0123@h:1", "no user-0123", "no <redacted:1>"),
    "a parameter": ("ws://h/?room=lobby-12&token=a%2Fb-345678", "a/b-345678 in lobby-12", "<redacted:1> in lobby-12"),
    "a parameter that may be any word": ("ws://h/?token=tool", "a tool", "a tool"),
    "nothing": ("ws://h/", "h", "h"),
}


@pytest.mark.parametrize(("uri", "text", "due"), URIS.values(), ids=URIS)
def test_what_a_uri_holds_is_found_wherever_it_is_told(uri: str, text: str, due: str) -> None:
    redactor = Redactor()
    redactor.learn_uri(uri)
    assert redactor.text(text) == due


def test_the_beginning_of_a_secret_is_found_where_a_reason_or_a_sentence_is_cut() -> None:
    redactor = Redactor(["hunter2-and-more"])
    assert redactor.record(closed(reason="not you: hunter2-and")) == closed(reason="not you: <redacted:1>")
    assert redactor.record(closed(reason="not you: hunter2")) == closed(reason="not you: hunter2")
    assert redactor.sentence("'(hunter2-and… (6 more)' is none") == "'(<redacted:1>… (6 more)' is none"


def closed(**members: Any) -> Closed:
    return Closed(**{"at": 1.0, "session": "s", "code": 1008, **members})
