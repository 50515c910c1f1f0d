"""Which configuration is found, and what it settles: the environment, the profile, each session's credential."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenarios import HEAD, load
from wscheck.config import Config, choose_environment, choose_profile, find_config, settle_auth
from wscheck.errors import ConfigError, ScenarioError, UsageError
from wscheck.scenario import prepare

TEXT = """\
[env.staging]
url = "wss://staging/"
auth = "bob"
[env.local]
[auth.ada]
scheme = "jwt"
key = { env = "K" }
claims = { sub = "ada-0001" }
[auth.bob]
scheme = "token"
token = { env = "T" }
[profile.release]
seed = 7
"""
SESSIONS = """\
sessions:
  named: {auth: ada, identity: x, steps: [{send: "${session.identity}"}]}
  own: {auth: {scheme: token, token: {env: OWN}}}
  open: {}
  bare: {auth: null}
  probe: {probe: {expect: refused}}
  tried: {auth: ada, probe: {expect: refused}}
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "wscheck.toml").write_text(TEXT, encoding="utf-8")
    return find_config(tmp_path)


def used(folder: Path, config: Config, *, target: str | None = None, name: str | None = None) -> list[str | None]:
    scenario = load(folder, HEAD + SESSIONS)
    environment = choose_environment(config, scenario, target)
    settled = settle_auth(scenario, config, environment=environment, name=name)
    return [None if session.auth is None else session.auth.name for session in settled.sessions]


def test_each_session_shows_the_credential_that_is_nearest_to_it(tmp_path: Path, config: Config) -> None:
    assert used(tmp_path, config) == ["ada", "", None, None, None, "ada"]
    assert used(tmp_path, config, target="local") == ["ada", "", None, None, None, "ada"]
    assert used(tmp_path, config, target="staging") == ["ada", "", "bob", None, None, "ada"]
    assert used(tmp_path, config, target="staging", name="ada") == ["ada", "", "ada", None, None, "ada"]


def test_an_identity_comes_from_the_claims_of_the_configuration(tmp_path: Path, config: Config) -> None:
    text = HEAD + 'sessions:\n  a: {auth: ada, steps: [{send: "${session.identity}"}]}\n  b: {}\n'
    settled = settle_auth(load(tmp_path, text), config, name="ada")
    first, second = prepare(settled, seed=1, env={}).sessions
    assert (first.identity, second.identity) == ("ada-0001", "ada-0001")
    assert first.auth == config.auth["ada"]


def test_the_target_is_the_scenario_s_unless_another_is_named(tmp_path: Path, config: Config) -> None:
    scenario = load(tmp_path, HEAD + "target: staging\nsessions: {ada: {}}\n")
    for name, due in ((None, "staging"), ("local", "local")):
        environment = choose_environment(config, scenario, name)
        assert environment is not None
        assert environment.name == due
    assert choose_environment(config, load(tmp_path, HEAD + "sessions: {ada: {}}\n")) is None
    assert choose_profile(config, "release").seed == 7


def test_names_that_there_are_not_are_errors_that_say_where(tmp_path: Path, config: Config) -> None:
    targets = load(tmp_path, HEAD + "target: stagin\nsessions: {ada: {auth: eve}}\n")
    file = tmp_path / "wscheck.toml"
    with pytest.raises(
        ScenarioError, match=f"4:1: at /target: there is no environment 'stagin' in {file}; did you mean"
    ):
        choose_environment(config, targets)
    with pytest.raises(ScenarioError, match=r"at /sessions/ada/auth: there is no auth section 'eve'.*are ada and bob"):
        settle_auth(targets, config)
    with pytest.raises(UsageError, match=r"there is no environment 'prod'.*there are staging and local"):
        choose_environment(config, targets, "prod")
    with pytest.raises(UsageError, match=r"there is no auth section 'adda'.*did you mean 'ada'"):
        settle_auth(targets, config, name="adda")
    with pytest.raises(UsageError, match=r"there is no profile 'x'.*there is release"):
        choose_profile(config, "x")
    with pytest.raises(
        UsageError, match=r"there is no profile 'x': no wscheck\.toml and no \[tool\.wscheck\] was found"
    ):
        choose_profile(Config(), "x")


def test_the_nearest_configuration_upwards_holds(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "wscheck.toml").write_text("[env.outer]\n", encoding="utf-8")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\nday = 2026-01-01\n", encoding="utf-8")
    assert [*find_config(inner).environments] == ["outer"]
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.wscheck.env.middle]\n", encoding="utf-8")
    assert [*find_config(inner).environments] == ["middle"]
    (tmp_path / "a" / "wscheck.toml").write_text("[env.first]\n", encoding="utf-8")
    assert [*find_config(inner).environments] == ["first"]
    assert [*find_config(inner, tmp_path).environments] == ["first"]


def test_the_second_folder_counts_where_the_first_has_none(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    (there / "wscheck.toml").write_text("[env.a]\n", encoding="utf-8")
    assert find_config(here) == Config()
    assert [*find_config(here, there).environments] == ["a"]


def test_a_nearest_configuration_that_cannot_be_used_is_never_passed_over(tmp_path: Path) -> None:
    inner = tmp_path / "a"
    inner.mkdir()
    (tmp_path / "wscheck.toml").write_text("", encoding="utf-8")
    (inner / "wscheck.toml").write_text("[env", encoding="utf-8")
    with pytest.raises(ConfigError, match="this is no TOML"):
        find_config(inner)


def test_a_pyproject_of_others_that_is_no_toml_is_passed_over(tmp_path: Path) -> None:
    inner = tmp_path / "a"
    inner.mkdir()
    (tmp_path / "wscheck.toml").write_text("[env.a]\n", encoding="utf-8")
    (inner / "pyproject.toml").write_text("[project\n", encoding="utf-8")
    assert [*find_config(inner).environments] == ["a"]
    (inner / "pyproject.toml").write_text("[project\n[tool.wscheck]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="this is no TOML"):
        find_config(inner)
