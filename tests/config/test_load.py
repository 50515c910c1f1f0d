"""A configuration read: what it comes to, and each way to get it wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wscheck.config import Config, Environment, Profile, load_config
from wscheck.errors import ConfigError
from wscheck.finding import Severity
from wscheck.pointer import Pointer
from wscheck.scenario import AuthPlan, HttpRequest, ReadyCheck, SubprotocolPlan, Wanted
from wscheck.shipped import schemas

WHOLE = """\
contracts = "schemas"

[env.staging]
url = "wss://staging.example.com/ws"
ready = [
  { url = "https://staging.example.com/health", where = { "/status" = "healthy" }, within = 30 },
  { url = "https://staging.example.com/services", status = [200, 204] },
]
deadline = { welcome = 15 }
headers = { Origin = "https://staging.example.com", X-Api-Key = { file = "key.txt" } }
auth = "ada"
proxy = "env"
ca_cert = "ca.pem"

[env.local]

[auth.ada]
scheme = "jwt"
key = { env = "E2E_JWT_KEY" }
claims = { sub = "ada-0001" }
via = "subprotocol"
subprotocol = { prefix = "jwt.", offer = ["jwt-auth"] }

[auth.bob]
scheme = "login"
request = { url = "https://auth.example.com/login", headers = { X-Bypass-Key = { env = "KEY" } } }
token = "/access_token"

[auth.eve]
scheme = "token"
token = { command = ["pass", "show", "eve"] }
via = "message"
message = { type = "connection_init", payload = { Authorization = "Bearer ${token}", plain = "$${x}" } }

