"""Two GraphQL servers, one contract: good sessions pass, each close code comes as it must, one fault fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from examples.graphql_ws_node.node import HERE, find_missing, install
from tests.live import graphql
from tests.live.graphql import BLIND, BROKEN, ENDINGS, FOLDER, OPERATORS, SHARED, Run

LACKING = [name for name in ("strawberry", "starlette", "uvicorn") if find_spec(name) is None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that others wrote; ``own`` are the endings of scenarios that are for it alone.

    ``missing`` says what of it is not here. ``cached``: its packages are kept apart.
    """

    module: str
    scenarios: Sequence[Path]
    own: Mapping[str, tuple[str, int, str]]
    missing: str | None
    cached: bool = False


SERVERS = {
    "strawberry": Server(
        module="examples.graphql",
        scenarios=sorted(SHARED.glob("*.yaml")),
        own={},
        missing=f"no {', '.join(LACKING)} here; pip install -e '.[servers]'" if LACKING else None,
    ),
    "graphql-ws": Server(
        module="examples.graphql_ws_node",
        scenarios=[*SHARED.glob("*.yaml"), *HERE.glob("scenarios/*.yaml")],
        own={"syntax-error": ("ada", 4500, "peer")},
        missing=find_missing(),
        cached=True,
    ),
}


def marks(name: str) -> list[pytest.MarkDecorator]:
    """Return what keeps a server with one worker, and says loudly where it is left out."""
    missing = SERVERS[name].missing
    reason = f"NOTHING LIVE IS CHECKED AGAINST {name.upper()}: {missing}"
    return [pytest.mark.skipif(missing is not None, reason=reason)]


@pytest.fixture(scope="module", params=[pytest.param(name, marks=marks(name)) for name in SERVERS])
def server(request: pytest.FixtureRequest) -> Server:
    """Each server."""
    return SERVERS[request.param]


@pytest.fixture(scope="module")
def command(server: Server, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The example's module and its arguments. What npm has to install is kept in pytest's cache where there is one."""
    if not server.cached:
        return [server.module]
    if request.config.pluginmanager.hasplugin("cacheprovider"):
        folder = request.config.cache.mkdir("graphql_ws_node")
    else:
        folder = tmp_path_factory.mktemp("graphql_ws_node")
    install(folder)
    return [server.module, "--cache", str(folder)]


@pytest.fixture(scope="module")
def ran(server: Server, command: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Run]]:
    """Every scenario, run against one server."""
    folder = tmp_path_factory.mktemp("graphql")
    with graphql.served(*command) as url:
        yield {path.stem: graphql.run(path, url, folder) for path in server.scenarios}


def test_every_scenario_has_an_ending_that_is_due(server: Server, ran: dict[str, Run]) -> None:
    assert set(ran) == {*ENDINGS, *server.own}


@pytest.mark.parametrize("scenario", ENDINGS)
def test_a_scenario_passes_and_ends_as_it_must(scenario: str, ran: dict[str, Run]) -> None:
    assert_ending(ran[scenario], *ENDINGS[scenario])


def test_a_scenario_of_one_server_passes_and_ends_as_it_must(server: Server, ran: dict[str, Run]) -> None:
    for scenario, due in server.own.items():
        assert_ending(ran[scenario], *due)


def assert_ending(made: Run, session: str, code: int, initiator: str) -> None:
    assert (made.code, made.report["verdict"]) == (0, "pass")
    assert graphql.missing_events(made) == {}
    assert made.endings[session] == (code, initiator)


def test_no_capture_holds_a_token(ran: dict[str, Run]) -> None:
    texts = [made.capture.read_text(encoding="utf-8") for made in ran.values()]
    assert any("<redacted:" in text for text in texts)
    assert not any("eyJ" in text for text in texts)  # what every JWT begins with


def test_what_the_contract_cannot_see_is_what_it_says(ran: dict[str, Run]) -> None:
    assert graphql.find_blind_spots(ran[scenario] for scenario in BROKEN) == dict.fromkeys(BROKEN, BLIND)
    assert "A lost or repeated `next` of a subscription." in (FOLDER / "CHANGES.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_capture_broken_in_one_place_fails_and_its_first_sentence_names_the_event(
    operator: str, ran: dict[str, Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mutant = graphql.find_seen(ran["completes"].records, operator)
    code, sentence = graphql.check_mutant(mutant, tmp_path, capsys)
    assert code == 1
    assert any(event in sentence for event in mutant.events), sentence


def test_the_example_runs_in_one_line_with_a_key_of_its_own(command: list[str], tmp_path: Path) -> None:
    ran = graphql.run_example(*command, folder=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "PASS  graphql-transport-ws@6.0.0" in ran.stdout
