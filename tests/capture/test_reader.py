"""Reading capture files: whole ones, cut ones, and files that are none."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.capture.records import ANY_RECORD, HEADER, RECORDS
from wscheck.capture import CaptureWriter, read_capture
from wscheck.capture.jsonl import encode_header, encode_record
from wscheck.errors import CaptureError
from wscheck.record import Message, Record

FIRST = encode_header(HEADER) + "\n"
NO_END = "it has no end line: writing it was broken off, and records may be lacking"

_SAME_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(path: Path, records: tuple[Record, ...] | list[Record] = RECORDS) -> bytes:
    with CaptureWriter(path, HEADER, overwrite=True) as writer:
        for record in records:
            writer.write(record)
        writer.finish()
    return path.read_bytes()


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
@given(records=st.lists(ANY_RECORD, max_size=5))
@_SAME_FOLDER
def test_writing_then_reading_gives_the_same_records(tmp_path: Path, name: str, records: list[Record]) -> None:
    write(tmp_path / name, records)
    reader = read_capture(tmp_path / name)
    assert list(reader) == records
    assert reader.header == HEADER
    assert (reader.truncated, reader.notes, reader.records) == (False, [], len(records))


def test_a_cut_at_any_byte_loses_only_the_records_after_it(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.jsonl")
    cut = tmp_path / "cut.jsonl"
    for length in range(len(whole)):
        cut.write_bytes(whole[:length])
        if length < len(FIRST) - 1:
            with pytest.raises(
                CaptureError, match=r"cut\.jsonl (is empty|is no capture|breaks off within its first line)"
            ):
                read_capture(cut)
            continue
        reader = read_capture(cut)
        # A record that lacks only its newline is whole.
        complete = whole[: length + 1].count(b"\n") - 1
        assert list(reader) == list(RECORDS[: max(complete, 0)])
        if length < len(whole) - 1:
            assert reader.truncated
            assert len(reader.notes) == 1


def test_a_compressed_capture_cut_at_any_byte_loses_only_the_records_after_it(tmp_path: Path) -> None:
    ends = []
    with CaptureWriter(tmp_path / "whole.jsonl.gz", HEADER) as writer:
        for record in RECORDS:
            ends.append((tmp_path / "whole.jsonl.gz").stat().st_size)
            writer.write(record)
        ends.append((tmp_path / "whole.jsonl.gz").stat().st_size)
        writer.finish()
    whole = (tmp_path / "whole.jsonl.gz").read_bytes()
    cut = tmp_path / "cut.jsonl.gz"
    for length in range(len(whole)):
        cut.write_bytes(whole[:length])
        try:
            reader = read_capture(cut)
        except CaptureError:
            assert length < ends[0]
            continue
        complete = max(sum(end <= length for end in ends) - 1, 0)
        assert list(reader)[:complete] == list(RECORDS[:complete])
        assert reader.truncated
        assert len(reader.notes) == 1


@pytest.mark.parametrize(
    ("rest", "records", "notes"),
    [
        ("", 0, [NO_END]),
        (encode_record(RECORDS[0]) + "\n", 1, [NO_END]),
        (encode_record(RECORDS[0]), 1, [NO_END]),
        (encode_record(RECORDS[0])[:-9], 0, ["its last line is torn after 273 bytes and was not read"]),
        ("\0" * 64, 0, ["its last line is torn after 64 bytes and was not read"]),
        (
            '{"wscheck":"end","records":1,"sha256":"' + "0" * 64 + '"}\n',
            0,
            ["its end line says 1 records, and 0 stand in it"],
        ),
        (
            '{"wscheck":"end","records":0,"sha256":"' + "0" * 64 + '"}\n\n',
            0,
            ["the sha256 of its end line does not fit its records: it was changed after it was written"],
        ),
    ],
)
def test_a_truncated_or_changed_capture_says_so(tmp_path: Path, rest: str, records: int, notes: list[str]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(FIRST + rest)
    reader = read_capture(path)
    assert len(list(reader)) == reader.records == records
    assert reader.truncated
    assert reader.notes == notes


def test_a_cut_within_a_character_is_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(FIRST.encode() + '{"at":1,"session":"é'.encode()[:-1])
    reader = read_capture(path)
    assert list(reader) == []
    assert reader.truncated


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b'{"at":1,"session":"s"', "a.jsonl:3: this line is no JSON: expecting ',' delimiter"),
        (b"\xff", "a.jsonl:3: this line is not UTF-8"),
        (b"", "a.jsonl:3: this line is no JSON"),
        (b'{"at":1,"session":"s","kind":"telegram"}', 'a.jsonl:3: the member "kind" must be one of'),
        (FIRST.strip().encode(), "a.jsonl:3: a second header stands where a record is due"),
    ],
)
def test_a_broken_line_in_the_middle_is_named_with_its_place(tmp_path: Path, line: bytes, sentence: str) -> None:
    path = tmp_path / "a.jsonl"
    record = encode_record(RECORDS[0]).encode()
    path.write_bytes(b"\n".join((FIRST.strip().encode(), record, line, record, b"")))
    with pytest.raises(CaptureError) as caught, read_capture(path) as reader:
        list(reader)
    assert sentence in str(caught.value)


def test_a_last_line_that_is_json_but_no_record_is_not_called_torn(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(FIRST + '{"at":1,"session":"s","kind":"telegram"}')
    with pytest.raises(CaptureError, match="telegram"), read_capture(path) as reader:
        list(reader)


def test_what_follows_the_end_line_is_turned_away(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(write(tmp_path / "whole.jsonl") * 2)
    what = r"a\.jsonl:21: this line stands after the end line"
    with pytest.raises(CaptureError, match=what), read_capture(path) as reader:
        list(reader)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.jsonl", b"", "a.jsonl is empty"),
        ("a.jsonl.gz", b"", "a.jsonl.gz is empty"),
        ("a.jsonl", b"\n\n", "its first line is blank"),
        (
            "a.jsonl",
            b'{"log":{"version":"1.2"}}',
            'is JSON, but no capture: its first line has no "wscheck": "capture-1"',
        ),
        ("a.jsonl", b"[]\n", "is JSON, but no capture"),
        ("a.jsonl", b"{\n", "its first line is no JSON with"),
        ("a.jsonl", b"hello\n", "its first line is no JSON with"),
        ("a.jsonl", b"{" * 200_000, "its first line is no JSON with"),
        ("a.jsonl", b"\x7fELF\0\0\1\n", "is binary"),
        ("a.jsonl", b"\x89PNG\n", "is no UTF-8 text"),
        ("a.jsonl", FIRST.encode("utf-16"), "is UTF-16 text"),
        ("a.jsonl", FIRST.encode("utf-8-sig"), "begins with a byte order mark"),
        ("a.jsonl", gzip.compress(FIRST.encode(), mtime=0), "is compressed: give it a name that ends in .gz"),
        ("a.jsonl.gz", FIRST.encode(), "is not compressed as the .gz in its name says"),
        ("a.jsonl.gz", gzip.compress(FIRST.encode(), mtime=0)[:15], "breaks off within its first line"),
        ("a.jsonl", b"wscheck: 1\nname: agent-events\n", "looks like a contract or a scenario"),
        ("a.jsonl", b'{"wscheck":"capture-1","tool', "breaks off within its first line"),
        ("a.jsonl", b'{"wscheck":"capture-2"}\n', "is of the format capture-2"),
        ("a.jsonl", b'{"wscheck":"report-1"}\n', 'says "report-1", and must say "wscheck": "capture-1"'),
        ("a.jsonl", b'{"wscheck":"capture-1","tool":7}\n', "has a header that cannot be read"),
        ("a.jsonl", encode_record(RECORDS[0]).encode() + b"\n", "has no header: its first line is a record"),
    ],
)
def test_a_file_that_is_no_capture_is_named_for_what_it_looks_like(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CaptureError) as caught:
        read_capture(path)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/dev/null", "/dev/null is a device, and a capture is a file"),
        ("/", "/ is a folder, and a capture is a file"),
        ("/nowhere/a.jsonl", "is not there"),
        ("a\0b", "its name cannot be a file's"),
        ("a\x1b[2Jb", r"a\u{1b}[2Jb is not there"),
    ],
)
def test_a_path_that_leads_to_no_file_is_named_in_one_safe_sentence(path: str, sentence: str) -> None:
    with pytest.raises(CaptureError) as caught:
        read_capture(path)
    assert sentence in str(caught.value)


def test_a_damaged_compressed_capture_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    data = bytearray(write(path))
    data[-8] ^= 0xFF
    path.write_bytes(data)
    reader = read_capture(path)
    assert list(reader) == list(RECORDS)
    assert reader.notes == ["its compressed data break off or are damaged; what stands before that was read"]
    assert reader.truncated


def test_one_giant_message_is_written_and_read(tmp_path: Path) -> None:
    giant = Message(at=1.0, session="ada", direction="received", text="x" * 64 * 1024 * 1024)
    write(tmp_path / "a.jsonl", [giant])
    reader = read_capture(tmp_path / "a.jsonl")
    assert list(reader) == [giant]
    assert not reader.truncated


def test_reading_many_records_takes_the_memory_of_one(tmp_path: Path) -> None:
    record = Message(at=1.0, session="ada", direction="received", text="x" * 10_000)
    write(tmp_path / "a.jsonl", [record] * 2000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_capture(tmp_path / "a.jsonl")) == 2000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_a_file_without_a_line_end_is_not_read_whole_to_be_turned_away(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(CaptureError, match="is binary"):
            read_capture(path)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_pipe_is_read_as_a_file_is(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.jsonl")
    os.mkfifo(tmp_path / "pipe")
    writing = Thread(target=(tmp_path / "pipe").write_bytes, args=(whole,))
    writing.start()
    assert list(read_capture(tmp_path / "pipe")) == list(RECORDS)
    writing.join()


def test_an_iteration_that_is_left_early_closes_the_file(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl")
    with read_capture(tmp_path / "a.jsonl") as reader:
        assert next(iter(reader)) == RECORDS[0]
    with pytest.raises(ValueError, match="closed"):
        list(reader)


def test_a_capture_of_another_writer_may_hold_any_utf8(tmp_path: Path) -> None:
    text = FIRST + '{"at":1,"session":"s","kind":"message","direction":"received","text":"grüße 🎈"}\n'
    (tmp_path / "a.jsonl").write_bytes(text.encode())
    (record,) = read_capture(tmp_path / "a.jsonl")
    assert isinstance(record, Message)
    assert record.text == "grüße 🎈"
