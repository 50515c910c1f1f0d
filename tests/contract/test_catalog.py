"""Contracts by name, version, folder and file."""

from __future__ import annotations

from pathlib import Path

import pytest

from wscheck.contract.catalog import find_contract, list_contracts
from wscheck.errors import UsageError
from wscheck.shipped import schemas

CONTRACTS = [
    "chat/1.0.0/contract.yaml",
    "chat/1.2.0/contract.yaml",
    "chat/1.10.0/contract.json",
    "chat/2.0.0-rc.1/contract.yaml",
    "chat/2.0.0-rc.2/contract.yml",
    "chat/2.0.0/contract.yaml",
    "chat/3.0.0-beta.2/contract.yaml",
    "chat/3.0.0-beta.11/contract.yaml",
    "chat/3.0.0-beta/contract.yaml",
    "chat/4.0.0/README.md",
    "chat/latest/contract.yaml",
    "chat/01.0.0/contract.yaml",
    "chat-room/1.0.0+a.b/contract.yaml",
    "Loud/1.0.0/contract.yaml",
    "wscheck/contract-1.schema.json",
]

MEANT = [
    ("chat@1.0.0", "chat/1.0.0/contract.yaml"),
    ("chat@1.0", "chat/1.0.0/contract.yaml"),
    ("chat@1", "chat/1.10.0/contract.json"),
    ("chat@2", "chat/2.0.0/contract.yaml"),
    ("chat@2.0.0-rc.1", "chat/2.0.0-rc.1/contract.yaml"),
    ("chat@3", "chat/3.0.0-beta.11/contract.yaml"),
    ("chat@3.0", "chat/3.0.0-beta.11/contract.yaml"),
    ("chat", "chat/2.0.0/contract.yaml"),
    ("chat-room", "chat-room/1.0.0+a.b/contract.yaml"),
    ("chat-room@1.0.0+a.b", "chat-room/1.0.0+a.b/contract.yaml"),
]

NOTHING = [
    ("chat@5", "there is no contract, file or folder 'chat@5' (by name there is chat@1.0.0, chat@1.2.0, chat@1.10.0"),
    ("chat@1.0.1", "no contract, file or folder 'chat@1.0.1'"),
    ("chat@1.0.0-rc.1", "no contract, file or folder"),
    ("chat@0", "no contract, file or folder"),
    ("chat@latest", "no contract, file or folder"),
    ("chat@01.0.0", "no contract, file or folder"),
    ("chat@4", "no contract, file or folder"),
    ("caht@2", "did you mean 'chat@2'? (by name there is "),
    ("Chat", "did you mean 'chat'?"),
    ("", "no contract, file or folder ''"),
    ("@2", "no contract, file or folder '@2'"),
    ("..", None),
    ("../chat", None),
    ("chat@../1.0.0", None),
    ("chat/../../etc@1.0.0", None),
    ("/etc/no-such-file", None),
    ("a\0b", None),
    ("x" * 300, None),
    ("x" * 10_000, None),
    ("\ud800", None),
    ("chat\n", None),
    ("\x1b[2J", "'\\u{1b}[2J'"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in CONTRACTS:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    return tmp_path


@pytest.mark.parametrize(("name", "path"), MEANT)
def test_a_name_means_the_highest_version_that_fits(name: str, path: str, folder: Path) -> None:
    assert find_contract(name, folders=[folder]) == folder / path


@pytest.mark.parametrize(("name", "words"), NOTHING)
def test_a_name_that_means_nothing_is_told_what_there_is(name: str, words: str | None, folder: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_contract(name, folders=[folder])
    assert (words or "") in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_the_first_folder_that_has_one_wins(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    mine = tmp_path_factory.mktemp("mine")
    (mine / "chat/1.1.0").mkdir(parents=True)
    (mine / "chat/1.1.0/contract.yaml").touch()
    assert find_contract("chat", folders=[mine, folder]) == mine / "chat/1.1.0/contract.yaml"
    assert find_contract("chat@2", folders=[mine, folder]) == folder / "chat/2.0.0/contract.yaml"


def test_a_folder_is_the_contract_in_it(folder: Path) -> None:
    assert find_contract(str(folder / "chat/1.10.0")) == folder / "chat/1.10.0/contract.json"
    assert find_contract(str(folder / "chat/2.0.0-rc.2")) == folder / "chat/2.0.0-rc.2/contract.yml"


def test_a_file_is_itself(folder: Path) -> None:
    assert find_contract(str(folder / "chat/4.0.0/README.md")) == folder / "chat/4.0.0/README.md"


def test_a_folder_without_a_contract_names_its_versions(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no contract\.yaml .* it holds the versions 1\.0\.0, 1\.10\.0, 1\.2"):
        find_contract(str(folder / "chat"))
    with pytest.raises(UsageError, match=r"holds no contract\.yaml or contract\.yml or contract\.json$"):
        find_contract(str(folder / "chat/4.0.0"))


def test_a_folder_with_two_contracts_is_not_guessed_about(folder: Path) -> None:
    (folder / "chat/1.0.0/contract.json").touch()
    with pytest.raises(UsageError, match=r"more than one contract, contract\.yaml and contract\.json: name the file"):
        find_contract(str(folder / "chat/1.0.0"))


def test_contracts_are_listed_by_name_and_version(folder: Path) -> None:
    listed = [f"{name}@{version}" for name, version, path in list_contracts([folder]) if folder in path.parents]
    assert listed == [
        "chat@1.0.0",
        "chat@1.2.0",
        "chat@1.10.0",
        "chat@2.0.0-rc.1",
        "chat@2.0.0-rc.2",
        "chat@2.0.0",
        "chat@3.0.0-beta",
        "chat@3.0.0-beta.2",
        "chat@3.0.0-beta.11",
        "chat-room@1.0.0+a.b",
    ]


def test_what_wscheck_carries_is_found_without_a_folder() -> None:
    carried = schemas() / "agent-events" / "2.0.0" / "contract.yaml"
    assert find_contract("agent-events@2.0.0").samefile(carried)
    assert ("agent-events", "2.0.0") in [listed[:2] for listed in list_contracts()]
