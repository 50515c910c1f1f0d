"""Writing capture files: exclusively, at once, and with a sentence where it cannot be."""

from __future__ import annotations

import gzip
import hashlib
import json
import resource
import stat
import zlib
from pathlib import Path

import pytest

from tests.capture.records import HEADER, RECORDS
from wscheck.capture import CaptureWriter, read_capture
from wscheck.capture.jsonl import encode_header, encode_record
from wscheck.errors import CaptureError
from wscheck.record import Message, Record

LINES = [encode_record(record) + "\n" for record in RECORDS]


def write(path: Path, *, overwrite: bool = False) -> None:
    with CaptureWriter(path, HEADER, overwrite=overwrite) as writer:
        for record in RECORDS:
            writer.write(record)
        writer.finish()


def test_a_capture_is_header_records_and_end_with_the_digest_of_the_records(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl")
    first, *middle, last = (tmp_path / "a.jsonl").read_text(encoding="ascii").splitlines(keepends=True)
    assert first == encode_header(HEADER) + "\n"
    assert middle == LINES
    digest = hashlib.sha256("".join(LINES).encode()).hexdigest()
    assert last == f'{{"wscheck":"end","records":{len(RECORDS)},"sha256":"{digest}"}}\n'


def test_a_name_that_ends_in_gz_is_a_whole_gzip_file_of_the_same_lines(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl")
    write(tmp_path / "a.jsonl.gz")
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == (tmp_path / "a.jsonl").read_bytes()


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_each_record_is_on_disk_before_the_next_is_taken(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with CaptureWriter(path, HEADER) as writer:
        for count, record in enumerate(RECORDS, start=1):
            writer.write(record)
            data = path.read_bytes()
            text = zlib.decompressobj(wbits=31).decompress(data) if name.endswith(".gz") else data
            assert text.decode("ascii").splitlines(keepends=True)[1:] == LINES[:count]


def test_a_capture_is_for_its_owner_only(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl")
    assert stat.S_IMODE((tmp_path / "a.jsonl").stat().st_mode) == 0o600


def test_a_capture_that_is_not_finished_has_no_end_line(tmp_path: Path) -> None:
    with CaptureWriter(tmp_path / "a.jsonl", HEADER) as writer:
        writer.write(RECORDS[0])
    assert (tmp_path / "a.jsonl").read_text(encoding="ascii").endswith(LINES[0])


def test_nothing_is_written_to_a_finished_capture(tmp_path: Path) -> None:
    with CaptureWriter(tmp_path / "a.jsonl", HEADER) as writer:
        writer.finish()
        with pytest.raises(CaptureError, match="takes no more records"):
            writer.write(RECORDS[0])


def test_a_file_that_is_there_is_kept_unless_overwriting_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("precious")
    path.chmod(0o644)
    with pytest.raises(CaptureError, match=r"a\.jsonl is there already: .*--overwrite"):
        write(path)
    assert path.read_text() == "precious"
    write(path, overwrite=True)
    assert path.read_text().startswith('{"wscheck":"capture-1"')
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_symbolic_link_is_never_written_through(tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "target").write_text("precious")
    (tmp_path / "a.jsonl").symlink_to(tmp_path / "target")
    with pytest.raises(CaptureError):
        write(tmp_path / "a.jsonl", overwrite=overwrite)
    assert (tmp_path / "target").read_text() == "precious"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere/a.jsonl", "its folder is not there: make the folder first"),
        ("file/a.jsonl", "what stands before its name is no folder"),
        ("a" * 300, "its name is too long"),
        ("a\0b", "its name cannot be a file's"),
    ],
)
def test_a_place_that_cannot_be_written_is_named_before_anything_opens(
    tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CaptureError) as caught:
        CaptureWriter(tmp_path / name, HEADER)
    assert sentence in str(caught.value)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_device_is_never_overwritten(overwrite: bool) -> None:
    with pytest.raises(CaptureError):
        CaptureWriter("/dev/null", HEADER, overwrite=overwrite)
    assert Path("/dev/null").is_char_device()


def write_often(writer: CaptureWriter, record: Record) -> None:
    for _ in range(100):
        writer.write(record)


def test_a_disk_without_room_is_an_error_and_every_record_before_it_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    writer = CaptureWriter(path, HEADER)
    message = Message(at=1.0, session="ada", direction="received", text="0123456789")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(CaptureError, match=r"a\.jsonl cannot be written: it has reached the greatest size"):
            write_often(writer, message)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.stat().st_size == 1000
    with pytest.raises(CaptureError):
        writer.finish()
    reader = read_capture(path)
    assert len(list(reader)) == writer.records > 3
    assert reader.truncated


def test_a_number_that_is_not_finite_is_never_written(tmp_path: Path) -> None:
    with CaptureWriter(tmp_path / "a.jsonl", HEADER) as writer:
        with pytest.raises(ValueError, match="JSON compliant"):
            writer.write(Message(at=float("nan"), session="ada", direction="received", text=""))
        writer.finish()
    assert json.loads((tmp_path / "a.jsonl").read_text().splitlines()[-1])["records"] == 0
