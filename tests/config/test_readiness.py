"""Readiness checks of a configuration: a revision that is given, one that a variable holds, and what is neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from wscheck.config import load_config
from wscheck.errors import ConfigError
from wscheck.pointer import Pointer
from wscheck.scenario import ReadyCheck, Revision

URL = "https://staging.example.com/version"


def load(folder: Path, check: str) -> tuple[ReadyCheck, ...]:
    path = folder / "wscheck.toml"
    path.write_text(f'[env.staging]\nready = [{{ url = "{URL}", {check} }}]\n')
    config = load_config(path)
    assert config is not None
    return config.environments["staging"].ready


def test_a_revision_is_given_or_held_by_a_variable(tmp_path: Path) -> None:
    given = load(tmp_path, 'revision = { "/commit" = "2.3.1" }')
    assert given == (ReadyCheck(url=URL, revision=Revision(at=Pointer("/commit"), due="2.3.1")),)
    held = load(tmp_path, 'revision = { "/a~1b" = { env = "GIT_COMMIT" } }, within = 5')
    assert held == (ReadyCheck(url=URL, revision=Revision(at=Pointer("/a~1b"), env="GIT_COMMIT"), within=5.0),)


WRONG = {
    "a text": 'revision = "2.3.1"',
    "nothing": "revision = {}",
    "two": 'revision = { "/commit" = "a", "/build" = "b" }',
    "no pointer": 'revision = { commit = "a" }',
    "a number": 'revision = { "/build" = 71 }',
    "no text in it": 'revision = { "/build" = "" }',
    "a file": 'revision = { "/commit" = { file = "x" } }',
    "a variable and more": 'revision = { "/commit" = { env = "A", file = "x" } }',
    "a variable of a scenario": 'revision = { "/commit" = "${env.GIT_COMMIT}" }',
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_no_revision_is_refused_with_its_place(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, wrong)
    assert refused.value.position is not None
    assert refused.value.position.line == 2