[profile.release]
fail_on = "warning"
seed = 7
repeat = 1
"""


def load(folder: Path, text: str, name: str = "wscheck.toml") -> Config | None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def test_a_configuration_is_read_whole(tmp_path: Path) -> None:
    config = load(tmp_path, WHOLE)
    assert config is not None
    health = Wanted(pointer=Pointer("/status"), wanted="healthy", path="/env/staging/ready/0/where/~1status")
    assert config.contracts == (tmp_path / "schemas",)
    assert config.file == str(tmp_path / "wscheck.toml")
    assert config.environments == {
        "staging": Environment(
            name="staging",
            url="wss://staging.example.com/ws",
            ready=(
                ReadyCheck(url="https://staging.example.com/health", where=(health,), within=30.0),
                ReadyCheck(url="https://staging.example.com/services", status=(200, 204)),
            ),
            deadlines={"welcome": 15.0},
            headers={"Origin": "https://staging.example.com", "X-Api-Key": {"file": "key.txt"}},
            auth="ada",
            proxy="env",
            ca_cert=tmp_path / "ca.pem",
            folder=tmp_path,
        ),
        "local": Environment(name="local", folder=tmp_path),
    }
    assert config.auth["ada"] == AuthPlan(
        name="ada",
        scheme="jwt",
        secret={"env": "E2E_JWT_KEY"},
        claims={"sub": "ada-0001"},
        via="subprotocol",
        subprotocol=SubprotocolPlan(),
        folder=tmp_path,
    )
    login = HttpRequest(method="POST", url="https://auth.example.com/login", headers={"X-Bypass-Key": {"env": "KEY"}})
    assert (config.auth["bob"].request, config.auth["bob"].token) == (login, Pointer("/access_token"))
    assert config.auth["eve"].message["payload"]["plain"] == "$${x}"  # type: ignore[index]
    assert config.profiles == {"release": Profile(name="release", fail_on=Severity.WARNING, seed=7)}


def test_contracts_may_be_several_folders(tmp_path: Path) -> None:
    config = load(tmp_path, 'contracts = ["a", "/b"]')
    assert config is not None
    assert config.contracts == (tmp_path / "a", Path("/b"))


def test_a_pyproject_has_it_in_a_table_of_its_own(tmp_path: Path) -> None:
    config = load(tmp_path, '[project]\nname = "x"\n[tool.wscheck.env.a]\nurl = "ws://a/"\n', "pyproject.toml")
    assert config is not None
    assert config.environments["a"].url == "ws://a/"
    assert load(tmp_path, "[tool.other]\n", "pyproject.toml") is None
    with pytest.raises(ConfigError, match=r"toml:3:1: at /prfile: unknown member 'prfile'; did you mean 'profile'\?"):
        load(tmp_path, "[tool.other]\n\n[tool.wscheck.prfile]\n", "pyproject.toml")


WRONG = {
    "a key nobody knows": (
        "[env.a]\nraedy = []\n",
        "wscheck.toml:2:1: at /env/a/raedy: unknown member 'raedy'; did you mean 'ready'?",
    ),
    "a table nobody knows": ("[envs.a]\n", "wscheck.toml:1:1: at /envs: unknown member 'envs'; did you mean 'env'?"),
    "a key in an inline table": (
        '[env.a]\nready = [\n  { url = "http://a/", stauts = 200 },\n]\n',
        "wscheck.toml:3:24: at /env/a/ready/0/stauts: unknown member 'stauts'; did you mean 'status'?",
    ),
    "another type": ("[env.a]\nurl = 5\n", "wscheck.toml:2:1: at /env/a/url: must be a string, but is 5"),
    "no name": ('[env."a b"]\n', "at /env/a b: the name 'a b' must be a name of letters"),
    "no http": ('[env.a]\nready = [{url = "ws://a/"}]\n', "must be an address that begins with http:// or https://"),
    "a default that is not there": (
        '[env.a]\nauth = "adda"\n[auth.ada]\nscheme = "token"\ntoken = {env = "T"}\n',
        "wscheck.toml:2:1: at /env/a/auth: there is no auth section 'adda'; did you mean 'ada'?",
    ),
    "a default without any": ('[env.a]\nauth = "x"\n', "there is no auth section 'x'; add [auth.x] to this file"),
    "an auth that is not sound": (
        '[auth.a]\nscheme = "basic"\npassword = {env = "P"}\n',
        "wscheck.toml:1:1: at /auth/a: the scheme basic needs `user`",
    ),
    "a where that cannot be used": (
        '[env.a]\nready = [{url = "http://a/", where = {"/s" = {type = "strng"}}}]\n',
        "at /env/a/ready/0/where/~1s/type: ",
    ),
    "a variable": ('[env.a]\nurl = "ws://${env.HOST}/"\n', "wscheck.toml:2:1: at /env/a/url: variables stand in scen"),
    "a variable in a message": (
        '[auth.a]\nscheme = "token"\ntoken = {env = "T"}\nvia = "message"\nmessage = ["${token}", "${nonce}"]\n',
        "wscheck.toml:5:24: at /auth/a/message/1: variables stand in scenarios only; here only `message` knows one",
    ),
    "repeat": (
        "[profile.a]\nrepeat = 10\n",
        "wscheck.toml:2:1: at /profile/a/repeat: `repeat` is specified but not built",
    ),
    "no fail_on": ('[profile.a]\nfail_on = "info"\n', "at /profile/a/fail_on: must be one of"),
}


@pytest.mark.parametrize(("text", "due"), WRONG.values(), ids=WRONG)
def test_an_error_in_it_says_where_and_how_to_mend(tmp_path: Path, text: str, due: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, text)
    assert due in str(raised.value)


LITERAL = {
    "a key": '[auth.a]\nscheme = "jwt"\nkey = "S3CRET"\n',
    "a token": '[auth.a]\nscheme = "token"\ntoken = "S3CRET"\n',
    "a password": '[auth.a]\nscheme = "basic"\nuser = "a"\npassword = "S3CRET"\n',
    "a login's header": '[auth.a]\nscheme = "login"\nrequest = {url = "http://h/", headers = {X-Key = "S3CRET"}}\n',
    "a login's body": '[auth.a]\nscheme = "login"\nrequest = {url = "http://h/", json = {password = "S3CRET"}}\n',
    "a header": '[env.a]\nheaders = {Authorization = "S3CRET"}\n',
    "a header with a variable": '[env.a]\nheaders = {Authorization = "S3CRET ${env.T}"}\n',
    "a proxy's password": '[env.a]\nproxy = "http://ada:S3CRET@h:1"\n',
    "beside another mistake": '[env.a]\nulr = 1\nheaders = {X-Token = ["S3CRET"]}\n',
}


@pytest.mark.parametrize("text", LITERAL.values(), ids=LITERAL)
def test_a_secret_in_it_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="secrets never stand in the file") as raised:
        load(tmp_path, text)
    assert "S3CRET" not in str(raised.value)


def test_the_schemas_of_configuration_and_scenario_say_the_same_of_what_they_share() -> None:
    config, scenario = (
        json.loads((schemas() / "wscheck" / f"{name}-1.schema.json").read_text(encoding="utf-8"))["$defs"]
        for name in ("config", "scenario")
    )
    shared = config.keys() & scenario.keys()
    assert {"auth", "secret", "headers", "where", "deadline", "login"} <= shared
    assert {name: config[name] for name in shared} == {name: scenario[name] for name in shared}
