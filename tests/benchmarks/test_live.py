"""The clients that a flood is measured with: each takes in all of it, and the one under node sees what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import node
from benchmarks.measure import BenchmarkError
from benchmarks.rows.live import Client, run_bare, run_node, run_record, run_wscheck, serve_flood
from benchmarks.stream import Made, Wanted, write_stream
from benchmarks.workshop import Sizes, Workshop

FLOOD = Wanted(events=300, sessions=1, sizes=(500, 500), asked=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("flood")
    return write_stream(FLOOD, folder / "capture.jsonl", folder / "texts")


@pytest.fixture(scope="module")
def url(made: Made) -> Iterator[str]:
    with serve_flood(made) as url:
        yield url


@pytest.mark.parametrize("client", [run_bare, run_record, run_wscheck])
def test_every_client_takes_in_the_whole_flood(client: Client, tmp_path: Path, url: str, made: Made) -> None:
    assert client(Workshop(folder=tmp_path, sizes=Sizes()), url, made).cpu > 0


def test_a_client_that_misses_a_message_is_no_measure(tmp_path: Path, url: str) -> None:
    more = Made(path=tmp_path, texts=None, records=302, events=301, broken=0, size=0)
    with pytest.raises(BenchmarkError, match="300 messages came of 301"):
        run_bare(Workshop(folder=tmp_path, sizes=Sizes()), url, more)


@pytest.mark.skipif(node.find_missing() is not None, reason="THE CLIENT UNDER NODE IS NOT TRIED: there is no node")
def test_the_script_under_node_takes_in_the_whole_flood_and_sees_that_one_was_lost(
    packages: Path, tmp_path: Path, url: str, made: Made
) -> None:
    workshop = Workshop(folder=tmp_path, sizes=Sizes(), packages=packages)
    assert run_node(workshop, url, made).cpu > 0
    assert made.texts
    texts = made.texts.read_bytes().splitlines(keepends=True)
    lost = next(place for place, text in enumerate(texts) if b"agent_thinking" in text)  # each is right in itself
    broken = replace(made, texts=tmp_path / "broken")
    (tmp_path / "broken").write_bytes(b"".join(texts[:lost] + texts[lost + 1 :]))
    with serve_flood(broken) as other, pytest.raises(BenchmarkError, match=r"\d+ events are faulty, where none is"):
        run_node(workshop, other, broken)
