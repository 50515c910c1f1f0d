"""strawberry on uvicorn: good sessions pass, each close code comes as it must, what is broken in one place fails."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.live import graphql
from tests.live.graphql import BLIND, BROKEN, ENDINGS, FOLDER, OPERATORS, SHARED, Run

MISSING = [name for name in ("strawberry", "starlette", "uvicorn") if find_spec(name) is None]
pytestmark = [
    pytest.mark.xdist_group("test_graphql"),  # one server for all
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"NOTHING LIVE IS CHECKED AGAINST STRAWBERRY: no {', '.join(MISSING)} here; pip install -e '.[servers]'",
    ),
]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Run]]:
    """Every scenario, run against one server."""
    folder = tmp_path_factory.mktemp("graphql")
    with graphql.served("examples.graphql") as url:
        yield {path.stem: graphql.run(path, url, folder) for path in sorted(SHARED.glob("*.yaml"))}


def test_every_scenario_has_an_ending_that_is_due(ran: dict[str, Run]) -> None:
    assert set(ran) == set(ENDINGS)


@pytest.mark.parametrize("name", ENDINGS)
def test_a_scenario_passes_and_ends_as_it_must(name: str, ran: dict[str, Run]) -> None:
    session, code, initiator = ENDINGS[name]
    assert (ran[name].code, ran[name].report["verdict"]) == (0, "pass")
    assert graphql.missing_events(ran[name]) == {}
    assert ran[name].endings[session] == (code, initiator)


def test_no_capture_holds_a_token(ran: dict[str, Run]) -> None:
    texts = [made.capture.read_text(encoding="utf-8") for made in ran.values()]
    assert any("<redacted:" in text for text in texts)
    assert not any("eyJ" in text for text in texts)  # what every JWT begins with


def test_what_the_contract_cannot_see_is_what_it_says(ran: dict[str, Run]) -> None:
    assert graphql.find_blind_spots(ran[name] for name in BROKEN) == dict.fromkeys(BROKEN, BLIND)
    assert "A lost or repeated `next` of a subscription." in (FOLDER / "CHANGES.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_capture_broken_in_one_place_fails_and_its_first_sentence_names_the_event(
    operator: str, ran: dict[str, Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mutant = graphql.find_seen(ran["completes"].records, operator)
    code, sentence = graphql.check_mutant(mutant, tmp_path, capsys)
    assert code == 1
    assert any(event in sentence for event in mutant.events), sentence


def test_the_example_runs_in_one_line_with_a_key_of_its_own(tmp_path: Path) -> None:
    ran = graphql.run_example("examples.graphql", folder=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "PASS  graphql-transport-ws@6.0.0" in ran.stdout
