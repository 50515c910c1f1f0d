"""A secret on standard input, which can be read only once, and may be asked for several times."""

from __future__ import annotations

from asyncio.subprocess import PIPE
from pathlib import Path

from tests.end_to_end.runs import finish, start
from tests.support.toy import serve_toy, write_toy

CANARY = "canary-0123456789"
ADA = "  ada:\n    steps: [{expect: welcome}, {send: {type: say, id: a, text: x}}, {expect: turn}]\n"


async def test_each_of_several_scenarios_gets_the_secret_on_standard_input(tmp_path: Path) -> None:
    """Also where two sections name it that stand in different folders."""
    own = ADA.replace("steps:", "auth: {scheme: token, token: {stdin: true}}\n    steps:")
    (tmp_path / "wscheck.toml").write_text('auth.in = {scheme = "token", token = {stdin = true}}\n')
    (tmp_path / "other").mkdir()
    first = write_toy(tmp_path, ADA + own.replace("ada", "bob").replace("id: a", "id: b"))
    second = write_toy(tmp_path / "other", own)
    async with serve_toy() as toy:
        command = ("run", first, second, "--auth", "in", "--url", toy.url)
        process = await start(*command, folder=tmp_path, stdin=PIPE)
        done = await finish(process, f"{CANARY}\n".encode())
    assert done.code == 0, done.said
    assert toy.headers("Authorization") == [f"Bearer {CANARY}"] * 3
    assert CANARY not in done.said
